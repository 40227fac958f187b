"""What is read: a batch of one input partition, and one of its records."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Protocol

from services.chassis.outbox import Input

TYPE_HEADER = "ce_type"
"""CloudEvents type as a Kafka header, so that a foreign type is passed over without decoding."""
SOURCE_TOPIC_HEADER = "overturn_topic"
"""On a replayed record: the topic (without prefix) from which it became a dead letter."""


class Record(Protocol):
    """A record as the Kafka client delivers it."""

    offset: int
    timestamp: int
    """Milliseconds since 1970, UTC."""
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one input partition, in order, as fetched in one generation of the group."""

    topic: str
    """Without prefix."""
    partition: int
    records: Sequence[Record] = field(repr=False)
    end: int
    """One past the last offset: what is committed when the batch is done (there may be gaps before it)."""
    generation: int = 0
    term: int = 0
    """Of this process: how often it had been told its partitions. Two terms may be of one generation."""

    @property
    def input(self) -> Input:
        """Topic and partition."""
        return self.topic, self.partition

    def after(self, offset: int) -> "Batch":
        """The batch without records below `offset`."""
        if not self.records or self.records[0].offset >= offset:
            return self
        return replace(self, records=[record for record in self.records if record.offset >= offset])

    def halves(self) -> tuple["Batch", "Batch"]:
        """Two shorter batches that follow each other."""
        middle = len(self.records) // 2
        first, second = self.records[:middle], self.records[middle:]
        return replace(self, records=first, end=first[-1].offset + 1), replace(self, records=second)


@cache
def replay_topic(service: str) -> str:
    """A service's own topic of dead letters put back; nobody but the desk for dead letters may write to it."""
    return f"{service}.replay.v1"


def published_in(topic: str, record: Record, service: str) -> str:
    """The topic (without prefix) where a record that lies in `topic` was published.

    A replayed one tells it by a header. Anywhere else a header tells what its writer likes: the broker's ACLs vouch for
    the topic alone.
    """
    if topic != replay_topic(service):
        return topic
    return header(record, SOURCE_TOPIC_HEADER) or topic


def header(record: Record, name: str) -> str | None:
    """The text of a header, if the record has it."""
    for key, value in record.headers or ():
        if key == name:
            return value.decode(errors="replace")
    return None
