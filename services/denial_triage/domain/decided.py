"""Our own decision about a denial, told back by the ledger: what it moved is over, what the day brought beyond it is not."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from schemas.events.claims import ClaimLedgerChanged, DeniedAmount
from services.denial_triage.domain.model import ClaimDenials, Denial
from services.denial_triage.domain.opening import Occasion, opened

WAYS = {"written_off": "write_off", "released_to_patient": "bill_patient"}
"""Cause of the ledger's change → the way that asked for it."""
HOW = {"write_off": "written_off", "bill_patient": "billed_patient"}


def decided(claim: ClaimDenials, change: ClaimLedgerChanged, today: date) -> ClaimDenials:
    """End the denial that asked for it, with the amounts that it asked for. An answer of the same day may have put others
    in their place: these stay denied, under this denial where its way failed over them, else under one of their own,
    for which the payer's clocks run on."""
    denial = _asked(claim, change)
    if denial is None or denial.way is None:
        return claim
    named = denial.way.denied or denial.amounts
    rest = denial.amounts
    if claim.ledger_version < change.ledger_version:
        rest = beyond(denial.amounts, named)
        claim = _moved_elsewhere(claim, denial, beyond(named, denial.amounts))
    if denial.way.failed and rest:
        return claim.replace(denial.model_copy(update={"amounts": rest}))
    how = "recovered_in_part" if denial.recovered.total > 0 else HOW[denial.way.way]
    over = denial.model_copy(update={"amounts": named})
    return opened(claim.replace(closed(over, how, today)), rest, Occasion(denial.denied_on, False, today))


def beyond(amounts: Iterable[DeniedAmount], named: Iterable[DeniedAmount]) -> tuple[DeniedAmount, ...]:
    """What a decision leaves of denied amounts: it moves at most what it named, by line, group and CARC."""
    movable = Counter[tuple[str, str, str]]()
    for entry in named:
        movable[_code(entry)] += max(entry.cents, 0)
    kept = []
    for entry in amounts:
        part = min(max(entry.cents, 0), movable[_code(entry)])
        movable[_code(entry)] -= part
        if entry.cents != part:
            kept.append(entry.model_copy(update={"cents": entry.cents - part}))
    return tuple(kept)


def _moved_elsewhere(claim: ClaimDenials, but: Denial, named: tuple[DeniedAmount, ...]) -> ClaimDenials:
    """What was named and another denial holds by now: letters (PLB WO) of one claim stand under one code."""
    for other in (d for d in claim.denials if d.open and d.denial_id != but.denial_id):
        left, named = beyond(other.amounts, named), beyond(named, other.amounts)
        if left != other.amounts:
            claim = claim.replace(other.model_copy(update={"amounts": left}))
    return claim


def closed(denial: Denial, how: str, today: date) -> Denial:
    """An ended denial; its last way is kept."""
    last = denial.way.way if denial.way else denial.last_way
    changes = {"closed": how, "closed_on": today, "last_way": last, "way": None, "for_person": False}
    return denial.model_copy(update=changes)


def _asked(claim: ClaimDenials, change: ClaimLedgerChanged) -> Denial | None:
    """The denial that the ledger names; where it names none, the first that went this way."""
    way = WAYS[change.cause]
    asked = (d for d in claim.denials if d.open and d.way is not None and d.way.way == way)
    return next((d for d in asked if change.denial_id in ("", d.denial_id)), None)


def _code(entry: DeniedAmount) -> tuple[str, str, str]:
    return entry.line, entry.group, entry.carc
