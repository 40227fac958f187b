"""Which claim line a payer's service line is: payers change codes, merge lines and lose our line numbers."""

from collections.abc import Callable, Sequence

from services.claim_submission.domain.lines import ClaimLine
from services.claim_submission.domain.netting import NetLine

Rule = Callable[[NetLine, ClaimLine], bool]


def match_lines(answered: Sequence[NetLine], billed: Sequence[ClaimLine]) -> dict[int, str]:
    """Index of the answered line → control of the claim line, for those that one rule tells apart.

    In order (DOMAIN §2): REF*6R (a payer may split a line, so several may name one); code, modifiers, date and charge;
    the submitted code SVC06, date and charge; the same position and charge. The rest must be allocated.
    """
    controls = {line.control for line in billed}
    found = {index: line.control for index, line in enumerate(answered) if line.control in controls and line.control}
    if len(found) == len(answered):
        return found
    for rule in (_same_service, _same_submitted, _same_code_and_date):
        _take(found, answered, billed, rule)
    for index, line in enumerate(answered):
        place = line.number - 1
        if index not in found and 0 <= place < len(billed):
            candidate = billed[place]
            if candidate.control not in found.values() and candidate.cents == abs(line.charge):
                found[index] = candidate.control
    return found


def _take(found: dict[int, str], answered: Sequence[NetLine], billed: Sequence[ClaimLine], rule: Rule) -> None:
    for index, line in enumerate(answered):
        if index in found:
            continue
        free = (entry for entry in billed if entry.control not in found.values() and rule(line, entry))
        if (entry := next(free, None)) is not None:
            found[index] = entry.control


def _same_service(line: NetLine, billed: ClaimLine) -> bool:
    return line.procedure == billed.procedure and line.modifiers == billed.modifiers and _same_day_charge(line, billed)


def _same_submitted(line: NetLine, billed: ClaimLine) -> bool:
    return line.submitted_procedure == billed.procedure and _same_day_charge(line, billed)


def _same_code_and_date(line: NetLine, billed: ClaimLine) -> bool:
    """Modifiers get lost on the way."""
    return line.procedure == billed.procedure and _same_day_charge(line, billed)


def _same_day_charge(line: NetLine, billed: ClaimLine) -> bool:
    same_day = line.service_date is None or billed.service_date is None or line.service_date == billed.service_date
    return same_day and bool(line.procedure) and abs(line.charge) == billed.cents
