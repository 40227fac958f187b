"""One short function an event, and the routing table at its end."""

from datetime import datetime
from functools import partial

from schemas.events.clock import TimerFired
from schemas.events.eligibility import CoverageCheckRequested, CoveragePhi, CoverageVerified
from schemas.events.encounters import EncounterAccepted, Member, PayerCoverage
from schemas.events.envelope import Event
from schemas.events.payer_inbound import EligibilityAnswered
from schemas.events.payer_outbound import EligibilityInquiry, InquiryPhi
from services.chassis.verdicts import Emit, Outcome, Route, Routes, TimerRoute
from services.eligibility.domain.encounter import CoveredEncounter
from services.eligibility.domain.identities import Identities
from services.eligibility.domain.inquiry import ask
from services.eligibility.domain.patient import TIMER, AwaitedCoverage, Patient, Verified

Check = Event[CoverageCheckRequested, CoveragePhi]


def accepted(state: None, event: Event[CoveredEncounter, CoveragePhi], now: datetime) -> Outcome[Patient]:
    """Carry an encounter that will make a claim to its patient."""
    encounter = event.data
    if encounter.no_claim is not None or not encounter.coverages:
        return Outcome()
    check = CoverageCheckRequested(
        account=event.subject,
        revision=encounter.revision,
        partner=encounter.partner,
        service_date=min(line.service_date for line in encounter.lines),
        coverages=encounter.coverages,
        billing_provider=encounter.billing_provider,
    )
    return Outcome(events=(Emit(encounter.patient_key, check, event.phi),))


def requested(state: Patient | None, event: Check, now: datetime, ids: Identities) -> Outcome[Patient]:
    """Ask the payers of an encounter what no answer at hand tells already."""
    state, check = state or Patient(), event.data
    if check.revision <= state.revision(check.account):
        return Outcome()
    state, overdue = state.settled(now)
    asked = _told(overdue)
    awaited: list[AwaitedCoverage] = []
    for coverage, member in zip(check.coverages, event.phi.members, strict=True):
        state, slot, emits = _covered(state, event, coverage, member, now, ids)
        asked += emits
        awaited.append(AwaitedCoverage(payer_id=coverage.payer_id, priority=coverage.priority, slot=slot))
    state = state.waits(check.account, check.revision, check.service_date, tuple(awaited), now)
    return _settled(state, now, *asked)


def answered(state: Patient | None, event: Event[EligibilityAnswered, None], now: datetime) -> Outcome[Patient]:
    """Keep a payer's answer, and let go the encounters that waited for it; a question not ours or answered is passed."""
    slot = event.data.trace.removeprefix(event.subject)
    inquiry = state.inquiries.get(slot) if state else None
    if state is None or inquiry is None or inquiry.answered_at is not None:
        return Outcome()
    told = state.model_copy(update={"inquiries": {**state.inquiries, slot: inquiry.answered(event.data, now)}})
    return _settled(told, now)


def expired(state: Patient, event: Event[TimerFired, None], now: datetime) -> Outcome[Patient]:
    """The time for answers ran out for at least one encounter."""
    return _settled(state, now)


def _covered(
    state: Patient, event: Check, coverage: PayerCoverage, member: Member, now: datetime, ids: Identities
) -> tuple[Patient, str | None, tuple[Emit, ...]]:
    check = event.data
    question = ask(coverage, member, event.phi.patient, check.billing_provider, check.service_date, ids)
    known = state.answer_for(question, check.service_date, now)
    slot = known or state.free_slot(question, now)
    if known is not None or slot is None:
        return state, slot, ()
    inquiry = EligibilityInquiry(
        payer_id=coverage.payer_id,
        trace=event.subject + slot,
        relationship=coverage.relationship,
        service_date=check.service_date,
        provider=check.billing_provider,
    )
    phi = InquiryPhi(patient=event.phi.patient, member=member)
    return state.asked(slot, question, now), slot, (Emit(event.subject, inquiry, phi),)


def _settled(state: Patient, now: datetime, *asked: Emit) -> Outcome[Patient]:
    state, done = state.settled(now)
    return Outcome(state, (*asked, *_told(done)))


def _told(done: dict[str, Verified]) -> list[Emit]:
    return [
        Emit(account, CoverageVerified(revision=found.revision, coverages=found.coverages))
        for account, found in sorted(done.items())
    ]


def routes(ids: Identities) -> Routes:
    """eligibility's routing table; `ids` names questions without telling the member."""
    return Routes(
        service="eligibility",
        events=(
            Route(EncounterAccepted, None, accepted, phi=True, view=CoveredEncounter),
            Route(CoverageCheckRequested, Patient, partial(requested, ids=ids), phi=True),
            Route(EligibilityAnswered, Patient, answered),
        ),
        timers=(TimerRoute(TIMER, Patient, expired),),
    )
