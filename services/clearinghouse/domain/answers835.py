"""One ST of an 835 and its reading → the events that it causes and the line of the file's manifest."""

from collections.abc import Iterator

from schemas.codes.plb_reasons import takes_back
from schemas.events.payer_inbound import AnsweredLine, AnswerPhi, ClaimAnswered, ClaimRecouped
from schemas.events.remittance import ClaimParked, PaymentReceived, ProviderAdjustment
from schemas.events.values import Adjustment, Value
from schemas.x12 import Adjustment as Cas
from schemas.x12 import ClaimPayment835, Remittance835, ServicePayment
from services.clearinghouse.domain.checks import (
    KEEP_OUT,
    PARK,
    PARKED,
    POST,
    REPEATED,
    AssessedClaim,
    Assessment,
    Fault,
    Reading,
)
from services.clearinghouse.domain.drafts import KEY_LENGTH, Draft, Origin, own_claim
from services.clearinghouse.domain.remittance835 import account_of, paid_on, patient_id, payee_id, payer_id

FOLLOW_UP = "a claim that was parked in an earlier copy of this check"


class ParkedPart(Value):
    """What of a payment was set aside: the whole check (`claim` None) or one CLP, counted from 1."""

    claim: int | None = None
    reason: str
    place: str
    text: str = ""


class PaymentSummary(Value):
    """One ST of a file as its manifest tells it; no PHI, no amounts of claims."""

    st: int
    check_id: str
    trace: str
    disposition: str
    places: str
    cents: int
    parked: tuple[ParkedPart, ...] = ()


def summary(payment: Remittance835, st: int, check: str, found: Assessment, reading: Reading) -> PaymentSummary:
    """The manifest's line: what was posted, repeated, parked and why."""
    return PaymentSummary(
        st=st,
        check_id=check,
        trace=payment.trace,
        disposition=reading.disposition,
        places=reading.places,
        cents=payment.amount,
        parked=tuple(_parked_parts(found, reading)),
    )


def drafts(
    payment: Remittance835, st: int, check: str, found: Assessment, reading: Reading, origin: Origin
) -> Iterator[Draft]:
    """The payment for remittance; each CLP, for its account if posted, for remittance if parked; PLB pairs of claims."""
    if reading.known:
        return
    yield Draft(f"{st}/payment", check, _received(payment, found, reading, origin))
    if reading.disposition == PARKED:
        return
    for claim, judged, place in zip(payment.claims, found.claims, reading.places, strict=True):
        if place == POST:
            yield _answered(claim, payment, st, check, origin)
        elif reading.disposition != REPEATED and place in (PARK, KEEP_OUT):
            yield _set_aside(claim, judged, st, check)
    if reading.disposition != REPEATED:
        yield from _taken_back(payment, st, check, origin)


def _parked_parts(found: Assessment, reading: Reading) -> Iterator[ParkedPart]:
    if reading.disposition == PARKED:
        text = found.fault.text if found.fault else "this check was posted before with other content"
        yield ParkedPart(reason=reading.reason, place=reading.place, text=text)
        return
    for number, (judged, place) in enumerate(zip(found.claims, reading.places, strict=True), 1):
        if place == PARK:
            fault = judged.fault or Fault("parked_before", "CLP", FOLLOW_UP)
            yield ParkedPart(claim=number, reason=fault.reason, place=fault.place, text=fault.text)


def _received(payment: Remittance835, found: Assessment, reading: Reading, origin: Origin) -> PaymentReceived:
    return PaymentReceived(
        payer_id=payer_id(payment, origin),
        payee_id=payee_id(payment),
        trace=payment.trace,
        method=payment.method,
        cents=payment.amount,
        paid_on=paid_on(payment, origin),
        claims=len(payment.claims),
        claims_cents=sum(claim.paid for claim in payment.claims),
        provider_adjustments=tuple(_levels(payment, origin)),
        disposition=reading.disposition,
        reason=reading.reason,
        place=reading.place,
        file=origin.sha256,
        client=origin.client,
        supersedes_parked=reading.supersedes,
    )


def _levels(payment: Remittance835, origin: Origin) -> Iterator[ProviderAdjustment]:
    """PLB pairs; a reference that is no claim number of ours may name a patient and is kept as a keyed hash."""
    for item in payment.provider_adjustments:
        reference = item.reference.strip()
        if reference:
            reference = own_claim(reference) or origin.key_of("plb", reference)
        yield ProviderAdjustment(
            reason=item.reason, reference=reference, cents=item.cents, fiscal_period=item.fiscal_period
        )


def _taken_back(payment: Remittance835, st: int, check: str, origin: Origin) -> Iterator[Draft]:
    """PLB pairs that name a claim of ours and take back, or return, what was paid on it; for the claim's account."""
    on = paid_on(payment, origin)
    for position, item in enumerate(payment.provider_adjustments, 1):
        claim_id = own_claim(item.reference)
        if claim_id is None or not takes_back(item.reason, on):
            continue
        data = ClaimRecouped(
            claim_id=claim_id,
            check_id=check,
            position=position,
            payer_id=payer_id(payment, origin),
            reason=item.reason,
            cents=item.cents,
            paid_on=on,
        )
        yield Draft(f"{st}/plb{position}", claim_id[:KEY_LENGTH], data)


def _set_aside(claim: ClaimPayment835, judged: AssessedClaim, st: int, check: str) -> Draft:
    fault = judged.not_posted or judged.fault or Fault("parked", "CLP")
    data = ClaimParked(
        position=claim.ordinal + 1,
        cents=claim.paid,
        disposition="not_posted" if judged.not_posted else "parked",
        reason=fault.reason,
        place=fault.place,
    )
    return Draft(f"{st}/{claim.ordinal + 1}", check, data)


def _answered(claim: ClaimPayment835, payment: Remittance835, st: int, check: str, origin: Origin) -> Draft:
    account, ours = account_of(claim, payment, origin) or ("", None)
    data = ClaimAnswered(
        claim_id=ours,
        takeover_client=None if ours else origin.client,
        check_id=check,
        position=claim.ordinal + 1,
        payer_id=payer_id(payment, origin),
        status=claim.status,
        charge=claim.charge,
        paid=claim.paid,
        patient_responsibility=claim.patient_responsibility,
        payer_control_number=claim.payer_control_number,
        facility_code=claim.facility_code,
        frequency=claim.frequency,
        adjustments=_adjustments(claim.adjustments),
        remarks=tuple(claim.remarks),
        lines=tuple(_line(line, number) for number, line in enumerate(claim.lines, 1)),
        service_date=claim.service_date,
        paid_on=paid_on(payment, origin),
        transaction=_transaction(claim),
    )
    people = AnswerPhi(
        patient_name=claim.patient.name if claim.patient else "",
        member_id=patient_id(claim),
        claim_number=claim.claim_id,
    )
    return Draft(f"{st}/{claim.ordinal + 1}", account, data, people)


def _line(line: ServicePayment, number: int) -> AnsweredLine:
    return AnsweredLine(
        position=number,
        control=line.line_control_number or None,
        procedure=line.procedure.code or line.revenue_code,
        modifiers=tuple(line.procedure.modifiers),
        submitted_procedure=(line.submitted.code or None) if line.submitted else None,
        service_date=line.service_date,
        units=str(line.units) if line.units is not None else None,
        charge=line.charge,
        paid=line.paid,
        adjustments=_adjustments(line.adjustments),
        remarks=tuple(line.remarks),
    )


def _adjustments(found: list[Cas]) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            group=cas.group,
            carc=cas.carc,
            cents=cas.cents,
            quantity=str(cas.quantity) if cas.quantity is not None else None,
        )
        for cas in found
    )


def _transaction(claim: ClaimPayment835) -> str:
    """Institutional where Medicare Part A data (MIA), a DRG or revenue codes say so; dental by AD codes; else professional.

    CLP08 alone does not tell: place of service 11 and type of bill 11 look the same.
    """
    if claim.inpatient or claim.drg or any(line.revenue_code for line in claim.lines):
        return "institutional"
    if any(line.procedure.qualifier == "AD" for line in claim.lines):
        return "dental"
    return "professional"
