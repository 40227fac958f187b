"""Ticks: the worker that reads tick (p, t) asks every document of partition p that is due to look at its timers."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.events.clock import Tick, TimerFired
from schemas.events.envelope import Event
from services.chassis import metrics
from services.chassis.codec import Codec, Heading, derived_id
from services.chassis.observe import labelled
from services.chassis.outbox import Entry
from services.chassis.ports import Outlet
from services.chassis.router import CLOCK

PAGE = 500


@dataclass(frozen=True, slots=True)
class Due:
    """A timer that has come: of which document, and when it was due."""

    document: str
    key: str
    timer: str
    due_at: datetime


class DueDocuments(Protocol):
    """The part of the store that knows what is due."""

    def due(self, partition: int, until: datetime, page: int) -> AsyncIterator[Sequence[Due]]:
        """Pages of what is due in a partition, earliest first; stuck effects as the timer EFFECTS_TIMER at `until`."""


class Ticks:
    """Publishes timer events; changes no document."""

    def __init__(self, service: str, documents: DueDocuments, outlet: Outlet, codec: Codec) -> None:
        self._service = service
        self._documents = documents
        self._outlet = outlet
        self._codec = codec

    async def turn(self, partition: int, tick: Event[Tick, None]) -> None:
        """Publish what is due at a tick, to the same partition of the service's own topic, and wait for the broker."""
        async for page in self._documents.due(partition, tick.time, PAGE):
            await (await self._outlet.send([self._entry(due, partition, tick) for due in page]))
            for timer, number in Counter(due.timer for due in page).items():
                labelled(metrics.TIMERS, timer).inc(number)
        metrics.TICK_TIME.labels(str(partition)).set(tick.time.timestamp())

    def _entry(self, due: Due, partition: int, tick: Event[Tick, None]) -> Entry:
        data = TimerFired(document=due.document, timer=due.timer, due_at=due.due_at)
        heading = Heading(
            id=derived_id(self._service, due.document, due.key, due.timer, due.due_at.isoformat()),
            source=f"overturn/{self._service}",
            key=due.key,
            time=tick.time,
            causation_id=tick.id,
            correlation_id=tick.id,
        )
        return Entry(
            id=heading.id,
            cause=(CLOCK, partition),
            offset=0,
            target=TimerFired.TOPIC.format(service=self._service),
            key=due.key,
            partition=partition,
            type=TimerFired.TYPE,
            time_ms=int(tick.time.timestamp() * 1000),
            value=self._codec.encode(heading, data, None),
        )
