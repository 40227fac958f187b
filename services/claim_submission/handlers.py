"""What claim_submission does with each event; the routing table is at the end."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from schemas.directory import PayerDirectory
from schemas.document import Phi
from schemas.events.commands import ReleaseHold, ResendClaim
from schemas.events.denials import WayChosen
from schemas.events.eligibility import CoverageVerified
from schemas.events.encounters import EncounterAccepted, EncounterWithdrawn
from schemas.events.envelope import Event, EventData
from schemas.events.payer_inbound import ClaimAcknowledged, ClaimAnswered, ClaimRecouped, ClaimStatusAnswered
from services.chassis.verdicts import Emit, Handler, Outcome, Reject, Route, Routes, TimerRoute
from services.claim_submission.domain.account import DUE, Account, followed, settled
from services.claim_submission.domain.acknowledgements import acknowledged, status_answered
from services.claim_submission.domain.adjudication import answered
from services.claim_submission.domain.change import Change, Message
from services.claim_submission.domain.facts_in import accepted, verified, withdrawn
from services.claim_submission.domain.review import reviewed
from services.claim_submission.domain.takebacks import recouped
from services.claim_submission.domain.ways import way_chosen

Decide = Callable[[Account, Event[Any, Any], PayerDirectory, date], Change]


def _accepted(account: Account, event: Event[Any, Any], directory: PayerDirectory, today: date) -> Change:
    if event.phi is None:
        raise Reject("phi_missing", "/phi")
    return accepted(account, event.data, event.phi, directory, today)


def _withdrawn(account: Account, event: Event[Any, Any], directory: PayerDirectory, today: date) -> Change:
    return withdrawn(account, today)


def _verified(account: Account, event: Event[Any, Any], directory: PayerDirectory, today: date) -> Change:
    return verified(account, event.data, directory, today)


def _acknowledged(account: Account, event: Event[Any, Any], directory: PayerDirectory, today: date) -> Change:
    return acknowledged(account, event.data, directory, today)


def _status_answered(account: Account, event: Event[Any, Any], directory: PayerDirectory, today: date) -> Change:
    return status_answered(account, event.data, today)


def _answered(account: Account, event: Event[Any, Any], directory: PayerDirectory, today: date) -> Change:
    return answered(account, event.data, event.phi, today)


def _recouped(account: Account, event: Event[Any, Any], directory: PayerDirectory, today: date) -> Change:
    return recouped(account, event.data, today)


def _way_chosen(account: Account, event: Event[Any, Any], directory: PayerDirectory, today: date) -> Change:
    return way_chosen(account, event.data, today)


def _released(account: Account, event: Event[Any, Any], directory: PayerDirectory, today: date) -> Change:
    claim = account.claim(event.data.claim_id)
    if claim is None or claim.known_sent(today):
        return Change(account)
    return Change(account.with_claim(claim.model_copy(update={"release_on": claim.release_on or today})).waking(today))


def _resent(account: Account, event: Event[Any, Any], directory: PayerDirectory, today: date) -> Change:
    claim = account.claim(event.data.claim_id)
    if claim is None:
        raise Reject("unknown_claim", "/data/claim_id")
    if today in claim.resends:
        return Change(account)
    return Change(account.with_claim(claim.model_copy(update={"resends": (*claim.resends, today)})).waking(today))


def _due(account: Account, event: Event[Any, Any], directory: PayerDirectory, today: date) -> Change:
    return reviewed(account, directory, today)


def _handler(decide: Decide, directory: PayerDirectory) -> Handler:
    def handle(state: Account | None, event: Event[EventData, Phi | None], now: datetime) -> Outcome[Account]:
        account = state or Account(account=event.subject)
        change = decide(account, event, directory, now.date())
        if change.account is account and not change.messages:
            return Outcome()
        after = change.account if decide is _due else followed(change.account, account, now.date())
        return Outcome(settled(after, account), tuple(_emit(account.account, message) for message in change.messages))

    return handle


def _emit(account: str, message: Message) -> Emit:
    return Emit(message.key or account, message.data, message.phi, partner=message.partner)


EVENTS: tuple[tuple[type[EventData], Decide], ...] = (
    (EncounterAccepted, _accepted),
    (EncounterWithdrawn, _withdrawn),
    (CoverageVerified, _verified),
    (ClaimAcknowledged, _acknowledged),
    (ClaimStatusAnswered, _status_answered),
    (ClaimAnswered, _answered),
    (ClaimRecouped, _recouped),
    (WayChosen, _way_chosen),
    (ReleaseHold, _released),
    (ResendClaim, _resent),
)


WITH_PHI = frozenset((EncounterAccepted, ClaimAnswered))


def routes(directory: PayerDirectory) -> Routes:
    """The routing table, for the payers of a directory."""
    return Routes(
        service="claim_submission",
        events=tuple(
            Route(event, Account, _handler(decide, directory), phi=event in WITH_PHI) for event, decide in EVENTS
        ),
        timers=(TimerRoute(DUE, Account, _handler(_due, directory)),),
    )
