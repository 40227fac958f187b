"""A consumer group of clock.v1 with one member: it commits a tick only when all that the tick caused is durable."""

import time
from datetime import UTC, date, datetime

import orjson
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

RETRY_SECONDS = 0.5
TOPIC_WITHIN = 120.0
"""Seconds to wait for clock.v1 to exist."""


class ClockGroup:
    """Reads every partition of clock.v1 by assignment, so that a restart has no session to wait for."""

    def __init__(self, bootstrap: str, topic: str, group: str) -> None:
        self._consumer = KafkaConsumer(
            bootstrap_servers=bootstrap.split(","),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            metadata_max_age_ms=5_000,
            metrics_enabled=False,
        )
        self._topic = topic
        self._ends: dict[TopicPartition, int] = {}
        self._latest: date | None = None

    def start(self) -> None:
        """Wait for the topic and take its partitions; raises TimeoutError where it does not come."""
        deadline = time.monotonic() + TOPIC_WITHIN
        while not (found := self._partitions()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"topic {self._topic} does not exist; run `overturn topics apply`")
            time.sleep(RETRY_SECONDS)
        self._consumer.assign([TopicPartition(self._topic, number) for number in sorted(found)])

    def _partitions(self) -> set[int]:
        try:
            return set(self._consumer.partitions_for_topic(self._topic) or ())
        except KafkaError:
            return set()

    def poll(self, milliseconds: int) -> list[date]:
        """The virtual days that have begun since the last call, oldest first; a tick stands in every partition once."""
        days: set[date] = set()
        for partition, batch in self._consumer.poll(timeout_ms=milliseconds).items():
            self._ends[partition] = batch[-1].offset + 1
            days |= {day_of_tick(record.value) for record in batch}
        new = sorted(day for day in days if self._latest is None or day > self._latest)
        if new:
            self._latest = new[-1]
        return new

    def commit(self) -> None:
        """Everything read so far has been done; nothing happens where nothing was read."""
        if self._ends:
            offsets = {partition: OffsetAndMetadata(end, "", -1) for partition, end in self._ends.items()}
            self._consumer.commit(offsets)
            self._ends.clear()

    def close(self) -> None:
        """Leave."""
        self._consumer.close()


def day_of_tick(value: bytes) -> date:
    """The virtual day that a tick begins."""
    moment = datetime.fromisoformat(orjson.loads(value)["time"])
    return moment.astimezone(UTC).date()
