"""An 835 claim as net lines: claim-level adjustments moved onto the lines, every amount still under its codes."""

from datetime import date
from typing import NamedTuple

from schemas.codes.adjustment_classes import AmountClass, meaning
from schemas.events.payer_inbound import AnsweredLine, ClaimAnswered
from schemas.events.values import Adjustment, Cents
from services.claim_submission.domain.allocation import shares


class Reason(NamedTuple):
    """Adjusted cents under a group, a CARC and the remark codes beside it."""

    group: str
    carc: str
    rarcs: tuple[str, ...]
    cents: Cents


class NetLine(NamedTuple):
    """One service of an answer: charge = paid + Σ reasons. `number` is its place in the CLP, 0 for the whole claim."""

    number: int
    control: str | None
    procedure: str
    modifiers: tuple[str, ...]
    submitted_procedure: str | None
    service_date: date | None
    charge: Cents
    paid: Cents
    reasons: tuple[Reason, ...]
    claim_paid: bool = False
    """The answer pays something of the claim, on this line or another, or leaves its share to the patient."""


def net_lines(answer: ClaimAnswered) -> tuple[NetLine, ...]:
    """The services of a CLP with its claim-level CAS (2100) spread over them (X12 005010X221A1 §1.10.2.1).

    Claim-level adjustments lower what the lines paid (ΣSVC03 − ΣCAS(2100) = CLP04), so they are spread by SVC03, by
    charge where nothing was paid. Without SVC loops the claim is one line.
    """
    if not answer.lines:
        return (_whole(answer),)
    claim_paid = _pays(answer)
    weights = [line.paid for line in answer.lines]
    if not any(weight > 0 for weight in weights):
        weights = [abs(line.charge) for line in answer.lines]
    spread = [shares(adjustment.cents, weights) for adjustment in answer.adjustments]
    return tuple(
        _line(
            answer,
            line,
            [(adjustment, parts[index]) for adjustment, parts in zip(answer.adjustments, spread, strict=True)],
            claim_paid,
        )
        for index, line in enumerate(answer.lines)
    )


def _pays(answer: ClaimAnswered) -> bool:
    if answer.paid:
        return True
    adjustments = (*answer.adjustments, *(entry for line in answer.lines for entry in line.adjustments))
    kind, on = answer.transaction, answer.paid_on
    shared = (meaning(entry.group, entry.carc, (), kind, on).amount_class for entry in adjustments if entry.cents)
    return AmountClass.PATIENT_SHARE in shared


def _whole(answer: ClaimAnswered) -> NetLine:
    reasons = tuple(_reason(entry, entry.cents, answer.remarks) for entry in answer.adjustments)
    paid = answer.paid
    return NetLine(0, None, "", (), None, answer.service_date, answer.charge, paid, reasons, _pays(answer))


def _line(
    answer: ClaimAnswered, line: AnsweredLine, claim_level: list[tuple[Adjustment, Cents]], claim_paid: bool
) -> NetLine:
    own = [_reason(entry, entry.cents, (*line.remarks, *answer.remarks)) for entry in line.adjustments]
    spread = [_reason(entry, cents, answer.remarks) for entry, cents in claim_level if cents]
    return NetLine(
        number=line.position,
        control=line.control,
        procedure=line.procedure,
        modifiers=line.modifiers,
        submitted_procedure=line.submitted_procedure,
        service_date=line.service_date or answer.service_date,
        charge=line.charge,
        paid=line.paid - sum(cents for _, cents in claim_level),
        reasons=(*own, *spread),
        claim_paid=claim_paid,
    )


def _reason(entry: Adjustment, cents: Cents, rarcs: tuple[str, ...]) -> Reason:
    return Reason(entry.group, entry.carc, tuple(dict.fromkeys(rarcs)), cents)
