"""From records to work: decodes what this service handles, passes over what it does not, sets aside what it cannot."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from schemas.document import Aggregate
from schemas.events.clock import Tick, TimerFired
from schemas.events.envelope import Event
from services.chassis.codec import Codec, derived_id, parse
from services.chassis.log import places
from services.chassis.records import TYPE_HEADER, Batch, Record, header, published_in
from services.chassis.router import EFFECTS_TIMER, Router, Source
from services.chassis.verdicts import Handler, RawRoute, Received, Reject


@dataclass(slots=True)
class Work:
    """One event to handle: its handler, and the document it changes (None for a stateless hop)."""

    record: Record
    event: Event[Any, Any]
    handler: Handler | None
    """None: the tick asks for stuck effects to be tried again."""
    document: type[Aggregate] | None
    key: str
    timer: str | None = None
    partitioned: bool = True
    """Whether the record lies in its key's partition; partner topics may have any key and count."""


@dataclass(slots=True)
class Reading:
    """What a batch asks for."""

    work: list[Work] = field(default_factory=list)
    letters: list[tuple[Record, Reject]] = field(default_factory=list)
    tick: Event[Tick, None] | None = None
    """The newest tick of a batch of clock.v1."""
    skipped: int = 0


class Reader:
    """Reads batches by a service's routing table."""

    def __init__(self, router: Router, codec: Codec) -> None:
        self._router = router
        self._codec = codec

    def read(self, batch: Batch) -> Reading:
        """The work in a batch, in order. Never raises: what cannot be read is among the letters."""
        reading = Reading()
        for record in batch.records:
            try:
                self._read(batch, record, reading)
            except Reject as reject:
                reading.letters.append((record, reject))
            except Exception as error:  # noqa: BLE001 - a service's key function may raise anything
                reading.letters.append((record, failed("unreadable", error)))
        return reading

    def _read(self, batch: Batch, record: Record, reading: Reading) -> None:
        source = self._router.source(published_in(batch.topic, record, self._router.service))
        if source.raw is not None:
            reading.work.append(self._received(source, source.raw, batch, record))
            return
        named = header(record, TYPE_HEADER)
        if named is None or not self._sort(named, source, batch, record, reading):
            self._sort(type_of(record), source, batch, record, reading)

    def _sort(self, type_: str, source: Source, batch: Batch, record: Record, reading: Reading) -> bool:
        """Read a record as of this type; False if it says itself that it is of another."""
        model = source.wanted.get(type_)
        if model is None:
            reading.skipped += 1
            return True
        route = self._router.by_type(type_)
        time = record_time(record) if source.record_time else None
        try:
            event: Event[Any, Any] = self._codec.decode(
                record.value, model, batch.partition, route is not None and route.phi, time
            )
        except Reject:
            if type_of(record) == type_:
                raise
            return False
        if model is Tick:
            if reading.tick is None or event.time >= reading.tick.time:
                reading.tick = event
        elif model is TimerFired:
            self._timer(record, event, reading)
        elif route is not None:
            reading.work.append(Work(record, event, route.handler, route.document, checked(route.key, event)))
        return True

    def _timer(self, record: Record, event: Event[TimerFired, None], reading: Reading) -> None:
        document = self._router.aggregates.get(event.data.document)
        route = self._router.timer(event.data.document, event.data.timer)
        if document is not None and event.data.timer == EFFECTS_TIMER:
            reading.work.append(Work(record, event, None, document, event.subject, EFFECTS_TIMER))
        elif route is not None:
            reading.work.append(Work(record, event, route.handler, document, event.subject, event.data.timer))
        else:
            raise Reject("unknown_timer", "data.timer")

    def _received(self, source: Source, route: RawRoute, batch: Batch, record: Record) -> Work:
        body = parse(record.value)
        value = record.value or b""
        given, subject = body.get("id"), body.get("subject")
        event = Event(
            id=derived_id("received", source.topic, given, hashlib.sha256(value).hexdigest()),
            source=source.topic,
            subject=subject if isinstance(subject, str) and subject else (record.key or b"").decode(errors="replace"),
            time=record_time(record),
            data=Received(
                partner=source.partner or "",
                topic=source.topic,
                partition=batch.partition,
                offset=record.offset,
                size=len(value),
                body=body,
                value=value,
            ),
            phi=None,
            partition=batch.partition,
        )
        return Work(record, event, route.handler, route.document, checked(route.key, event), None, False)


def type_of(record: Record) -> str:
    """The CloudEvents type that a record's value states, empty if none; raises Reject for what is no JSON object."""
    type_ = parse(record.value).get("type")
    return type_ if isinstance(type_, str) else ""


def checked(key_of: Callable[[Event[Any, Any]], str], event: Event[Any, Any]) -> str:
    """The key of the document that the event changes; raises Reject if there is none."""
    key = key_of(event)
    if not isinstance(key, str) or not 1 <= len(key) <= 256:
        raise Reject("no_key", "subject")
    return key


def record_time(record: Record) -> datetime:
    """The broker's or writer's timestamp of a record."""
    return datetime.fromtimestamp(record.timestamp / 1000, UTC)


def failed(code: str, error: Exception) -> Reject:
    """The dead letter of an unexpected exception: its type and where it was raised, never its text."""
    where = places(error.__traceback__)
    return Reject(code, f"{type(error).__name__} at {where[-1] if where else 'unknown'}")
