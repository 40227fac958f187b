"""What triage decided: ways that end a denial move its cents at once; ways that need a new version wait for tomorrow."""

from datetime import date

from schemas.events.claims import ClaimLedgerChanged, WayFailed
from schemas.events.denials import WayChosen
from services.claim_submission.domain.account import Account
from services.claim_submission.domain.change import Change, Message
from services.claim_submission.domain.claim import Claim, Way
from services.claim_submission.domain.lines import Decision

ENDS = {"bill_patient": ("patient", "released_to_patient"), "write_off": ("written_off", "written_off")}
"""Way → where the denied cents go, and the cause that ClaimLedgerChanged names."""
SENDS = frozenset({"new_claim", "replacement", "reopening", "next_payer"})
"""Ways that send the claim again; all others are not ours."""


def way_chosen(account: Account, data: WayChosen, today: date) -> Change:
    """Go the way, or remember it."""
    claim = account.claim(data.claim_id)
    if claim is None:
        failed = WayFailed(claim_id=data.claim_id, denial_id=data.denial_id, way=data.way, reason="unknown_claim")
        return Change(account, (Message(failed),) if data.way in SENDS else ())
    if data.way in ENDS:
        return _ended(account, _replaced(claim, data.denial_id, today), data, today)
    if data.way not in SENDS:
        return Change(account.with_claim(_replaced(claim, data.denial_id, today)))
    way = Way(
        denial_id=data.denial_id,
        way=data.way,
        chosen_on=today,
        denied_on=data.denied_on,
        deadline=data.deadline,
        denied=data.denied,
        payer_control_number=data.payer_control_number,
    )
    claim = _replaced(claim, data.denial_id, today)
    claim = claim.model_copy(update={"ways": (*claim.ways, way)})
    return Change(account.with_claim(claim).waking(today))


def _ended(account: Account, claim: Claim, data: WayChosen, today: date) -> Change:
    target, cause = ENDS[data.way]
    decision = Decision(denial_id=data.denial_id, target=target, decided_on=today, denied=data.denied)
    changes = {"decisions": (*claim.decisions, decision), "changes": claim.changes + 1}
    if claim.taken_back is not None:
        changes["taken_back"] = claim.taken_back.decided(decision)
    claim = claim.model_copy(update=changes)
    told = ClaimLedgerChanged(
        claim_id=claim.claim_id,
        payer_id=claim.payer_id,
        cause=cause,
        denial_id=data.denial_id,
        ledger=claim.ledger(),
        ledger_version=claim.changes,
    )
    return Change(account.with_claim(claim), (Message(told),))


def _replaced(claim: Claim, denial_id: str, today: date) -> Claim:
    """The denial's earlier way is open until tomorrow's review, if it was open before today."""
    ways = []
    for way in claim.ways:
        if way.denial_id != denial_id:
            ways.append(way)
        elif way.chosen_on < today:
            ways.append(way.model_copy(update={"ended_on": way.ended_on or today}))
    return claim.model_copy(update={"ways": tuple(ways)})


def open_ways(claim: Claim, before: date) -> tuple[Way, ...]:
    """The ways that were chosen, and not replaced, before a day."""
    return tuple(way for way in claim.ways if way.chosen_on < before and not (way.ended_on and way.ended_on < before))


def without_way(claim: Claim, gone: Way) -> Claim:
    """The claim without a way that came to its end."""
    return claim.model_copy(update={"ways": tuple(way for way in claim.ways if way != gone)})


def failed_way(claim: Claim, way: Way, reason: str) -> tuple[Claim, Message]:
    """The claim without the way, and word to triage."""
    told = WayFailed(claim_id=claim.claim_id, denial_id=way.denial_id, way=way.way, reason=reason)
    return without_way(claim, way), Message(told)


def still_denied(claim: Claim, way: Way, before: date) -> bool:
    """Whether anything of the way's denial stood before a day."""
    codes = {(entry.line, entry.group, entry.carc) for entry in way.denied}
    return any((entry.line, entry.group, entry.carc) in codes for entry in claim.denied(before))
