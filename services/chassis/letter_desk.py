"""The desk for dead letters: what lies there, putting it back, closing it. Used by `overturn deadletters`.

A letter's topic is never rewritten: what was done with a letter is another record with the same key.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from pymongo import AsyncMongoClient

from services.chassis.broker import MAX_REQUEST
from services.chassis.config import Config
from services.chassis.crypto import Cipher
from services.chassis.deadletters import CLOSING_TYPE, Raw, letter_topic
from services.chassis.letter_limit import COLLECTION, WINDOW
from services.chassis.records import SOURCE_TOPIC_HEADER, TYPE_HEADER, replay_topic


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter: where it came from and why; nothing of a patient."""

    id: str
    service: str
    code: str
    place: str
    topic: str
    partition: int
    offset: int
    sha256: str
    """Of the record's value, so that the same bytes sent twice are seen to be one."""
    recorded: str
    """Timestamp of the record."""
    seen: str
    """When it first became a letter."""
    state: str = "open"
    """open, replayed or discarded."""


class Desk:
    """The dead letters of services; needs the keys only to replay or to look inside."""

    def __init__(self, config: Config, cipher: Cipher) -> None:
        self._config = config
        self._cipher = cipher

    async def letters(self, service: str) -> list[Letter]:
        """All letters of a service, oldest first, each once."""
        found: dict[str, Letter] = {}
        async for record in self._records(service):
            key = record.key.decode()
            headers = {name: value.decode() for name, value in record.headers}
            if headers.get(TYPE_HEADER) == CLOSING_TYPE:
                if key in found:
                    found[key] = replace(found[key], state=headers["state"])
            elif key not in found:
                found[key] = _letter(service, key, headers, record.timestamp)
        return sorted(found.values(), key=lambda letter: letter.seen)

    async def raw(self, letter: Letter) -> Raw:
        """The record as it was; raises LookupError, or Undecryptable if its key is not held."""
        async for record in self._records(letter.service):
            if record.key.decode() == letter.id and record.value:
                return Raw.load(self._cipher.decrypt(record.value, letter.id.encode()))
        raise LookupError(letter.id)

    async def replay(self, letters: Sequence[Letter]) -> int:
        """Put letters back, in order, on the service's own replay topic, and close them; answers how many.

        Stops at the first that fails; what was put back is closed. One that is rejected again becomes a new letter.
        """
        done = 0
        async with self._producer() as producer:
            for letter in letters:
                raw = await self.raw(letter)
                headers = [(SOURCE_TOPIC_HEADER, raw.topic.encode())]
                headers += [(TYPE_HEADER, raw.type.encode())] if raw.type is not None else []
                await producer.send_and_wait(
                    self._config.topic(replay_topic(letter.service)),
                    key=raw.key,
                    value=raw.value,
                    partition=raw.partition % self._config.partitions,
                    timestamp_ms=raw.timestamp,
                    headers=headers,
                )
                await self._close(producer, letter, "replayed")
                done += 1
        return done

    async def discard(self, letters: Sequence[Letter]) -> int:
        """Close letters for good; answers how many. Their bytes stay in the topic."""
        async with self._producer() as producer:
            for letter in letters:
                await self._close(producer, letter, "discarded")
        return len(letters)

    async def resume(self, service: str) -> int:
        """Let workers that the dead letter limit stopped read again; answers how many there were.

        The batch that stopped them comes again; its letters do not count, else they would stop there for ever.
        """
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(self._config.mongodb_url)
        try:
            tallies = client[self._config.prefix + service][COLLECTION]
            cleared = {"$set": {"stopped": False, "in_a_row": 0, "window": "", "pardoned": WINDOW}}
            return (await tallies.update_many({"stopped": True}, cleared)).modified_count
        finally:
            await client.close()

    async def _close(self, producer: AIOKafkaProducer, letter: Letter, state: str) -> None:
        await producer.send_and_wait(
            self._config.topic(letter_topic(letter.service)),
            key=letter.id.encode(),
            value=b"",
            partition=letter.partition % self._config.partitions,
            headers=[(TYPE_HEADER, CLOSING_TYPE.encode()), ("state", state.encode())],
        )

    async def _records(self, service: str) -> AsyncIterator[Any]:
        topic = self._config.topic(letter_topic(service))
        consumer = AIOKafkaConsumer(bootstrap_servers=self._config.bootstrap, group_id=None, fetch_max_wait_ms=50)
        try:
            await consumer.start()
            places = [TopicPartition(topic, number) for number in range(self._config.partitions)]
            consumer.assign(places)
            await consumer.seek_to_beginning()
            for place, end in (await consumer.end_offsets(places)).items():
                while await consumer.position(place) < end:
                    for record in (await consumer.getmany(place, timeout_ms=500)).get(place, ()):
                        yield record
        finally:
            await consumer.stop()

    @asynccontextmanager
    async def _producer(self) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(bootstrap_servers=self._config.bootstrap, acks="all", max_request_size=MAX_REQUEST)
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()


def _letter(service: str, key: str, headers: dict[str, str], timestamp: int) -> Letter:
    return Letter(
        id=key,
        service=service,
        code=headers["code"],
        place=headers["place"],
        topic=headers["topic"],
        partition=int(headers["partition"]),
        offset=int(headers["offset"]),
        sha256=headers["sha256"],
        recorded=headers["recorded"],
        seen=datetime.fromtimestamp(timestamp / 1000, UTC).isoformat(timespec="milliseconds"),
    )
