"""One event on one document: what is remembered, owed, refused, and when a timer rings."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import orjson
import pytest

from schemas.document import Aggregate, Phi
from schemas.events.clock import TimerFired
from schemas.events.envelope import Event, EventData
from services.chassis.codec import Codec
from services.chassis.crypto import Cipher, KeyFile
from services.chassis.decide import Decider
from services.chassis.documents import Form
from services.chassis.errors import OutboxFull
from services.chassis.held import Held
from services.chassis.reader import Work
from services.chassis.verdicts import Effect, Emit, Fatal, Handler, Outcome, Reject

CIPHER = Cipher(KeyFile("k", {"k": os.urandom(32)}, b""))
DECIDER = Decider("svc", Codec(CIPHER), CIPHER, lambda key: 2)
NOW = datetime(2026, 1, 5, tzinfo=UTC)
ORIGIN = ("in.v1", 1)


class Name(Phi):
    name: str


class Count(Aggregate):
    total: int = 0
    phi: Name | None = None


class DecideEvent(EventData):
    """Keeps the test's types out of the registry of released types."""


class Added(DecideEvent):
    TYPE: ClassVar[str] = "test.added.v1"
    TOPIC: ClassVar[str] = "{service}.added.v1"
    n: int = 1


@dataclass
class Line:
    offset: int = 7
    timestamp: int = 0
    key: bytes | None = None
    value: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


def add(state: Count | None, event: Event[Any, Any], now: datetime) -> Outcome[Count]:
    count = (state or Count()).model_copy(update={"total": (state.total if state else 0) + 1})
    return Outcome(count, (Emit("k", Added()), Emit("other", Added())), (Effect("door", {"name": "Joan"}),))


def work(handler: Handler = add, event_id: str = "e1", time: datetime = NOW, timer: str | None = None) -> Work:
    data: EventData = Added() if timer is None else TimerFired(document="Count", timer=timer, due_at=NOW)
    event = Event(event_id, "s", "k", time, data, None, 1, None, "story", "00-trace")
    return Work(Line(), event, handler, Count, "k", timer)


def held(**fields: Any) -> Held:
    return Held(Count, "k", **fields)


def test_an_outcome_becomes_state_and_entries_with_derived_ids() -> None:
    first, again = held(), held()
    assert DECIDER.apply(work(), first, ORIGIN) == "handled"
    DECIDER.apply(work(), again, ORIGIN)
    assert first.state == Count(total=1)
    assert [entry.id for entry in first.added] == [entry.id for entry in again.added]
    event, other, effect = first.added
    assert (event.target, event.partition, event.cause, event.offset, event.key) == ("svc.added.v1", 2, ORIGIN, 7, "k")
    fields = orjson.loads(event.value)
    assert (fields["causationid"], fields["correlationid"], fields["traceparent"]) == ("e1", "story", "00-trace")
    assert len({event.id, other.id, effect.id}) == 3
    assert effect.effect and b"Joan" not in effect.value


def test_a_repeated_id_never_reaches_the_handler_again() -> None:
    one = held()
    DECIDER.apply(work(), one, ORIGIN)
    stored = Form(CIPHER).dump(one)
    loaded, outbox = Form(CIPHER).load(Count, stored)
    assert DECIDER.apply(work(), loaded, ORIGIN) == "repeated"
    assert not loaded.changed
    assert outbox == tuple(one.added)


def test_no_change_and_no_events_is_no_write() -> None:
    one = held(state=Count(total=3), version=1)
    assert DECIDER.apply(work(lambda state, event, now: Outcome()), one, ORIGIN) == "unchanged"
    same = work(lambda state, event, now: Outcome(Count(total=3)), "e2")
    assert DECIDER.apply(same, one, ORIGIN) == "unchanged"
    assert not one.changed


def test_events_without_a_state_are_still_written() -> None:
    one = held()
    DECIDER.apply(work(lambda state, event, now: Outcome(None, (Emit("k", Added()),))), one, ORIGIN)
    assert one.changed
    assert one.state is None
    assert Form(CIPHER).load(Count, Form(CIPHER).dump(one))[0].state is None


def test_now_never_goes_back() -> None:
    times: list[datetime] = []

    def note(state: Count | None, event: Event[Any, Any], now: datetime) -> Outcome[Count]:
        times.append(now)
        return add(state, event, now)

    one = held()
    for number, minutes in enumerate((5, 3, 9)):
        DECIDER.apply(work(note, f"e{number}", NOW + timedelta(minutes=minutes)), one, ORIGIN)
    assert times == [NOW + timedelta(minutes=minutes) for minutes in (5, 5, 9)]
    assert one.now == times[-1]


def test_an_unexpected_exception_is_told_without_its_text_and_leaves_the_document() -> None:
    def fail(state: Count | None, event: Event[Any, Any], now: datetime) -> Outcome[Count]:
        raise ValueError("Joan Smith")

    one = held()
    with pytest.raises(Reject) as refused:
        DECIDER.apply(work(fail), one, ORIGIN)
    assert refused.value.code == "handler_failed"
    assert refused.value.place.startswith("ValueError at test_decide.py:")
    assert "Joan" not in str(refused.value)
    assert not one.changed


def test_an_outcome_beyond_the_limits_is_refused_and_a_full_outbox_asks_for_shorter_batches() -> None:
    many = tuple(Emit("k", Added(n=number)) for number in range(60))
    one = held()
    DECIDER.apply(work(lambda state, event, now: Outcome(None, many), "e1"), one, ORIGIN)
    with pytest.raises(OutboxFull):
        DECIDER.apply(work(lambda state, event, now: Outcome(None, many), "e2"), one, ORIGIN)
    assert len(one.added) == 60
    with pytest.raises(Reject, match="outcome_too_large"):
        DECIDER.apply(work(lambda state, event, now: Outcome(None, many * 2), "e3"), held(), ORIGIN)


def test_a_timer_rings_only_while_armed_for_that_instant_and_is_disarmed_first() -> None:
    seen: list[Any] = []

    def ring(state: Count, event: Event[TimerFired, None], now: datetime) -> Outcome[Count]:
        seen.append(state.timers)
        return Outcome()

    armed = held(state=Count(timers={"t": NOW, "u": NOW}), version=1)
    assert DECIDER.apply(work(ring, timer="t"), armed, ORIGIN) == "handled"
    assert seen == [{"u": NOW}]
    assert armed.state is not None and armed.state.timers == {"u": NOW}
    assert DECIDER.apply(work(ring, timer="t"), armed, ORIGIN) == "idle"
    later = held(state=Count(timers={"t": NOW + timedelta(days=1)}), version=1)
    assert DECIDER.apply(work(ring, timer="t"), later, ORIGIN) == "idle"
    assert DECIDER.apply(work(ring, timer="t"), held(), ORIGIN) == "idle"
    assert len(seen) == 1


def test_a_timer_armed_for_the_past_rings_at_the_next_tick_and_an_overdue_one_is_left() -> None:
    def arm(state: Count | None, event: Event[Any, Any], now: datetime) -> Outcome[Count]:
        return Outcome((state or Count()).model_copy(update={"timers": {"new": NOW, "old": NOW - timedelta(days=1)}}))

    one = held(state=Count(timers={"old": NOW - timedelta(days=1)}), version=1)
    DECIDER.apply(work(arm, time=NOW + timedelta(hours=1)), one, ORIGIN)
    assert one.state is not None
    assert one.state.timers == {"new": NOW + timedelta(hours=1, milliseconds=1), "old": NOW - timedelta(days=1)}
    assert one.due_at() == NOW - timedelta(days=1)


def test_a_stateless_route_may_only_emit() -> None:
    assert len(DECIDER.hop(work(lambda state, event, now: Outcome(None, (Emit("k", Added()),))), ORIGIN)) == 1
    with pytest.raises(Fatal):
        DECIDER.hop(work(add), ORIGIN)


def test_stored_phi_is_encrypted_bound_to_its_document_and_kept_while_unchanged() -> None:
    form = Form(CIPHER)
    one = held(state=Count(total=1, phi=Name(name="Joan Smith")))
    stored = form.dump(one)
    assert "Joan" not in str(stored)
    loaded, _ = form.load(Count, stored)
    assert loaded.state == one.state
    loaded.state = Count(total=2, phi=Name(name="Joan Smith"))
    assert form.dump(loaded)["phi"] == stored["phi"]
    loaded.state = Count(total=2, phi=Name(name="Joan Jones"))
    assert form.dump(loaded)["phi"] != stored["phi"]
    with pytest.raises(ValueError, match="another place"):
        form.load(Count, {**stored, "_id": "other"})
