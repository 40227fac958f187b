"""ClaimBill → 837P claim (005010X222A1)."""

from decimal import Decimal

from schemas.events.encounters import BilledLine, Member, PayerCoverage
from schemas.events.payer_outbound import BillPhi, ClaimBill, PriorPayment
from schemas.x12 import (
    Adjustment,
    Amount,
    BillingProvider,
    Claim837P,
    Dated,
    Diagnosis,
    Drug,
    LineAdjudication,
    OtherPayer,
    Party,
    Patient,
    Procedure,
    Reference,
    ServiceLine,
    Subscriber,
)
from services.clearinghouse.domain.lane import Sender
from services.clearinghouse.domain.parties import SELF, insured, payer, person, provider, relationship_code
from services.clearinghouse.domain.text import clean

SEQUENCE = "PSTABCDEFGH"
"""SBR01 by turn, whatever the front desk ranked: primary, secondary, tertiary, then four to eleven."""


def claim(bill: ClaimBill, people: BillPhi, sender: Sender) -> Claim837P:
    """The claim as its destination payer (the first coverage) gets it."""
    coverage, member = bill.coverages[0], people.members[0]
    own, turns = relationship_code(coverage.relationship) == SELF, _turns(bill)
    return Claim837P(
        claim_id=bill.claim_id,
        charge=bill.charge,
        facility_code=bill.place_of_service,
        frequency=bill.frequency,
        delay_reason=bill.delay_reason or "",
        billing=BillingProvider(
            provider=provider("85", bill.billing_provider, with_address=True),
            taxonomy=bill.billing_provider.taxonomy or "",
        ),
        subscriber=_subscriber(coverage, member, own, sender, turns[0]),
        patient=None if own else _patient(coverage, people),
        references=_references(bill, coverage),
        diagnoses=[Diagnosis("ABF" if at else "ABK", code) for at, code in enumerate(bill.diagnoses)],
        providers=_providers(bill),
        other_payers=[
            _other_payer(bill, coverage, member, turn)
            for coverage, member, turn in zip(bill.coverages[1:], people.members[1:], turns[1:], strict=True)
        ],
        lines=[_line(bill, line, number) for number, line in enumerate(bill.lines, 1)],
    )


def _turns(bill: ClaimBill) -> list[str]:
    """SBR01 of each coverage: who has answered came first, then the destination, then the others in billing order."""
    answered = {prior.payer_id for prior in bill.prior_payments}
    order = sorted(range(len(bill.coverages)), key=lambda place: bill.coverages[place].payer_id not in answered)
    return [SEQUENCE[order.index(place)] for place in range(len(order))]


def _subscriber(coverage: PayerCoverage, member: Member, own: bool, sender: Sender, turn: str) -> Subscriber:
    who = insured(member)
    return Subscriber(
        sequence=turn,
        relationship=SELF if own else "",
        group_number=clean(member.group_number, 50),
        filing_indicator=sender.filing_indicator,
        person=who,
        payer=payer("PR", sender.payer_name, coverage.payer_id),
    )


def _patient(coverage: PayerCoverage, people: BillPhi) -> Patient:
    return Patient(relationship=relationship_code(coverage.relationship), person=person("QC", people.patient))


def _references(bill: ClaimBill, coverage: PayerCoverage) -> list[Reference]:
    wanted = (("F8", bill.payer_control_number), ("9F", coverage.referral), ("G1", coverage.authorization))
    return [Reference(qualifier, clean(value, 50)) for qualifier, value in wanted if value]


def _providers(bill: ClaimBill) -> list[Party]:
    found = []
    if bill.referring_provider:
        found.append(provider("DN", bill.referring_provider))
    if bill.rendering_provider.npi != bill.billing_provider.npi:
        found.append(provider("82", bill.rendering_provider, role="PE"))
    return found


def _line(bill: ClaimBill, line: BilledLine, number: int) -> ServiceLine:
    return ServiceLine(
        procedure=Procedure("HC", line.procedure, tuple(line.modifiers)),
        charge=line.charge,
        units=Decimal(line.units),
        place_of_service=line.place_of_service if line.place_of_service != bill.place_of_service else "",
        pointers=tuple(line.diagnosis_pointers[:4]),
        emergency="Y" if bill.emergency else "",
        number=number,
        dates=[Dated("472", line.service_date)],
        references=[Reference("6R", line.control)],
        drug=Drug(line.ndc, quantity=Decimal(line.units), unit="UN") if line.ndc else None,
        adjudications=[_adjudication(line, prior) for prior in bill.prior_payments if prior.control == line.control],
    )


def _adjustments(prior: PriorPayment) -> list[Adjustment]:
    return [Adjustment(cas.group, cas.carc, cas.cents) for cas in prior.adjustments]


def _adjudication(line: BilledLine, prior: PriorPayment) -> LineAdjudication:
    return LineAdjudication(
        payer_id=prior.payer_id,
        paid=prior.paid,
        procedure=Procedure("HC", line.procedure, tuple(line.modifiers)),
        units=Decimal(line.units),
        adjustments=_adjustments(prior),
        dates=[Dated("573", prior.adjudicated_on)],
    )


def _other_payer(bill: ClaimBill, coverage: PayerCoverage, member: Member, turn: str) -> OtherPayer:
    answered = [prior for prior in bill.prior_payments if prior.payer_id == coverage.payer_id]
    paid = [Amount("D", sum(prior.paid for prior in answered))] if answered else []
    return OtherPayer(
        sequence=turn,
        relationship=relationship_code(coverage.relationship),
        group_number=clean(member.group_number, 50),
        amounts=paid,
        person=insured(member),
        payer=payer("PR", coverage.payer_id, coverage.payer_id),
    )
