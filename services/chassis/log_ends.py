"""Ends of partitions as the broker tells them, over a connection of its own, and the newest tick of the clock."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.events.clock import Tick
from services.chassis.codec import Codec
from services.chassis.outbox import Input
from services.chassis.router import CLOCK
from services.chassis.verdicts import Retry

ANSWER_SECONDS = 10.0


class LogEnds:
    """A consumer without a group: it follows nothing and commits nothing."""

    def __init__(self, bootstrap: str, client_id: str, prefix: str) -> None:
        self._prefix = prefix
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap, client_id=f"{client_id}-ends", group_id=None, enable_auto_commit=False
        )

    async def start(self) -> None:
        """Connect."""
        await self._consumer.start()

    async def stop(self) -> None:
        """Disconnect."""
        await self._consumer.stop()

    async def ends(self, places: Iterable[Input]) -> Mapping[Input, int]:
        """The ends of input partitions; raises KafkaError, or TimeoutError after 10 s."""
        wanted = {TopicPartition(self._prefix + topic, partition): (topic, partition) for topic, partition in places}
        if not wanted:
            return {}
        found = await asyncio.wait_for(self._consumer.end_offsets(list(wanted)), ANSWER_SECONDS)
        return {wanted[place]: end for place, end in found.items()}


class ClockView:
    """The clock as its topic stands, not as this worker has consumed it."""

    def __init__(self, bootstrap: str, client_id: str, prefix: str, partitions: int, codec: Codec) -> None:
        self._codec = codec
        self._places = [TopicPartition(prefix + CLOCK, number) for number in range(partitions)]
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            client_id=f"{client_id}-clock",
            group_id=None,
            enable_auto_commit=False,
            fetch_max_wait_ms=50,
        )
        self._started = False
        self._turn = asyncio.Lock()
        self._known: tuple[dict[TopicPartition, int], datetime | None] = ({}, None)

    async def latest(self) -> datetime | None:
        """The time of the newest tick over all partitions at this moment; None before the first."""
        async with self._turn:  # one consumer: whoever asks together asks in turn
            return await self._latest()

    async def _latest(self) -> datetime | None:
        if not self._started:
            await self._consumer.start()
            self._consumer.assign(self._places)
            self._consumer.pause(*self._places)
            self._started = True
        ends = await asyncio.wait_for(self._consumer.end_offsets(self._places), ANSWER_SECONDS)
        if ends != self._known[0]:
            last = {place: end for place, end in ends.items() if end > 0}
            self._known = (ends, await self._newest(last))
        return self._known[1]

    async def stop(self) -> None:
        """Disconnect."""
        if self._started:
            await self._consumer.stop()

    async def _newest(self, ends: Mapping[TopicPartition, int]) -> datetime | None:
        """One fetch for all partitions; they rest paused, so that no fetch at the end of the log is in its way."""
        for place, end in ends.items():
            self._consumer.seek(place, end - 1)
        self._consumer.resume(*ends)
        try:
            times = [await self._last(place) for place in ends]
        finally:
            self._consumer.pause(*self._places)
        return max(times, default=None)

    async def _last(self, place: TopicPartition) -> datetime:
        try:
            record = await asyncio.wait_for(self._consumer.getone(place), ANSWER_SECONDS)
        except TimeoutError:
            raise Retry(f"{CLOCK} gave no record") from None
        return self._codec.decode(record.value, Tick, place.partition).time
