"""One note of a past day applied to the account; decisions come afterwards."""

from datetime import timedelta

from schemas.events.appeals import AppealClosed, AppealRefused
from schemas.events.claims import WayFailed
from services.denial_triage.domain.claim_told import SentClaim
from services.denial_triage.domain.model import PACKETS, RESENDS, ClaimDenials, Denial, Denials, OpenWay
from services.denial_triage.domain.notes import Note
from services.denial_triage.domain.settle import ledger_changed, rebilled, settle


def fold(state: Denials, note: Note) -> Denials:
    """The account after the note; a note about a claim that is not known here changes nothing."""
    claim = state.claims.get(claim_of(note))
    return state if claim is None else state.with_claim(_applied(claim, note))


def claim_of(note: Note) -> str:
    """Which claim a note is about."""
    if note.chosen is not None:
        return note.chosen.denial_id.rpartition("-")[0]
    ours = (note.submitted, note.adjudicated, note.ledger_changed, note.rebilled, note.way_failed)
    about = (*ours, note.refused, note.closed)
    return next(event.claim_id for event in about if event is not None)


def _applied(claim: ClaimDenials, note: Note) -> ClaimDenials:
    if note.adjudicated is not None:
        return settle(claim, note.adjudicated, note.on)
    if note.ledger_changed is not None:
        return ledger_changed(claim, note.ledger_changed, note.on)
    if note.rebilled is not None:
        return rebilled(claim, note.rebilled, note.on)
    if note.submitted is not None:
        return _sent(claim, note.submitted, note)
    if note.way_failed is not None:
        failed = note.way_failed
        return claim.change(failed.denial_id, lambda denial: _failed(denial, failed))
    if note.refused is not None:
        refused = note.refused
        return claim.change(refused.denial_id, lambda denial: _refused(denial, refused))
    if note.closed is not None:
        decided = note.closed
        return claim.change(decided.denial_id, lambda denial: _decided(denial, decided))
    assert note.chosen is not None
    wish = note.chosen.way
    return claim.change(note.chosen.denial_id, lambda denial: denial.model_copy(update={"wish": wish}))


def _with_way(denial: Denial, way: OpenWay, **changes: object) -> Denial:
    return denial.model_copy(update={"way": way.model_copy(update=changes)})


def _sent(claim: ClaimDenials, event: SentClaim, note: Note) -> ClaimDenials:
    """A corrected claim is on its way: from now on the payer's clocks count, not the partner's."""
    for denial in claim.denials:
        way = denial.way
        if way is None or way.way not in RESENDS or way.sent or event.version <= way.version:
            continue
        shift = note.on - way.chosen_on
        claim = claim.replace(_with_way(denial, way, sent=True, give_up_on=way.give_up_on + max(shift, timedelta(0))))
    return claim


def _failed(denial: Denial, event: WayFailed) -> Denial:
    way = denial.way
    if way is None or not (way.way == event.way or {way.way, event.way} <= set(RESENDS)):
        return denial
    return _with_way(denial, way, failed=event.reason)


def _refused(denial: Denial, event: AppealRefused) -> Denial:
    way = denial.way
    if way is None or way.way != event.kind or way.level != event.level:
        return denial
    return _with_way(denial, way, failed=event.reason)


def _decided(denial: Denial, event: AppealClosed) -> Denial:
    way = denial.way
    if way is None or way.way not in PACKETS or way.way != event.kind or way.level != event.level:
        return denial
    denial = denial.model_copy(update={"appeal_until": event.next_level_until})
    return _with_way(denial, way, decision=event.decision, decided_on=event.decided_on)
