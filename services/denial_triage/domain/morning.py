"""The morning's work on an account: what yesterday brought is applied, every open denial looked at, ways sent off."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from schemas.directory import PayerDirectory
from schemas.events.envelope import EventData
from services.denial_triage.domain.fold import fold
from services.denial_triage.domain.model import ClaimDenials, Denial, Denials
from services.denial_triage.domain.notes import Note, in_order
from services.denial_triage.domain.review import announced, closing, desk_of, next_look, review

TIMER = "morning"
Told = tuple[Denials, list[EventData]]


def noted(state: Denials, note: Note) -> Denials:
    """Write an event down for the next morning."""
    state = state.model_copy(update={"notes": (*state.notes, note)})
    return wake(state, note.on + timedelta(days=1))


def opened_now(state: Denials, claim: ClaimDenials, directory: PayerDirectory, today: date) -> Told:
    """The first denials of a claim: worth, deadline and ways at once, since nothing else of today can change them."""
    state, events = _looked_at(state, claim, (), directory, today)
    return _planned(state, directory, today), events


def work(state: Denials, directory: PayerDirectory, today: date) -> Told:
    """Apply the notes of the days before today, then go over every claim."""
    before = state.claims
    due = tuple(note for note in state.notes if note.on < today)
    state = state.model_copy(update={"notes": tuple(note for note in state.notes if note.on >= today)})
    for note in in_order(due):
        state = fold(state, note)
    events: list[EventData] = []
    for claim_id in sorted(state.claims):
        known = before[claim_id].denials if claim_id in before else ()
        state, told = _looked_at(state, state.claims[claim_id], known, directory, today)
        events += told
    return _planned(state, directory, today), events


def wake(state: Denials, day: date) -> Denials:
    """Look at the account on the morning of a day, or earlier where that is planned."""
    due = datetime.combine(day, time.min, UTC)
    planned = state.timers.get(TIMER)
    return state if planned and planned <= due else state.model_copy(update={"timers": state.armed(TIMER, due)})


def _looked_at(
    state: Denials, claim: ClaimDenials, known: Sequence[Denial], directory: PayerDirectory, today: date
) -> Told:
    desk = desk_of(state, claim, directory, today)
    events: list[EventData] = []
    for denial in claim.denials[len(known) :]:
        denial, event = announced(denial, claim, desk)
        claim = claim.replace(denial)
        events.append(event)
    claim, ways = review(claim, desk, today)
    ended_before = {denial.denial_id for denial in known if not denial.open}
    over = (denial for denial in claim.denials if not denial.open and denial.denial_id not in ended_before)
    return state.with_claim(claim), [*events, *ways, *(closing(denial, claim) for denial in over)]


def _planned(state: Denials, directory: PayerDirectory, today: date) -> Denials:
    looks = [next_look(claim, desk_of(state, claim, directory, today), today) for claim in state.claims.values()]
    looks += [note.on + timedelta(days=1) for note in state.notes]
    if state.encounter is not None and state.encounter.learned_on == today and state.waiting:
        looks.append(today + timedelta(days=1))
    first = min((look for look in looks if look is not None), default=None)
    return state if first is None else wake(state, first)
