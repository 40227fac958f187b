"""One short function an event, and the routing table at its end. An event writes a note; the morning decides."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from schemas.directory import PayerDirectory
from schemas.events.appeals import AppealClosed, AppealRefused
from schemas.events.claims import ClaimAdjudicated, ClaimLedgerChanged, ClaimRebilled, ClaimSubmitted, WayFailed
from schemas.events.clock import TimerFired
from schemas.events.commands import ChooseWay
from schemas.events.denials import WAYS
from schemas.events.encounters import EncounterAccepted
from schemas.events.envelope import Event, EventData
from services.chassis.verdicts import Emit, Outcome, Reject, Route, Routes, TimerRoute
from services.denial_triage.domain.claim_told import AnsweredClaim, SentClaim
from services.denial_triage.domain.encounter import EncounterFacts
from services.denial_triage.domain.model import Denials, HeardFacts
from services.denial_triage.domain.morning import TIMER, noted, opened_now, wake, work
from services.denial_triage.domain.notes import Note
from services.denial_triage.domain.opening import patient_liable
from services.denial_triage.domain.settle import first_seen, held, ledger_changed, recouped_claim, settle


def encounter_accepted(state: Denials | None, event: Event[EncounterFacts, Any], now: datetime) -> Outcome[Denials]:
    """Documents and authorisations at hand; a newer revision may help a denial that has no way."""
    facts, today = event.data, now.date()
    state = state or Denials()
    known = state.encounter
    if known is not None and facts.revision <= known.latest.revision:
        return Outcome()
    heard = known.learn(facts, today) if known else HeardFacts(latest=facts, learned_on=today)
    state = state.model_copy(update={"encounter": heard})
    return Outcome(wake(state, today + timedelta(days=1)) if state.waiting else state)


def adjudicated(
    state: Denials | None, event: Event[AnsweredClaim, Any], now: datetime, directory: PayerDirectory
) -> Outcome[Denials]:
    """A final answer: the first denial of a claim is triaged at once, what follows in the morning."""
    state, data, today = state or Denials(), event.data, now.date()
    known = state.claims.get(data.claim_id)
    if known is not None and (known.denials or state.notes):
        return Outcome(noted(state, Note(on=today, adjudicated=data)))
    if known is None and data.held:
        return Outcome(state.with_claim(held(data)))
    if known is None and (not data.denied or data.reversal):
        return Outcome()
    claim = settle(known or first_seen(data), data, today)
    return _outcome(event.subject, *opened_now(state, claim, directory, today))


def ledger_moved(
    state: Denials | None, event: Event[ClaimLedgerChanged, Any], now: datetime, directory: PayerDirectory
) -> Outcome[Denials]:
    """Our own ledger moved; money taken back from a claim without denials opens one."""
    state, data, today = state or Denials(), event.data, now.date()
    if data.claim_id in state.claims:
        return Outcome(noted(state, Note(on=today, ledger_changed=data)))
    if data.cause != "recouped" or data.ledger.denied <= 0:
        return Outcome()
    claim = ledger_changed(recouped_claim(data), data, today)
    return _outcome(event.subject, *opened_now(state, claim, directory, today))


def rebilled(state: Denials | None, event: Event[ClaimRebilled, Any], now: datetime) -> Outcome[Denials]:
    """A corrected claim charges otherwise."""
    return _note(state, event.data.claim_id, now, rebilled=event.data)


def submitted(state: Denials | None, event: Event[SentClaim, Any], now: datetime) -> Outcome[Denials]:
    """A version of a denied claim went out."""
    return _note(state, event.data.claim_id, now, submitted=event.data)


def way_failed(state: Denials | None, event: Event[WayFailed, Any], now: datetime) -> Outcome[Denials]:
    """claim_submission could not go the way."""
    return _note(state, event.data.claim_id, now, way_failed=event.data)


def appeal_refused(state: Denials | None, event: Event[AppealRefused, Any], now: datetime) -> Outcome[Denials]:
    """appeals could not file."""
    return _note(state, event.data.claim_id, now, refused=event.data)


def appeal_closed(state: Denials | None, event: Event[AppealClosed, Any], now: datetime) -> Outcome[Denials]:
    """The payer decided, or did not in time."""
    return _note(state, event.data.claim_id, now, closed=event.data)


def way_wished(state: Denials | None, event: Event[ChooseWay, Any], now: datetime) -> Outcome[Denials]:
    """A person overrules triage; what the payer put on the provider (CO) never goes to the patient."""
    data = event.data
    if data.way not in WAYS:
        raise Reject("unknown_way", "/data/way")
    claims = state.claims.values() if state else ()
    denial = next((d for claim in claims for d in claim.denials if d.denial_id == data.denial_id), None)
    if state is None or denial is None:
        raise Reject("unknown_denial", "/data/denial_id")
    if data.way == "bill_patient" and not patient_liable(denial.amounts):
        raise Reject("not_patient_liability", "/data/way")
    return Outcome(noted(state, Note(on=now.date(), chosen=data)))


def morning(
    state: Denials | None, event: Event[TimerFired, Any], now: datetime, directory: PayerDirectory
) -> Outcome[Denials]:
    """Work off what yesterday brought."""
    return Outcome() if state is None else _outcome(event.subject, *work(state, directory, now.date()))


def _note(state: Denials | None, claim_id: str, now: datetime, **said: Any) -> Outcome[Denials]:
    if state is None or claim_id not in state.claims:
        return Outcome()
    return Outcome(noted(state, Note(on=now.date(), **said)))


def _outcome(account: str, state: Denials, events: list[EventData]) -> Outcome[Denials]:
    return Outcome(state, tuple(Emit(account, event) for event in events))


def routes(directory: PayerDirectory) -> Routes:
    """denial_triage's routing table; the payer directory tells clocks and ways."""
    return Routes(
        service="denial_triage",
        events=(
            Route(EncounterAccepted, Denials, encounter_accepted, view=EncounterFacts),
            Route(ClaimAdjudicated, Denials, partial(adjudicated, directory=directory), view=AnsweredClaim),
            Route(ClaimLedgerChanged, Denials, partial(ledger_moved, directory=directory)),
            Route(ClaimRebilled, Denials, rebilled),
            Route(ClaimSubmitted, Denials, submitted, view=SentClaim),
            Route(WayFailed, Denials, way_failed),
            Route(AppealRefused, Denials, appeal_refused),
            Route(AppealClosed, Denials, appeal_closed),
            Route(ChooseWay, Denials, way_wished),
        ),
        timers=(TimerRoute(TIMER, Denials, partial(morning, directory=directory)),),
    )
