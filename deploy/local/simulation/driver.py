"""Writes one tick a virtual day, each when all that the one before it caused has come to rest."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.local.simulation.quiet import QuietTest
from schemas.events.clock import Tick

DAY_ZERO = date(2026, 1, 5)
QUIET_WITHIN = 180.0
"""Seconds; restarts of killed services are inside it."""

Progress = Callable[[int], Awaitable[None]]


class Driver:
    """The only writer of clock.v1 in a simulation. It may be killed: it goes on after the last tick in the topic."""

    def __init__(self, bootstrap: str, clock_topic: str, partitions: int, quiet: QuietTest, *, first: int = 0) -> None:
        """`first` is the number of the first tick of an empty topic."""
        self._first = first
        self._bootstrap = bootstrap
        self._topic = clock_topic
        self._partitions = partitions
        self._quiet = quiet
        self.wrote_at = 0.0
        """When the last tick went out (time.monotonic)."""

    async def run(self, days: int, progress: Progress, check: Callable[[], None] = lambda: None) -> None:
        """Write the ticks up to day `days` and wait until the last one has come to rest.

        `check` raises when a part of the stack has been given up. Raises TimeoutError when a day does not come to rest.
        """
        producer = AIOKafkaProducer(bootstrap_servers=self._bootstrap, acks="all", linger_ms=0)
        await producer.start()
        try:
            await self._settle(check)
            for number in range(await self._next(), days + 1):
                await self._write(producer, number)
                await self._settle(check)
                await progress(number)
        finally:
            await producer.stop()

    async def _settle(self, check: Callable[[], None]) -> None:
        waited = 0.0
        while True:
            check()
            try:
                await self._quiet.wait(10.0)
                return
            except TimeoutError as error:
                waited += 10.0
                if waited >= QUIET_WITHIN:
                    raise TimeoutError(
                        f"a virtual day does not come to rest within {QUIET_WITHIN:.0f} s: {error}"
                    ) from None

    async def _next(self) -> int:
        consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, enable_auto_commit=False)
        await consumer.start()
        try:
            parts = [TopicPartition(self._topic, p) for p in range(self._partitions)]
            consumer.assign(parts)
            ends = await consumer.end_offsets(parts)
            last = -1
            for part, end in ends.items():
                if end:
                    consumer.seek(part, end - 1)
                    record = await consumer.getone(part)
                    last = max(last, orjson.loads(record.value)["data"]["number"])
            if last >= 0 and len(set(ends.values())) > 1:
                return last
            return last + 1 if last >= 0 else self._first
        finally:
            await consumer.stop()

    async def _write(self, producer: AIOKafkaProducer, number: int) -> None:
        """Write tick `number` to every partition; a repeat after a kill has the same id and is harmless."""
        envelope = tick_envelope(number)
        value, stamp = orjson.dumps(envelope), int(tick_time(number).timestamp() * 1000)
        headers = [("ce_type", Tick.TYPE.encode())]
        self.wrote_at = time.monotonic()
        acks = [
            await producer.send(self._topic, value, key=b"clock", partition=p, timestamp_ms=stamp, headers=headers)
            for p in range(self._partitions)
        ]
        for ack in acks:
            await ack


def tick_time(number: int) -> datetime:
    """Midnight UTC of virtual day `number`; day 0 is 2026-01-05."""
    return datetime(DAY_ZERO.year, DAY_ZERO.month, DAY_ZERO.day, tzinfo=UTC) + timedelta(days=number)


def tick_envelope(number: int) -> dict[str, object]:
    """The CloudEvents envelope of tick `number`."""
    return {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, f"overturn:tick:{number}")),
        "source": "/overturn/driver",
        "type": Tick.TYPE,
        "subject": "clock",
        "time": tick_time(number).isoformat(),
        "datacontenttype": "application/json",
        "data": {"number": number},
    }
