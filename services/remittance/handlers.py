"""One short function an event, and the routing table at its end. Nothing is caused: remittance only counts."""

from datetime import datetime

from schemas.events.envelope import Event
from schemas.events.remittance import (
    ClaimCentsPosted,
    ClaimCentsRecouped,
    ClaimParked,
    DepositReported,
    PaymentReceived,
)
from services.chassis.verdicts import Outcome, Route, Routes
from services.remittance.domain.check import Check, Deposit, Place, Recouped


def received(state: Check | None, event: Event[PaymentReceived, None], now: datetime) -> Outcome[Check]:
    """A payment was read: posted, parked, or a repeat."""
    return Outcome((state or Check()).received(event.data))


def parked(state: Check | None, event: Event[ClaimParked, None], now: datetime) -> Outcome[Check]:
    """The clearinghouse kept a claim back: its cents are unapplied."""
    told = event.data
    place = Place(cents=told.cents, disposition=told.disposition, reason=told.reason, place=told.place)
    return Outcome((state or Check()).placed(told.position, place))


def posted(state: Check | None, event: Event[ClaimCentsPosted, None], now: datetime) -> Outcome[Check]:
    """claim_submission found the claim, or did not."""
    told = event.data
    place = Place(
        cents=told.cents,
        disposition=told.disposition,
        reason=told.reason,
        account=told.account,
        claim_id=told.claim_id,
        result=told.result,
        classes=told.classes,
    )
    return Outcome((state or Check()).placed(told.position, place))


def recouped(state: Check | None, event: Event[ClaimCentsRecouped, None], now: datetime) -> Outcome[Check]:
    """claim_submission tells what of a PLB pair stands against its claim."""
    told = event.data
    entry = Recouped(claim_id=told.claim_id, cents=told.cents, ledger_version=told.ledger_version)
    return Outcome((state or Check()).recouping(told.position, entry))


def deposited(state: Check | None, event: Event[DepositReported, None], now: datetime) -> Outcome[Check]:
    """The bank's word on the check."""
    deposit = Deposit(cents=event.data.cents, deposited_on=event.data.deposited_on)
    return Outcome((state or Check()).deposited(deposit))


ROUTES = Routes(
    service="remittance",
    events=(
        Route(PaymentReceived, Check, received),
        Route(ClaimParked, Check, parked),
        Route(ClaimCentsPosted, Check, posted),
        Route(ClaimCentsRecouped, Check, recouped),
        Route(DepositReported, Check, deposited),
    ),
)
