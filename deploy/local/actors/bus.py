"""The broker, as actors use it: topics read to their end without a group, records published with virtual time."""

from collections.abc import Iterable

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from deploy.local.actors.events import Heard, Record, heard

POLL_MILLISECONDS = 200
ACKNOWLEDGED_WITHIN = 60.0
"""Seconds for the broker to acknowledge what was published."""


class Listener:
    """Everything that ever stood on some topics, kept up to date by `to_end`."""

    def __init__(self, bootstrap: str, prefix: str, topics: Iterable[str]) -> None:
        self._consumer = KafkaConsumer(
            bootstrap_servers=bootstrap.split(","),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            metrics_enabled=False,
        )
        self._topics = [prefix + topic for topic in topics]
        self._prefix = prefix
        self._partitions: list[TopicPartition] = []
        self.events: dict[str, dict[str, Heard]] = {topic.removeprefix(prefix): {} for topic in self._topics}
        """By topic and event id: a repeat is one event."""

    def to_end(self) -> None:
        """Read all topics to the end that they have now."""
        if not self._partitions:
            self._assign()
        ends = self._consumer.end_offsets(self._partitions)
        while any(self._consumer.position(partition) < ends[partition] for partition in self._partitions):
            for partition, batch in self._consumer.poll(timeout_ms=POLL_MILLISECONDS).items():
                kept = self.events[partition.topic.removeprefix(self._prefix)]
                for record in batch:
                    event = heard(record.value)
                    kept.setdefault(event.id, event)

    def _assign(self) -> None:
        for topic in self._topics:
            found = self._consumer.partitions_for_topic(topic) or set()
            self._partitions += [TopicPartition(topic, number) for number in sorted(found)]
        self._consumer.assign(self._partitions)
        self._consumer.seek_to_beginning(*self._partitions)

    def close(self) -> None:
        """Leave."""
        self._consumer.close()


class Publisher:
    """Publishes and waits until everything is acknowledged by all replicas."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self._producer = KafkaProducer(bootstrap_servers=bootstrap.split(","), acks="all", metrics_enabled=False)
        self._prefix = prefix

    def publish(self, records: Iterable[Record]) -> int:
        """How many records were published; raises KafkaError where the broker does not take one."""
        sent = [
            self._producer.send(
                self._prefix + record.topic,
                key=record.key.encode(),
                value=record.value,
                timestamp_ms=record.timestamp_ms,
            )
            for record in records
        ]
        if sent:
            self._producer.flush(timeout=ACKNOWLEDGED_WITHIN)
        for future in sent:
            future.get(timeout=ACKNOWLEDGED_WITHIN)
        return len(sent)

    def close(self) -> None:
        """Leave."""
        self._producer.close()
