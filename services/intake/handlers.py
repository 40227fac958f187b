"""One short function an event, and the routing table at its end.

Two hops: a partner's record is judged by its event id, then the encounter by its account.
"""

from datetime import datetime

from schemas.document import Unread
from schemas.events.encounters import (
    CancellationReceived,
    EncounterReceived,
    EncounterWithdrawn,
    RefusalReceived,
)
from schemas.events.envelope import Event
from schemas.events.partner import EncounterCancelled, EncounterRejected, EncounterSubmitted, Reason
from schemas.partner.rejections import reason
from services.chassis.verdicts import Emit, Outcome, RawRoute, Received, Route, Routes
from services.intake.domain import canonical, contract
from services.intake.domain.account import Account
from services.intake.domain.contract import Checked
from services.intake.domain.identities import Identities
from services.intake.domain.partner_event import PartnerEvent
from services.intake.domain.received import ReceivedEncounter

DUPLICATE_KEY = "duplicate_key"


def event_key(event: Event[Received, None], ids: Identities) -> str:
    """The document of a partner's event id; of the record itself where the id is not usable."""
    return ids.key("partner_event", event.data.partner, event_id(event) or event.id)


def event_id(event: Event[Received, None]) -> str | None:
    """The partner's own event id, None where it is not usable."""
    given = event.data.body.get("id")
    return given if isinstance(given, str) and 1 <= len(given) <= 128 else None


def received(
    state: PartnerEvent | None, event: Event[Received, None], now: datetime, ids: Identities
) -> Outcome[PartnerEvent]:
    """Judge a partner's record: repeat, reused id, invalid, or on to its account."""
    record = event.data
    state = state or PartnerEvent(partner=record.partner)
    checked = contract.too_large(record.body, record.size) or contract.check(record.body, record.partner, record.value)
    if any(fault.code == DUPLICATE_KEY for fault in checked.reasons):
        digest = ids.key("content", record.value.decode())
    else:
        digest = ids.key("content", contract.content(record.body, record.value))
    if state.knows(digest):
        return Outcome()
    if state.contents and not checked.reasons:
        checked = Checked(reasons=(reason("id_reused", "/id"),), encounter_number=checked.encounter_number)
    codes = tuple(fault.code for fault in checked.reasons)
    emits = _refused(event, checked, ids) if codes else (_forwarded(event, checked, ids),)
    return Outcome(state.received(digest, codes), emits)


def submitted(state: Account | None, event: Event[ReceivedEncounter, Unread], now: datetime) -> Outcome[Account]:
    """A valid encounter reaches its account: a new or higher revision stands, another is answered."""
    encounter = event.data.encounter
    state = state or Account(partner=encounter.partner)
    verdict = state.verdict(encounter.revision, now)
    if verdict == "replaced":
        return Outcome()
    if verdict != "accept":
        fault = reason(verdict, "/data/revision", revision=state.revision)
        return Outcome(state.refuse(verdict, valid=True), (_too_late(event, fault),))
    accepted = Emit(event.subject, encounter, event.phi)
    withdrawn = () if state.withdrawn_at is None else (_withdrawal(event.subject, state),)
    return Outcome(state.accept(encounter, now), (accepted, *withdrawn))


def cancelled(state: Account | None, event: Event[CancellationReceived, None], now: datetime) -> Outcome[Account]:
    """A cancellation withdraws what was accepted; before the encounter it waits for it; a second one says nothing new."""
    state = state or Account(partner=event.data.partner)
    if state.withdrawn_at is not None:
        return Outcome()
    state = state.withdraw(event.data.reason, now)
    return Outcome(state, () if state.current is None else (_withdrawal(event.subject, state),))


def refused(state: Account | None, event: Event[RefusalReceived, None], now: datetime) -> Outcome[Account]:
    """An invalid event of this encounter was answered; the account remembers why."""
    state = state or Account(partner=event.data.partner)
    return Outcome(state.refuse(*event.data.codes, valid=False))


def _forwarded(event: Event[Received, None], checked: Checked, ids: Identities) -> Emit:
    record, sender_id = event.data, event_id(event) or ""
    data = checked.data
    if isinstance(data, EncounterSubmitted):
        encounter = canonical.encounter(data, record.partner, sender_id, ids)
        hop = EncounterReceived(encounter=encounter, topic_partition=record.partition, topic_offset=record.offset)
        return Emit(ids.account_id(record.partner, data.encounter_number), hop, canonical.phi(data))
    assert isinstance(data, EncounterCancelled)
    cancellation = CancellationReceived(
        partner=record.partner,
        partner_event_id=sender_id,
        reason=data.reason,
        topic_partition=record.partition,
        topic_offset=record.offset,
    )
    return Emit(ids.account_id(record.partner, data.encounter_number), cancellation)


def _refused(event: Event[Received, None], checked: Checked, ids: Identities) -> tuple[Emit, ...]:
    record = event.data
    name = event_id(event) or f"{record.partition}:{record.offset}"
    answer = EncounterRejected(
        event_id=name, reasons=checked.reasons, topic_partition=record.partition, topic_offset=record.offset
    )
    emits = (Emit(name, answer, partner=record.partner),)
    if checked.encounter_number is None:
        return emits
    codes = tuple(dict.fromkeys(fault.code for fault in checked.reasons))
    refusal = RefusalReceived(partner=record.partner, partner_event_id=name, codes=codes)
    return (*emits, Emit(ids.account_id(record.partner, checked.encounter_number), refusal))


def _too_late(event: Event[ReceivedEncounter, Unread], fault: Reason) -> Emit:
    hop = event.data
    answer = EncounterRejected(
        event_id=hop.encounter.partner_event_id,
        reasons=(fault,),
        topic_partition=hop.topic_partition,
        topic_offset=hop.topic_offset,
    )
    return Emit(answer.event_id, answer, partner=hop.encounter.partner)


def _withdrawal(account: str, state: Account) -> Emit:
    return Emit(account, EncounterWithdrawn(partner=state.partner, reason=state.withdrawn_reason))


def routes(ids: Identities) -> Routes:
    """intake's routing table; `ids` names accounts and patients."""
    return Routes(
        service="intake",
        raw=(
            RawRoute(
                EncounterSubmitted.TOPIC,
                PartnerEvent,
                lambda state, event, now: received(state, event, now, ids),
                lambda event: event_key(event, ids),
            ),
        ),
        events=(
            Route(EncounterReceived, Account, submitted, phi=True, view=ReceivedEncounter),
            Route(CancellationReceived, Account, cancelled),
            Route(RefusalReceived, Account, refused),
        ),
    )
