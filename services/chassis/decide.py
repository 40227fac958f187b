"""One event on one document: calls the handler and turns its outcome into state and outbox entries. No I/O."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import orjson

from schemas.document import Aggregate
from schemas.events.envelope import Event
from services.chassis import outbox
from services.chassis.codec import Codec, Heading, derived_id
from services.chassis.crypto import Cipher
from services.chassis.errors import OutboxFull
from services.chassis.held import Held
from services.chassis.outbox import Entry, Input
from services.chassis.reader import Work, failed
from services.chassis.verdicts import Effect, Emit, Fatal, Outcome, Reject, Retry

PartitionOf = Callable[[str], int]
TICKING = timedelta(milliseconds=1)


class Decider:
    """Runs handlers of one service."""

    def __init__(self, service: str, codec: Codec, cipher: Cipher, partition_of: PartitionOf) -> None:
        self._service = service
        self._source = f"overturn/{service}"
        self._codec = codec
        self._cipher = cipher
        self._partition_of = partition_of

    def hop(self, work: Work, origin: Input) -> list[Entry]:
        """What a stateless event causes; raises Reject, Retry or Fatal."""
        event = work.event
        outcome = self._call(work, None, event, event.time)
        if outcome.state is not None or outcome.effects:
            raise Fatal(f"{self._service}: a route without a document answered with a state or an effect")
        entries = self._entries(outcome, work, origin, event.time)
        _refuse_too_large(entries, origin)
        return entries

    def apply(self, work: Work, held: Held, origin: Input) -> str:
        """Change `held` by an event; the answer says what came of it: handled, unchanged, repeated or idle.

        Raises Reject, Retry or Fatal and leaves the state as it was; raises OutboxFull when `held` cannot take more of
        this batch. An event that changed nothing, or was refused, is remembered too if anything is written: read again
        after a crash it would meet a later state and might change that.
        """
        if work.timer is not None:
            return self._ring(work, held, origin)
        mark = outbox.digest(work.event.id)
        if held.has_seen(mark):
            return "repeated"
        try:
            verdict = self._change(work, held, origin, held.state)
        except Reject:
            held.remember(mark)
            raise
        held.remember(mark)
        return verdict

    def _ring(self, work: Work, held: Held, origin: Input) -> str:
        assert work.timer is not None
        due = work.event.data.due_at
        if held.state is None or held.state.timers.get(work.timer) != due:
            return "idle"
        disarmed = held.state.model_copy(update={"timers": held.state.disarmed(work.timer)})
        return self._change(work, held, origin, disarmed)

    def _change(self, work: Work, held: Held, origin: Input, before: Aggregate | None) -> str:
        now = work.event.time if held.now is None else max(work.event.time, held.now)
        outcome = self._call(work, before, work.event, now)
        state = before if outcome.state is None else ticking(outcome.state, before, now)
        entries = self._entries(outcome, work, origin, now)
        if not entries and state == held.state:
            return "unchanged"
        if state is not None and not isinstance(state, held.document):
            raise Fatal(f"{self._service}: a handler of {held.document.__name__} answered {type(state).__name__}")
        if entries and not outbox.fits((*held.live, *held.added, *entries), origin):
            _refuse_too_large(entries, origin)
            raise OutboxFull
        held.state, held.now, held.changed = state, now, True
        held.added.extend(entries)
        return "handled"

    def _call(self, work: Work, state: Aggregate | None, event: Event[Any, Any], now: datetime) -> Outcome[Any]:
        assert work.handler is not None
        try:
            return work.handler(state, event, now)
        except (Reject, Retry, Fatal):
            raise
        except Exception as error:
            raise failed("handler_failed", error) from error

    def _entries(self, outcome: Outcome[Any], work: Work, origin: Input, now: datetime) -> list[Entry]:
        entries = [self._event(emit, at, work, origin, now) for at, emit in enumerate(outcome.events)]
        entries += [self._effect(effect, at, work, origin, now) for at, effect in enumerate(outcome.effects)]
        return entries

    def _event(self, emit: Emit, position: int, work: Work, origin: Input, now: datetime) -> Entry:
        cause = work.event
        heading = Heading(
            id=derived_id(self._service, cause.id, position),
            source=self._source,
            key=emit.key,
            time=now,
            causation_id=cause.id,
            correlation_id=cause.correlation_id or cause.id,
            traceparent=cause.traceparent,
        )
        if emit.partition is not None:
            partition = emit.partition
        else:
            partition = self._partition_of(emit.key) if emit.partner is None else -1
        return Entry(
            id=heading.id,
            cause=origin,
            offset=work.record.offset,
            target=topic_of(emit.data.TOPIC, self._service, emit.partner),
            key=emit.key,
            partition=partition,
            type=emit.data.TYPE,
            time_ms=int(now.timestamp() * 1000),
            value=self._codec.encode(heading, emit.data, emit.phi),
        )

    def _effect(self, effect: Effect, position: int, work: Work, origin: Input, now: datetime) -> Entry:
        effect_id = derived_id(self._service, work.event.id, "effect", position)
        return Entry(
            id=effect_id,
            cause=origin,
            offset=work.record.offset,
            target=effect.door,
            key=work.key,
            partition=work.event.partition,
            type="effect",
            time_ms=int(now.timestamp() * 1000),
            value=self._cipher.encrypt(orjson.dumps(effect.payload), effect_id.encode()),
            effect=True,
            given=effect,
        )


def _refuse_too_large(entries: Sequence[Entry], origin: Input) -> None:
    if not outbox.fits(entries, origin):
        raise Reject("outcome_too_large", f"{len(entries)} entries")


@cache
def topic_of(template: str, service: str, partner: str | None) -> str:
    """The topic of a template, for a service's or a partner's own events."""
    return template.format(service=service, partner=partner)


def ticking(state: Aggregate, before: Aggregate | None, now: datetime) -> Aggregate:
    """The state with every newly armed timer after `now`.

    A timer armed for an instant that has come would ring at the present tick or at the next, whichever page of the
    partition is turned first; moved just past `now` it always rings at the next.
    """
    known = before.timers if before is not None else {}
    if state.timers is known:
        return state
    moved = {name: now + TICKING for name, due in state.timers.items() if due <= now and known.get(name) != due}
    return replace_timers(state, moved) if moved else state


def replace_timers(state: Aggregate, moved: dict[str, datetime]) -> Aggregate:
    """The state with some timers set anew."""
    return state.model_copy(update={"timers": {**state.timers, **moved}})
