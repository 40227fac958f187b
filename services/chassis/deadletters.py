"""Dead letters: the raw record encrypted, why and where from in headers, on `<service>.deadletters.v1`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from services.chassis.broker import Broker
from services.chassis.codec import derived_id
from services.chassis.crypto import Cipher
from services.chassis.outbox import Entry
from services.chassis.records import TYPE_HEADER, Batch, Record, header, published_in
from services.chassis.verdicts import Reject

LETTER_TYPE = "overturn.dead_letter.v1"
CLOSING_TYPE = "overturn.dead_letter.closed.v1"


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as it was before it became a letter."""

    topic: str
    """Without prefix; of a replayed record the first one."""
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp: int
    type: str | None

    def dump(self) -> bytes:
        """Its bytes, to be encrypted: length (4 bytes) and JSON of the metadata, then the value as it was."""
        fields = {name: getattr(self, name) for name in ("topic", "partition", "offset", "timestamp", "type")}
        fields["key"] = self.key.hex() if self.key is not None else None
        fields["empty"] = self.value is None
        meta = orjson.dumps(fields)
        return len(meta).to_bytes(4, "big") + meta + (self.value or b"")

    @classmethod
    def load(cls, plain: bytes) -> "Raw":
        """What dump wrote."""
        end = 4 + int.from_bytes(plain[:4], "big")
        fields: dict[str, Any] = orjson.loads(plain[4:end])
        key, empty = fields.pop("key"), fields.pop("empty")
        return cls(key=bytes.fromhex(key) if key is not None else None, value=None if empty else plain[end:], **fields)


def letter_id(service: str, topic: str, partition: int, offset: int) -> str:
    """The id of a letter: the same record, the same letter, however often it is read."""
    return derived_id(service, "dead letter", topic, partition, offset)


def letter_topic(service: str) -> str:
    """The topic of a service's dead letters."""
    return f"{service}.deadletters.v1"


class Letters:
    """Writes dead letters."""

    def __init__(self, service: str, broker: Broker, cipher: Cipher, prefix: str, partitions: int) -> None:
        self._service = service
        self._broker = broker
        self._cipher = cipher
        self._topic = prefix + letter_topic(service)
        self._partitions = partitions

    async def write(self, batch: Batch, letters: Sequence[tuple[Record, Reject]]) -> None:
        """Write letters, in order, and wait until the broker has acknowledged all."""
        sent = [await self._send(batch, record, reject) for record, reject in letters]
        for acknowledged in sent:
            await acknowledged

    async def _send(self, batch: Batch, record: Record, reject: Reject) -> Any:
        found = letter_id(self._service, batch.topic, batch.partition, record.offset)
        raw = Raw(
            topic=published_in(batch.topic, record, self._service),
            partition=batch.partition,
            offset=record.offset,
            key=record.key,
            value=record.value,
            timestamp=record.timestamp,
            type=header(record, TYPE_HEADER),
        )
        return await self._broker.producer.send(
            self._topic,
            key=found.encode(),
            value=self._cipher.encrypt(raw.dump(), found.encode()),
            partition=batch.partition % self._partitions,
            headers=[(name, str(value).encode()) for name, value in self._headers(batch, record, reject).items()],
        )

    def _headers(self, batch: Batch, record: Record, reject: Reject) -> dict[str, object]:
        return {
            TYPE_HEADER: LETTER_TYPE,
            "code": reject.code,
            "place": reject.place,
            "topic": batch.topic,
            "partition": batch.partition,
            "offset": record.offset,
            "sha256": hashlib.sha256(record.value or b"").hexdigest(),
            "recorded": datetime.fromtimestamp(record.timestamp / 1000, UTC).isoformat(),
        }


class KafkaOutlet:
    """The engine's way out: events and dead letters."""

    def __init__(self, broker: Broker, letters: Letters) -> None:
        self._broker = broker
        self._letters = letters
        self.letters = letters.write

    async def send(self, entries: Sequence[Entry]) -> Any:
        """Hand entries over; awaiting the answer waits for the acknowledgement of all."""
        return await self._broker.send(entries)
