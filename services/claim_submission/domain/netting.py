"""An 835 claim as net lines: claim-level adjustments moved onto the lines, every amount still under its codes."""

from collections.abc import Sequence
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
    claim_paid, spread = _pays(answer), _spread(answer)
    return tuple([_line(answer, line, part, claim_paid) for line, part in zip(answer.lines, spread, strict=True)])


def _spread(answer: ClaimAnswered) -> Sequence[Sequence[tuple[Adjustment, Cents]]]:
    """Each line's part of the claim-level adjustments."""
    if not answer.adjustments:
        return [()] * len(answer.lines)
    weights = [line.paid for line in answer.lines]
    if max(weights) <= 0:
        weights = [abs(line.charge) for line in answer.lines]
    columns = [[(entry, cents) for cents in shares(entry.cents, weights)] for entry in answer.adjustments]
    return list(zip(*columns, strict=True))


def _pays(answer: ClaimAnswered) -> bool:
    if answer.paid:
        return True
    adjustments = (*answer.adjustments, *(entry for line in answer.lines for entry in line.adjustments))
    kind, on = answer.transaction, answer.paid_on
    shared = (meaning(entry.group, entry.carc, (), kind, on).amount_class for entry in adjustments if entry.cents)
    return AmountClass.PATIENT_SHARE in shared


def _whole(answer: ClaimAnswered) -> NetLine:
    remarks = _once(answer.remarks)
    reasons = tuple(Reason(entry.group, entry.carc, remarks, entry.cents) for entry in answer.adjustments)
    paid = answer.paid
    return NetLine(0, None, "", (), None, answer.service_date, answer.charge, paid, reasons, _pays(answer))


def _line(
    answer: ClaimAnswered, line: AnsweredLine, claim_level: Sequence[tuple[Adjustment, Cents]], claim_paid: bool
) -> NetLine:
    remarks = _once((*line.remarks, *answer.remarks))
    own = [Reason(entry.group, entry.carc, remarks, entry.cents) for entry in line.adjustments]
    common = _once(answer.remarks)
    spread = [Reason(entry.group, entry.carc, common, cents) for entry, cents in claim_level if cents]
    return NetLine(
        number=line.position,
        control=line.control,
        procedure=line.procedure,
        modifiers=line.modifiers,
        submitted_procedure=line.submitted_procedure,
        service_date=line.service_date or answer.service_date,
        charge=line.charge,
        paid=line.paid - sum([cents for _, cents in claim_level]),
        reasons=(*own, *spread),
        claim_paid=claim_paid,
    )


def _once(remarks: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(remarks)) if len(remarks) > 1 else remarks
