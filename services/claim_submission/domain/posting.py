"""A payer's answer as a posting: every cent of the CLP on a line of the claim, in one class."""

from collections.abc import Sequence
from datetime import date

from schemas.events.payer_inbound import ClaimAnswered
from schemas.events.values import Cents, Ledger
from services.claim_submission.domain.allocation import grid, shares
from services.claim_submission.domain.classes import classified
from services.claim_submission.domain.lines import WHOLE_CLAIM, ClaimLine, LineAmounts, Posting
from services.claim_submission.domain.matching import match_lines
from services.claim_submission.domain.merging import merged
from services.claim_submission.domain.netting import NetLine, net_lines

FINAL = frozenset({"1", "2", "3", "4", "19", "20", "21"})
"""CLP02: processed or denied, by whichever payer in turn, forwarded or not."""
REVERSAL = "22"


def own_classes(posting: Posting) -> Ledger:
    """What a CLP says of its own charge, for remittance: charge and CAS by class, before any earlier payer."""
    lines = posting.lines
    contractual = sum([line.contractual_cents for line in lines])
    patient = sum([line.patient for line in lines])
    denied = sum([line.denied_cents for line in lines])
    prior_payer = sum([line.prior_payer for line in lines])
    return Ledger(
        charge=posting.charge,
        payer_paid=posting.paid,
        contractual=contractual,
        patient=patient,
        denied=denied,
        prior_payer_unseen=prior_payer,
        unanswered=posting.charge - posting.paid - contractual - patient - denied - prior_payer,
    )


def result_of(paid: Cents, patient: Cents, denied: Cents) -> str:
    """DOMAIN §3: denied = denied cents, nothing paid, no patient share; in part = denied cents and one of these."""
    if denied <= 0:
        return "paid"
    return "denied_in_part" if paid > 0 or patient > 0 else "denied"


def is_final(answer: ClaimAnswered, classes: Ledger) -> bool:
    """Whether the answer decides the claim: a final CLP02, and not all of it still under review (CARC 133, 257, 277)."""
    all_pending = answer.charge != 0 and classes.unanswered == answer.charge
    return answer.status in FINAL and not all_pending


def posting_of(answer: ClaimAnswered, billed: Sequence[ClaimLine], rank: int, version: int, today: date) -> Posting:
    """The posting of a CLP onto the claim's lines. Sums per class equal the CLP's own."""
    return Posting(
        check_id=answer.check_id,
        position=answer.position,
        payer_id=answer.payer_id,
        rank=rank,
        status=answer.status,
        payer_control_number=answer.payer_control_number,
        version=version,
        paid_on=answer.paid_on,
        received_on=today,
        charge=answer.charge,
        paid=answer.paid,
        lines=_on_lines(answer, billed),
        reversal=answer.status == REVERSAL,
    )


def lines_from(answer: ClaimAnswered) -> tuple[ClaimLine, ...]:
    """The lines of a claim that others submitted, as its first answer shows them (take-over)."""
    if not answer.lines:
        return (ClaimLine(control=WHOLE_CLAIM, service_date=answer.service_date, cents=answer.charge),)
    taken: set[str] = set()
    lines = []
    for line in answer.lines:
        control = line.control if line.control and line.control not in taken else f"L{line.position:03d}"
        taken.add(control)
        code = line.submitted_procedure or line.procedure
        day = line.service_date or answer.service_date
        lines.append(
            ClaimLine(control=control, procedure=code, modifiers=line.modifiers, service_date=day, cents=line.charge)
        )
    missing = answer.charge - sum(line.cents for line in lines)
    extra = (ClaimLine(control=WHOLE_CLAIM, service_date=answer.service_date, cents=missing),) if missing else ()
    return (*lines, *extra)


def _on_lines(answer: ClaimAnswered, billed: Sequence[ClaimLine]) -> tuple[LineAmounts, ...]:
    answered = net_lines(answer)
    matched = match_lines(answered, billed)
    taken = set(matched.values())
    free = [line for line in billed if line.control not in taken] or billed
    placed: list[LineAmounts] = []
    for index, line in enumerate(answered):
        if index in matched:
            placed.append(classified(line, answer.transaction, answer.paid_on, matched[index]))
        else:
            placed.extend(_allocated(line, answer, free))
    return merged(placed)


def _allocated(line: NetLine, answer: ClaimAnswered, billed: Sequence[ClaimLine]) -> list[LineAmounts]:
    """A line that no rule could place, over the lines that no other answered line took, by their charges."""
    parts = shares(line.charge, [entry.cents for entry in billed])
    whole = classified(line, answer.transaction, answer.paid_on)
    kinds = sorted(whole.contractual)
    amounts = [whole.paid, whole.patient, whole.pending, whole.prior_payer]
    amounts += [whole.contractual[kind] for kind in kinds] + [entry.cents for entry in whole.denied]
    return [
        _cells(entry.control, part, row, whole, kinds)
        for entry, part, row in zip(billed, parts, grid(amounts, parts), strict=True)
    ]


def _cells(control: str, part: Cents, row: list[Cents], whole: LineAmounts, kinds: list[str]) -> LineAmounts:
    paid, patient, pending, prior_payer, *rest = row
    denied = [
        entry.model_copy(update={"line": control, "cents": cents})
        for entry, cents in zip(whole.denied, rest[len(kinds) :], strict=True)
    ]
    return LineAmounts(
        control=control,
        charge=part,
        paid=paid,
        patient=patient,
        pending=pending,
        prior_payer=prior_payer,
        contractual={kind: cents for kind, cents in zip(kinds, rest, strict=False) if cents},
        denied=tuple(entry for entry in denied if entry.cents),
    )
