"""One short function an event, and the routing table at its end."""

from datetime import datetime
from functools import partial
from typing import Any

from schemas.directory import PayerDirectory
from schemas.events.clock import TimerFired
from schemas.events.commands import ApproveAppeal
from schemas.events.denials import DenialClosed, WayChosen
from schemas.events.encounters import EncounterAccepted
from schemas.events.envelope import Event
from schemas.events.payer_inbound import AppealDecided
from services.appeals.domain import desk
from services.appeals.domain.encounter import InsuredEncounter, MembersPhi
from services.appeals.domain.model import KINDS, TIMER, Appeals, AppealsPhi, People
from services.chassis.verdicts import Emit, Outcome, Reject, Route, Routes, TimerRoute


def encounter_accepted(
    state: Appeals | None, event: Event[InsuredEncounter, MembersPhi], now: datetime
) -> Outcome[Appeals]:
    """Who the patient is and which memberships they have."""
    state, data = state or Appeals(), event.data
    if data.revision <= state.revision or data.no_claim is not None:
        return Outcome()
    people = People.of(tuple(coverage.payer_id for coverage in data.coverages), event.phi)
    phi = state.phi.learn(people, now.date()) if state.phi else AppealsPhi(latest=people, learned_on=now.date())
    return Outcome(state.model_copy(update={"revision": data.revision, "phi": phi}))


def way_chosen(
    state: Appeals | None, event: Event[WayChosen, Any], now: datetime, directory: PayerDirectory
) -> Outcome[Appeals]:
    """Triage wants a packet sent."""
    if event.data.way not in KINDS:
        return _dropped(state, event.data.denial_id, now)
    return _outcome(event.subject, desk.asked(state or Appeals(), event.data, directory, now.date()))


def denial_closed(state: Appeals | None, event: Event[DenialClosed, Any], now: datetime) -> Outcome[Appeals]:
    """Nothing is denied any more: a packet that waits for approval goes nowhere."""
    return _dropped(state, event.data.denial_id, now)


def approval_given(
    state: Appeals | None, event: Event[ApproveAppeal, Any], now: datetime, directory: PayerDirectory
) -> Outcome[Appeals]:
    """A person approves or declines. After the time to decide it changes nothing."""
    data = event.data
    if state is None or not any(appeal.request.denial_id == data.denial_id for appeal in state.appeals):
        raise Reject("unknown_denial", "/data/denial_id")
    step = desk.answered(state, data.denial_id, data.approve, directory, now.date())
    return Outcome() if step is None else _outcome(event.subject, step)


def appeal_decided(
    state: Appeals | None, event: Event[AppealDecided, Any], now: datetime, directory: PayerDirectory
) -> Outcome[Appeals]:
    """The payer's decision on a packet of ours."""
    if state is None or state.get(event.data.appeal_id) is None:
        raise Reject("unknown_appeal", "/data/appeal_id")
    step = desk.decided(state, event.data, directory, now.date())
    return Outcome() if step is None else _outcome(event.subject, step)


def morning(
    state: Appeals | None, event: Event[TimerFired, Any], now: datetime, directory: PayerDirectory
) -> Outcome[Appeals]:
    """Something is due."""
    return Outcome() if state is None else _outcome(event.subject, desk.work(state, directory, now.date()))


def _dropped(state: Appeals | None, denial_id: str, now: datetime) -> Outcome[Appeals]:
    if state is None:
        return Outcome()
    changed = desk.dropped(state, denial_id, now.date())
    return Outcome() if changed == state else Outcome(changed)


def _outcome(account: str, step: desk.Step) -> Outcome[Appeals]:
    state, told = step
    return Outcome(state, tuple(Emit(account, data, phi) for data, phi in told))


def routes(directory: PayerDirectory) -> Routes:
    """appeals' routing table; the payer directory tells levels, addressees and clocks."""
    return Routes(
        service="appeals",
        events=(
            Route(EncounterAccepted, Appeals, encounter_accepted, phi=True, view=InsuredEncounter),
            Route(WayChosen, Appeals, partial(way_chosen, directory=directory)),
            Route(DenialClosed, Appeals, denial_closed),
            Route(ApproveAppeal, Appeals, partial(approval_given, directory=directory)),
            Route(AppealDecided, Appeals, partial(appeal_decided, directory=directory)),
        ),
        timers=(TimerRoute(TIMER, Appeals, partial(morning, directory=directory)),),
    )
