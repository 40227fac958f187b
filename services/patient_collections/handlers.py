"""One short function an event, and the routing table at its end. An account tells its guarantor; the morning asks."""

from datetime import datetime, timedelta
from typing import Any

from schemas.events.appeals import AppealClosed, AppealFiled
from schemas.events.claims import ClaimAdjudicated, ClaimHeld, ClaimLedgerChanged, ClaimRebilled, ClaimSubmitted
from schemas.events.clock import TimerFired
from schemas.events.commands import TakePatientPayment
from schemas.events.denials import DenialClosed, DenialOpened
from schemas.events.encounters import EncounterAccepted, EncounterWithdrawn
from schemas.events.envelope import Event
from schemas.events.patients import AccountBalance, GuarantorPhi
from services.chassis.verdicts import Effect, Emit, Outcome, Reject, Route, Routes, TimerRoute
from services.patient_collections.domain.account import ClaimShare, PatientAccount
from services.patient_collections.domain.guarantor import Balance, Guarantor, HeardBalance, Payment, Share
from services.patient_collections.domain.letter import letter
from services.patient_collections.domain.morning import TIMER, wake, work
from services.patient_collections.domain.views import AnsweredClaim, ChargedEncounter, SubmittedClaim

DOOR = "statements"
UNANSWERED = ClaimShare()


def encounter_accepted(
    state: PatientAccount | None, event: Event[ChargedEncounter, GuarantorPhi], now: datetime
) -> Outcome[PatientAccount]:
    """Who answers for the account; a self-pay encounter's charges."""
    data, known = event.data, state or PatientAccount()
    if data.revision <= known.encounter_revision:
        return Outcome()
    changes = {
        "guarantor_key": data.guarantor_key,
        "encounter_revision": data.revision,
        "service_date": min([line.service_date for line in data.lines]),
        "self_pay": sum([line.charge for line in data.lines]) if data.no_claim == "self_pay" else 0,
        "phi": event.phi,
    }
    return _told(known.model_copy(update=changes), event.subject)


def encounter_withdrawn(
    state: PatientAccount | None, event: Event[EncounterWithdrawn, Any], now: datetime
) -> Outcome[PatientAccount]:
    """The encounter did not take place: self-pay charges are owed no more."""
    return _told((state or PatientAccount()).model_copy(update={"withdrawn": True}), event.subject)


def claim_under_way(
    state: PatientAccount | None, event: Event[SubmittedClaim | ClaimHeld, Any], now: datetime
) -> Outcome[PatientAccount]:
    """A claim is on its way to a payer, or waits to be: what the patient owes is not known yet."""
    return _told((state or PatientAccount()).with_claim(event.data.claim_id, UNANSWERED), event.subject)


def ledger_told(
    state: PatientAccount | None,
    event: Event[AnsweredClaim | ClaimLedgerChanged | ClaimRebilled, Any],
    now: datetime,
) -> Outcome[PatientAccount]:
    """A claim's newest money."""
    data = event.data
    dropped = isinstance(data, ClaimLedgerChanged) and data.cause in ("withdrawn", "self_pay")
    share = ClaimShare.of(data.ledger, data.ledger_version, dropped)
    return _told((state or PatientAccount()).with_claim(data.claim_id, share), event.subject)


def denial_opened(
    state: PatientAccount | None, event: Event[DenialOpened, Any], now: datetime
) -> Outcome[PatientAccount]:
    """A denial holds the account."""
    return _held(state, event.subject, "denials", event.data.denial_id, True)


def denial_closed(
    state: PatientAccount | None, event: Event[DenialClosed, Any], now: datetime
) -> Outcome[PatientAccount]:
    """A denial ended."""
    return _held(state, event.subject, "denials", event.data.denial_id, False)


def appeal_filed(
    state: PatientAccount | None, event: Event[AppealFiled, Any], now: datetime
) -> Outcome[PatientAccount]:
    """An appeal holds the account."""
    return _held(state, event.subject, "appeals", event.data.appeal_id, True)


def appeal_closed(
    state: PatientAccount | None, event: Event[AppealClosed, Any], now: datetime
) -> Outcome[PatientAccount]:
    """An appeal ended."""
    return _held(state, event.subject, "appeals", event.data.appeal_id, False)


def balance_told(
    state: Guarantor | None, event: Event[AccountBalance, GuarantorPhi | None], now: datetime
) -> Outcome[Guarantor]:
    """An account tells what is owed on it; what an older one says is past."""
    state, data, today = state or Guarantor(), event.data, now.date()
    known = state.shares.get(data.account)
    if known is not None and known.revision >= data.revision:
        return Outcome()
    balance = Balance(owed=data.owed, held=data.held)
    heard = known.balance.learn(balance, today) if known else HeardBalance(latest=balance, learned_on=today)
    news = {"service_date": data.service_date, "revision": data.revision, "balance": heard}
    share = known.model_copy(update=news) if known else Share(**news)
    state = state.with_share(data.account, share)
    state = state.model_copy(update={"phi": event.phi or state.phi})
    return Outcome(wake(state, today + timedelta(days=1)))


def payment_taken(state: Guarantor | None, event: Event[TakePatientPayment, Any], now: datetime) -> Outcome[Guarantor]:
    """Money came; tomorrow morning it finds its accounts. The same payment again is no new money."""
    data, today = event.data, now.date()
    if state is None:
        raise Reject("unknown_guarantor", "/subject")
    known = next((payment for payment in state.payments if payment.payment_id == data.payment_id), None)
    if known is not None:
        if known.cents != data.cents or known.method != data.method:
            raise Reject("payment_id_reused", "/data/payment_id")
        return Outcome()
    payment = Payment(payment_id=data.payment_id, cents=data.cents, method=data.method, received_on=today)
    return Outcome(wake(state.with_payment(payment), today + timedelta(days=1)))


def morning(state: Guarantor | None, event: Event[TimerFired, Any], now: datetime) -> Outcome[Guarantor]:
    """Cash finds its place, statements go out, asking ends."""
    if state is None:
        return Outcome()
    done = work(state, event.subject, now.date())
    effects = (Effect(DOOR, letter(done.state, done.statement)),) if done.statement else ()
    return Outcome(done.state, tuple(Emit(event.subject, data) for data in done.events), effects)


def _held(state: PatientAccount | None, account: str, field: str, name: str, opens: bool) -> Outcome[PatientAccount]:
    known = state or PatientAccount()
    others = tuple(item for item in getattr(known, field) if item != name)
    held = (*others, name) if opens else others
    return _told(known.model_copy(update={field: held}), account)


def _told(changed: PatientAccount, account: str) -> Outcome[PatientAccount]:
    state, balances = changed.tell(account)
    own = changed.guarantor_key
    emits = (Emit(key, balance, changed.phi if key == own else None) for key, balance in balances)
    return Outcome(state, tuple(emits))


ROUTES = Routes(
    service="patient_collections",
    events=(
        Route(EncounterAccepted, PatientAccount, encounter_accepted, phi=True, view=ChargedEncounter),
        Route(EncounterWithdrawn, PatientAccount, encounter_withdrawn),
        Route(ClaimHeld, PatientAccount, claim_under_way),
        Route(ClaimSubmitted, PatientAccount, claim_under_way, view=SubmittedClaim),
        Route(ClaimAdjudicated, PatientAccount, ledger_told, view=AnsweredClaim),
        Route(ClaimLedgerChanged, PatientAccount, ledger_told),
        Route(ClaimRebilled, PatientAccount, ledger_told),
        Route(DenialOpened, PatientAccount, denial_opened),
        Route(DenialClosed, PatientAccount, denial_closed),
        Route(AppealFiled, PatientAccount, appeal_filed),
        Route(AppealClosed, PatientAccount, appeal_closed),
        Route(AccountBalance, Guarantor, balance_told, phi=True),
        Route(TakePatientPayment, Guarantor, payment_taken),
    ),
    timers=(TimerRoute(TIMER, Guarantor, morning),),
)
