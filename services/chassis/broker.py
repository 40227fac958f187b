"""The producer side of Kafka: entries in order, one batch a partition, one wait for all acknowledgements."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Sequence
from functools import lru_cache
from typing import Any

from aiokafka import AIOKafkaProducer

from services.chassis import metrics
from services.chassis.murmur import murmur2
from services.chassis.observe import labelled
from services.chassis.outbox import Entry
from services.chassis.records import TYPE_HEADER

MAX_REQUEST = 8_388_608
BATCH_BYTES = 524_288


@lru_cache(maxsize=200_000)
def partition_of(key: str, partitions: int) -> int:
    """The partition of a key, as every Kafka client computes it."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions


class Broker:
    """Publishes entries of outboxes; names of topics get the prefix here."""

    def __init__(self, bootstrap: str, client_id: str, prefix: str) -> None:
        self._prefix = prefix
        self.producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap,
            client_id=client_id,
            acks="all",
            enable_idempotence=True,
            max_request_size=MAX_REQUEST,
            max_batch_size=BATCH_BYTES,
            linger_ms=0,
            request_timeout_ms=20_000,
        )

    async def start(self) -> None:
        """Connect."""
        await self.producer.start()

    async def stop(self) -> None:
        """Send what is buffered and disconnect."""
        await self.producer.stop()

    async def send(self, entries: Sequence[Entry]) -> Awaitable[None]:
        """Hand entries over, in their order a partition; the answer waits for the acknowledgement of all."""
        by_partition: dict[tuple[str, int], list[Entry]] = defaultdict(list)
        loose: list[Awaitable[Any]] = []
        for entry in entries:
            if entry.partition >= 0:
                by_partition[entry.target, entry.partition].append(entry)
            else:
                loose.append(await self._one(entry))
        handed = [await self._batches(*place, group) for place, group in by_partition.items()]
        return _all(loose + [sent for group in handed for sent in group], entries)

    async def _one(self, entry: Entry) -> Awaitable[Any]:
        sent: Awaitable[Any] = await self.producer.send(
            self._prefix + entry.target,
            value=entry.value,
            key=entry.key.encode(),
            timestamp_ms=entry.time_ms,
            headers=[(TYPE_HEADER, entry.type.encode())],
        )
        return sent

    async def _batches(self, target: str, partition: int, entries: Sequence[Entry]) -> list[Awaitable[Any]]:
        topic = self._prefix + target
        sent: list[Awaitable[Any]] = []
        builder = self.producer.create_batch()
        for entry in entries:
            if not _append(builder, entry):
                sent.append(await self.producer.send_batch(builder, topic, partition=partition))
                builder = self.producer.create_batch()
                _append(builder, entry)
        sent.append(await self.producer.send_batch(builder, topic, partition=partition))
        return sent


def _append(builder: Any, entry: Entry) -> bool:
    taken = builder.append(
        key=entry.key.encode(),
        value=entry.value,
        timestamp=entry.time_ms,
        headers=[(TYPE_HEADER, entry.type.encode())],
    )
    return taken is not None


async def _all(sent: Sequence[Awaitable[Any]], entries: Sequence[Entry]) -> None:
    await asyncio.gather(*sent)
    for target, number in Counter(entry.target for entry in entries).items():
        labelled(metrics.PUBLISHED, target).inc(number)
