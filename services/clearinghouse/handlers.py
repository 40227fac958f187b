"""Events of the clearinghouse: what is to be carried joins a lane, a lane closes into files, a refused group is told."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from schemas.directory import PayerDirectory
from schemas.events.clock import TimerFired
from schemas.events.envelope import Event
from schemas.events.lanes import GroupAcknowledged, GroupReceived, InterchangeReceived
from schemas.events.payer_outbound import AppealPacket, ClaimBill, EligibilityInquiry, StatusInquiry
from schemas.x12.companion import Guide
from services.chassis.verdicts import Effect, Emit, Outcome, Reject, Route, Routes, TimerRoute
from services.clearinghouse.domain import closing, refused
from services.clearinghouse.domain import lane as lanes
from services.clearinghouse.domain.carry import item_of, kind_and_ref, sender_of
from services.clearinghouse.domain.composing import Unsendable
from services.clearinghouse.domain.control_numbers import ControlNumberError
from services.clearinghouse.domain.lane import Lane, LaneFull, lane_key, next_midnight
from services.clearinghouse.domain.refusals import NO_PAYER, refusal

DOOR = "payer_files"


def lane_of(event: Event[Any, Any]) -> str:
    """The lane of something to carry: payer, partition, day of the event's time."""
    return lane_key(event.data.payer_id, event.partition, event.time.astimezone(UTC).date())


class LaneHandlers:
    """The handlers that need the payer directory and the payers' companion guides (by payer id)."""

    def __init__(self, directory: PayerDirectory, guides: Mapping[str, Sequence[Guide]] | None = None) -> None:
        self._directory = directory
        self._guides = guides or {}

    def carry(self, state: Lane | None, event: Event[Any, Any], now: datetime) -> Outcome[Lane]:
        """Put a claim, an inquiry, a packet or a receipt into its lane; answer ourselves what no payer could get."""
        payer_id = event.data.payer_id
        profile = self._directory.get(payer_id)
        if profile is None:
            return _refused(event, NO_PAYER, "payer_not_in_directory")
        try:
            item = item_of(event, sender_of(self._directory, profile))
        except Unsendable as fault:
            return _refused(event, fault.codes, "cannot_be_written")
        lane = state or Lane(payer_id=payer_id, partition=event.partition, day=event.time.astimezone(UTC).date())
        try:
            return Outcome(lanes.add(lane, item, now))
        except LaneFull:
            raise Reject("lane_full", "data.payer_id") from None

    def close(self, state: Lane, event: Event[TimerFired, None], now: datetime) -> Outcome[Lane]:
        """Fix everything open into files, one effect a file, in one write; what no file may carry is withheld."""
        profile = self._directory.get(state.payer_id)
        if profile is None:
            return Outcome(state.model_copy(update={"timers": state.armed(lanes.CLOSE, next_midnight(now))}))
        guides = self._guides.get(state.payer_id, ())
        closed, files = closing.close(state, sender_of(self._directory, profile), now, guides)
        key = lane_key(state.payer_id, state.partition, state.day)
        effects = (Effect(DOOR, {"lane": key, "batch": file.batch.number}, file) for file in files)
        return Outcome(closed, effects=tuple(effects))


def _refused(event: Event[Any, Any], codes: tuple[str, ...], reason: str) -> Outcome[Lane]:
    """Our own answer to who asked; for what nobody waits for a dead letter tells the reason and the first code."""
    kind, ref = kind_and_ref(event)
    answer = refusal(kind, ref, event.data.payer_id, codes, event.time.date())
    if answer is None:
        raise Reject(reason, codes[0])
    return Outcome(events=(Emit(event.subject, answer),))


def tell(state: Lane, event: Event[TimerFired, None], now: datetime) -> Outcome[Lane]:
    """Answer those whose claims and inquiries were withheld."""
    lane, told = closing.tell(state, now)
    return Outcome(lane, tuple(Emit(key, data) for key, data in told))


def group_acknowledged(state: Lane | None, event: Event[GroupAcknowledged, None], now: datetime) -> Outcome[Lane]:
    """Tell every claim of a refused set. One set an event, so that no outbox overflows: the rest is told by the next."""
    try:
        batch = refused.batch_of(state, event.data) if state else None
    except ControlNumberError:
        batch = None
    if state is None or batch is None:
        raise Reject("unknown_group", "data.group_control")
    found = refused.refused_sets(batch, event.data)
    if not found:
        return Outcome()
    told = [Emit(key, data) for key, data in refused.answers(state, batch, found[0], event.data)]
    if found[1:]:
        rest = event.data.model_copy(update={"sets": found[1:]})
        told.append(Emit(event.subject, rest, partition=state.partition))
    return Outcome(refused.mark(state, batch, found[0]), tuple(told))


def routes(
    directory: PayerDirectory,
    guides: Mapping[str, Sequence[Guide]] | None = None,
) -> Routes:
    """Which event goes where."""
    handlers = LaneHandlers(directory, guides)
    return Routes(
        service="clearinghouse",
        events=(
            Route(ClaimBill, Lane, handlers.carry, lane_of, phi=True),
            Route(EligibilityInquiry, Lane, handlers.carry, lane_of, phi=True),
            Route(StatusInquiry, Lane, handlers.carry, lane_of, phi=True),
            Route(AppealPacket, Lane, handlers.carry, lane_of, phi=True),
            Route(GroupReceived, Lane, handlers.carry, lane_of),
            Route(InterchangeReceived, Lane, handlers.carry, lane_of),
            Route(GroupAcknowledged, Lane, group_acknowledged),
        ),
        timers=(TimerRoute(lanes.CLOSE, Lane, handlers.close), TimerRoute(lanes.TELL, Lane, tell)),
    )
