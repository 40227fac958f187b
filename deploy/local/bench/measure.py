"""What a run cost: processor seconds of each process, operations of the database, messages on the broker."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from aiokafka import AIOKafkaConsumer, TopicPartition
from prometheus_client.parser import text_string_to_metric_families
from pymongo import MongoClient

from schemas.events.clock import Tick

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Traffic:
    """What went over the broker: bytes of the value of each message."""

    messages: tuple[int, ...]
    deliveries: tuple[int, ...]
    """The same, each as often as there are services that read its topic."""


@dataclass(frozen=True, slots=True)
class Operations:
    """Documents that a database inserted and updated."""

    inserts: int
    updates: int

    def since(self, before: "Operations") -> "Operations":
        """What came after an earlier count."""
        return Operations(self.inserts - before.inserts, self.updates - before.updates)


@dataclass(frozen=True, slots=True)
class Batches:
    """Records and the batches they came in."""

    records: float
    count: float

    def since(self, before: "Batches") -> "Batches":
        """What came after an earlier count."""
        return Batches(self.records - before.records, self.count - before.count)

    @property
    def mean(self) -> float:
        """Records a batch."""
        return self.records / max(self.count, 1.0)


def cpu_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    """User and system seconds of each process since its start; one that has gone is left out."""
    found = {}
    for name, pid in pids.items():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[name] = (int(fields[11]) + int(fields[12])) / TICKS
    return found


def operations(mongodb: str) -> Operations:
    """Document counts since the database started."""
    with MongoClient[dict[str, Any]](mongodb) as client:
        counts = client.admin.command("serverStatus")["metrics"]["document"]
    return Operations(counts["inserted"], counts["updated"])


def batches(ports: Iterable[int]) -> Batches:
    """What the services with these metrics ports have worked off since they started, ticks left out."""
    found = {"overturn_batch_records_sum": 0.0, "overturn_batch_records_count": 0.0}
    for port in ports:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name in found and sample.labels["topic"] != Tick.TOPIC:
                    found[sample.name] += sample.value
    return Batches(found["overturn_batch_records_sum"], found["overturn_batch_records_count"])


async def traffic(
    bootstrap: str, readers: Mapping[str, int], partitions: int, since: Mapping[TopicPartition, int]
) -> Traffic:
    """What lies in these topics from some offsets on; `readers`: the topics by name, and how many services read each."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        ends = await _ends(consumer, readers, partitions)
        ends = {part: end for part, end in ends.items() if end > since.get(part, 0)}
        consumer.assign(list(ends))
        for part in ends:
            consumer.seek(part, since.get(part, 0))
        found: list[tuple[int, int]] = []
        waiting = set(ends)
        while waiting:
            for part, records in (await consumer.getmany(timeout_ms=1000, max_records=2000)).items():
                found += [(len(record.value or b""), readers[part.topic]) for record in records]
                if records[-1].offset + 1 >= ends[part]:
                    waiting.discard(part)
    finally:
        await consumer.stop()
    deliveries = tuple(size for size, times in found for _ in range(times))
    return Traffic(tuple(size for size, _ in found), deliveries)


async def _ends(consumer: AIOKafkaConsumer, topics: Iterable[str], partitions: int) -> dict[TopicPartition, int]:
    parts = [TopicPartition(topic, number) for topic in topics for number in range(partitions)]
    ends: dict[TopicPartition, int] = await consumer.end_offsets(parts)
    return ends
