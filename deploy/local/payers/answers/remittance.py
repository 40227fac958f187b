"""835: one ST, one check, a payee and day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from deploy.local.payers.deciding.claim import ClaimFacts
from deploy.local.payers.deciding.decision import Cas, Decision, LineDecision
from deploy.local.payers.model.payer import PayerModel
from schemas.x12 import (
    Adjustment,
    Amount,
    ClaimPayment835,
    Contact,
    Dated,
    Party,
    Procedure,
    ProviderAdjustment,
    Reference,
    Remittance835,
    ServicePayment,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """One CLP: a decision, or the taking back of one (CLP02 22). `interest` in cents."""

    facts: ClaimFacts
    decision: Decision
    control: str
    reversal: bool = False
    interest: int = 0


@dataclass(slots=True)
class Check:
    """What one payee gets on a day."""

    npi: str
    name: str
    tax_id: str
    claims: list[Answered] = field(default_factory=list)
    levels: list[tuple[str, str, int]] = field(default_factory=list)
    """PLB: reason, reference, cents; positive lowers the payment."""

    def total(self) -> int:
        """What the claims and the PLB come to, cents; may be negative."""
        paid = sum(-one.decision.paid if one.reversal else one.decision.paid for one in self.claims)
        return paid - sum(cents for _, _, cents in self.levels)


def payment(payer: PayerModel, check: Check, day: date, trace: str) -> Remittance835:
    """The ST of one check; its total must not be negative."""
    amount = check.total()
    money = amount > 0
    found = Remittance835(
        handling="I" if money else "H",
        amount=amount,
        method=payer.payments.method if money else "NON",
        date=day,
        trace=trace,
        trace_payer_id=payer.payments.originator,
        dates=[Dated("405", day)],
        payer=_payer(payer),
        payee=_payee(check),
        claims=[clp(payer, one) for one in check.claims],
        provider_adjustments=_levels(check, day),
    )
    if found.method == "ACH":
        found.payment_format, found.originator_id = "CCP", payer.payments.originator
        found.sender_dfi_qualifier, found.sender_dfi = "01", "990000000"
        found.sender_account_qualifier, found.sender_account = "DA", "1000001"
        found.receiver_dfi_qualifier, found.receiver_dfi = "01", "990000001"
        found.receiver_account_qualifier, found.receiver_account = "DA", check.npi
    return found


def _payer(payer: PayerModel) -> Party:
    contact = Contact("BL", "PROVIDER SERVICES", (("TE", "8005550100"),))
    return Party(
        "PR", "", last=payer.published.name, street="1 PAYER PLAZA", city="STONEBURY", state="OH", zip="442000001",
        references=[Reference("2U", payer.payer_id)], contacts=[contact],
    )  # fmt: skip


def _payee(check: Check) -> Party:
    references = [Reference("TJ", check.tax_id)] if check.tax_id else []
    return Party("PE", "", last=check.name, id_qualifier="XX", id=check.npi, references=references)


def _levels(check: Check, day: date) -> list[ProviderAdjustment]:
    end = date(day.year, 12, 31)
    return [ProviderAdjustment(check.npi, end, reason, ref, cents) for reason, ref, cents in check.levels]


def clp(payer: PayerModel, one: Answered) -> ClaimPayment835:
    """Loop 2100 of one answer; a reversal mirrors every amount of the answer that it takes back."""
    facts, decision, sign = one.facts, one.decision, -1 if one.reversal else 1
    patient = facts.patient
    remarks = decision.claim_remarks
    return ClaimPayment835(
        claim_id=decision.said_claim_id or facts.claim_id,
        status="22" if one.reversal else decision.status,
        charge=sign * decision.charge,
        paid=sign * decision.paid,
        patient_responsibility=0 if one.reversal else decision.patient,
        filing_indicator=payer.published.filing_indicator,
        payer_control_number=one.control,
        facility_code=facts.place,
        frequency=facts.frequency,
        patient=Party("QC", "1", last=patient.last, first=patient.first, id_qualifier="MI", id=facts.member_id),
        outpatient=("", "", *remarks[:5]) if remarks else (),
        dates=[Dated("050", facts.received_on)],
        amounts=[Amount("I", one.interest)] if one.interest else [],
        lines=[_svc(line, sign) for line in decision.lines],
    )


def _svc(line: LineDecision, sign: int) -> ServicePayment:
    return ServicePayment(
        procedure=Procedure("HC", line.procedure, line.modifiers),
        charge=sign * line.charge,
        paid=sign * line.paid,
        units=Decimal(line.units),
        dates=[Dated("472", line.service_date)],
        adjustments=[_cas(cas, sign) for cas in line.adjustments],
        references=[Reference("6R", line.control)] if line.control else [],
        amounts=[Amount("B6", sign * line.allowed)] if line.allowed else [],
        remarks=list(line.remarks),
    )


def _cas(cas: Cas, sign: int) -> Adjustment:
    return Adjustment(cas.group, cas.carc, sign * cas.cents)


def checks_in_order(checks: Sequence[Check]) -> list[Check]:
    """Checks by payee; those without claims or PLB fall away."""
    return sorted((check for check in checks if check.claims or check.levels), key=lambda check: check.npi)
