"""Small sound transactions of every set, made from records; tests bend them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from schemas.x12 import (
    Adjustment,
    Amount,
    BillingProvider,
    Claim837P,
    ClaimPayment835,
    Claims837P,
    Contact,
    Dated,
    Delimiters,
    Diagnosis,
    Group,
    Interchange,
    Party,
    Procedure,
    ProviderAdjustment,
    ProviderSummary,
    Reading,
    Reference,
    Remittance835,
    ServiceLine,
    ServicePayment,
    Subscriber,
    TransactionSet,
    read,
    write,
)

DAY = dt.date(2026, 1, 5)
LINES = Delimiters(line_end="\n")


def envelope(*transactions: TransactionSet) -> Interchange:
    """One interchange with one group."""
    return Interchange("SENDER", "RECEIVER", "000000101", DAY, "1200", groups=[Group("101", list(transactions))])


def wire(*transactions: TransactionSet, delimiters: Delimiters = LINES, unchecked: bool = False) -> str:
    """The transactions as text."""
    return write(envelope(*transactions), delimiters, unchecked=unchecked).decode()


def reread(text: str | bytes) -> Reading:
    """Reads text."""
    return read(text.encode() if isinstance(text, str) else text)


def service(charge: int, *adjustments: Adjustment, control: str = "L1") -> ServicePayment:
    """A line that is paid what the adjustments leave."""
    return ServicePayment(
        Procedure("HC", "99213", ("25",)),
        charge,
        charge - sum(item.cents for item in adjustments),
        units=Decimal(1),
        dates=[Dated("472", DAY)],
        adjustments=list(adjustments),
        references=[Reference("6R", control)],
        amounts=[Amount("B6", charge)],
    )


def answer(claim_id: str, *lines: ServicePayment, status: str = "1") -> ClaimPayment835:
    """A claim that adds up to its lines."""
    share = sum(item.cents for line in lines for item in line.adjustments if item.group == "PR")
    return ClaimPayment835(
        claim_id,
        status,
        sum(line.charge for line in lines),
        sum(line.paid for line in lines),
        share,
        "12",
        f"P{claim_id}",
        "11",
        "1",
        patient=Party("QC", "1", "DOE", "JANE", id_qualifier="MI", id="M1"),
        lines=list(lines),
        summary=ProviderSummary("1"),
    )


def payment(*claims: ClaimPayment835, levelled: int = 0) -> Remittance835:
    """A payment of these claims, less one provider adjustment where `levelled` is not 0."""
    adjustments = [ProviderAdjustment("1234567893", dt.date(2026, 12, 31), "WO", "X1", levelled)] if levelled else []
    return Remittance835(
        "I",
        sum(claim.paid for claim in claims) - levelled,
        "C",
        "CHK",
        date=DAY,
        trace="CHECK1",
        trace_payer_id="1512345678",
        dates=[Dated("405", DAY)],
        payer=Party(
            "PR",
            "",
            "ACME",
            id_qualifier="XV",
            id="60054",
            street="1 WAY",
            city="TROY",
            state="NY",
            zip="12180",
            contacts=[Contact("BL", "HELP", (("TE", "8005551212"),))],
        ),
        payee=Party("PE", "", "CLINIC", id_qualifier="XX", id="1234567893"),
        claims=list(claims),
        provider_adjustments=adjustments,
    )


def sound_payment() -> Remittance835:
    """Two claims: one paid in part, one denied."""
    paid = answer("A1", service(10000, Adjustment("CO", "45", 2500), Adjustment("PR", "2", 1500)))
    denied = answer("A2", service(5000, Adjustment("CO", "197", 5000)), status="4")
    return payment(paid, denied)


def billing() -> BillingProvider:
    """A clinic."""
    return BillingProvider(
        taxonomy="207Q00000X",
        provider=Party(
            "85",
            "2",
            "CLINIC",
            id_qualifier="XX",
            id="1234567893",
            street="1 MAIN ST",
            city="ALBANY",
            state="NY",
            zip="122010001",
            references=[Reference("EI", "123456789")],
        ),
    )


def subscriber(sequence: str = "P") -> Subscriber:
    """Somebody insured who is the patient."""
    return Subscriber(
        sequence,
        "18",
        filing_indicator="CI",
        person=Party(
            "IL",
            "1",
            "DOE",
            "JANE",
            id_qualifier="MI",
            id="M1",
            street="2 ELM",
            city="TROY",
            state="NY",
            zip="12180",
            birth_date=dt.date(1980, 1, 2),
            sex="F",
        ),
        payer=Party("PR", "2", "ACME", id_qualifier="PI", id="60054"),
    )


def billed(number: int, charge: int) -> ServiceLine:
    """One professional line."""
    return ServiceLine(
        Procedure("HC", "99213"),
        charge,
        "UN",
        Decimal(1),
        pointers=(1,),
        number=number,
        dates=[Dated("472", DAY)],
        references=[Reference("6R", f"L{number}")],
    )


def claim(claim_id: str = "A1", *charges: int) -> Claim837P:
    """A professional claim with one line a charge (100.00 and 50.00 unless told)."""
    lines = [billed(number, charge) for number, charge in enumerate(charges or (10000, 5000), 1)]
    return Claim837P(
        claim_id,
        sum(line.charge for line in lines),
        "11",
        billing=billing(),
        subscriber=subscriber(),
        diagnoses=[Diagnosis("ABK", "J020")],
        lines=lines,
    )


def batch(*claims: Claim837P) -> Claims837P:
    """An 837P of these claims."""
    return Claims837P(
        reference_id="B1",
        date=DAY,
        time="1200",
        submitter=Party(
            "41", "2", "BILLCO", id_qualifier="46", id="S1", contacts=[Contact("IC", "HELP", (("TE", "8005551212"),))]
        ),
        receiver=Party("40", "2", "HOUSE", id_qualifier="46", id="R1"),
        claims=list(claims),
    )
