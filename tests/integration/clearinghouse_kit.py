"""What the clearinghouse's integration tests share: a running worker, its doors, events in and events out."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from pymongo import AsyncMongoClient

from deploy.local.stack import Stack
from schemas.directory import PayerDirectory, PayerProfile
from schemas.document import Phi
from schemas.events.clock import Tick
from schemas.events.envelope import EventData
from schemas.events.registry import event_class
from services.chassis.broker import partition_of
from services.chassis.codec import Codec, Heading
from services.chassis.crypto import Cipher, create_key_file, load_keys
from services.chassis.topics import apply_topics

PARTITIONS = 4
DAY = datetime(2026, 1, 9, tzinfo=UTC)
PAYER = "NORTHSTAR"
PROFILE = PayerProfile(
    payer_id=PAYER,
    name="Northstar Health",
    kind="commercial",
    filing_indicator="CI",
    interchange_id=PAYER,
    filing_days=90,
    acknowledged_sets=("835",),
)


class House:
    """One test's clearinghouse: topics, database, doors, worker."""

    def __init__(self, stack: Stack, prefix: str, folder: Path, profile: PayerProfile = PROFILE) -> None:
        self.stack, self.prefix, self.folder = stack, prefix, folder
        self.doors = folder / "doors"
        self.name = f"clearinghouse-{prefix.rstrip('-')}"
        self.parts: list[str] = []
        create_key_file(folder / "keys.json", 1)
        self.codec = Codec(Cipher(load_keys(folder / "keys.json")))
        directory = PayerDirectory(payers=(profile,))
        (folder / "directory.yaml").write_text(yaml.safe_dump(directory.model_dump(mode="json")))

    async def open(self, **env: str) -> None:
        """Topics, then the worker, ready."""
        await apply_topics(self.stack.bootstrap, self.prefix, PARTITIONS, ("riverside",), local=True)
        self.producer = AIOKafkaProducer(bootstrap_servers=self.stack.bootstrap)
        await self.producer.start()
        await self.tick(DAY)
        self.mongo: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(self.stack.mongodb, tz_aware=True)
        self.database = self.mongo[f"{self.prefix}clearinghouse"]
        self.env = {
            "OVERTURN_PREFIX": self.prefix,
            "OVERTURN_STATE": str(self.folder),
            "OVERTURN_KEYS": str(self.folder / "keys.json"),
            "OVERTURN_DOORS": str(self.doors),
            "OVERTURN_DIRECTORY": str(self.folder / "directory.yaml"),
            "OVERTURN_PARTITIONS": str(PARTITIONS),
            **env,
        }
        await self.join(0)

    async def join(self, worker: int) -> None:
        """Start worker number `worker` and wait until it is ready; the first bears the house's name."""
        name = f"{self.name}-{worker}" if worker else self.name
        part = self.stack.python(name, "services.clearinghouse", env={**self.env, "OVERTURN_WORKER": str(worker)})
        self.parts.append(name)
        await asyncio.to_thread(self.stack.run, part)

    async def close(self) -> None:
        """Stop the workers, drop what they made."""
        await asyncio.to_thread(self.stack.supervisor.stop, self.parts)
        await self.producer.stop()
        await self.mongo.drop_database(f"{self.prefix}clearinghouse")
        await self.mongo.close()

    def owned(self) -> list[list[int]]:
        """By worker: the partition numbers of the clock that it said last that it owns."""
        logs = [self.stack.supervisor.log_of(name).read_text() for name in self.parts]
        told = [[json.loads(line) for line in log.splitlines() if '"owns"' in line] for log in logs]
        return [lines[-1]["owns"].get("clock.v1", []) if lines else [] for lines in told]

    @property
    def restarts(self) -> int:
        return self.stack.supervisor.restarts[self.name]

    def to_payer(self) -> list[Path]:
        """Everything at the door to the payer, temporary names too."""
        return sorted(path for path in (self.doors / PAYER / "to_payer").iterdir() if path.is_file())

    def leave(self, name: str, content: bytes, door: str = PAYER) -> Path:
        """Leave a file at a door as a payer does: temporary name, rename."""
        folder = self.doors / door / "from_payer"
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".tmp-{name}"
        temporary.write_bytes(content)
        return temporary.rename(folder / name)

    async def publish(self, key: str, data: EventData, phi: Phi | None, event_id: str, time: datetime = DAY) -> None:
        await self._send(key, partition_of(key, PARTITIONS), data, phi, event_id, time)

    async def tick(self, time: datetime) -> None:
        number = (time - DAY).days
        for partition in range(PARTITIONS):
            await self._send("clock", partition, Tick(number=number), None, f"tick-{number}-{partition}", time)

    async def _send(
        self, key: str, partition: int, data: EventData, phi: Phi | None, event_id: str, time: datetime
    ) -> None:
        value = self.codec.encode(Heading(event_id, "overturn/test", key, time), data, phi)
        headers = [("ce_type", data.TYPE.encode())]
        topic = self.prefix + data.TOPIC
        await self.producer.send_and_wait(topic, value, key.encode(), partition, headers=headers)

    async def events(self, *topics: str) -> dict[str, tuple[str, Any]]:
        """Distinct events of the topics by id: (key, data); a repeat that differs fails the test."""
        found: dict[str, tuple[str, Any]] = {}
        for fields in await self._records(topics):
            model = event_class(fields["type"])
            told = (fields["subject"], model.model_validate(fields["data"]))
            assert found.setdefault(fields["id"], told) == told, "an event was told again with other content"
        return found

    async def count(self, topic: str) -> int:
        """Records of a topic, repeats too."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.stack.bootstrap, group_id=None)
        await consumer.start()
        try:
            places = [TopicPartition(self.prefix + topic, number) for number in range(PARTITIONS)]
            return sum((await consumer.end_offsets(places)).values())
        finally:
            await consumer.stop()

    async def times(self, *topics: str) -> set[str]:
        return {fields["time"] for fields in await self._records(topics)}

    async def _records(self, topics: tuple[str, ...]) -> list[dict[str, Any]]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self.stack.bootstrap, group_id=None)
        await consumer.start()
        try:
            places = [TopicPartition(self.prefix + topic, number) for topic in topics for number in range(PARTITIONS)]
            consumer.assign(places)
            found = []
            for place, end in (await consumer.end_offsets(places)).items():
                consumer.seek(place, 0)
                while end and await consumer.position(place) < end:
                    records = (await consumer.getmany(place, timeout_ms=1000)).get(place, [])
                    found += [json.loads(record.value) for record in records]
            return found
        finally:
            await consumer.stop()


@asynccontextmanager
async def house(
    stack: Stack, prefix: str, folder: Path, profile: PayerProfile = PROFILE, **env: str
) -> AsyncIterator[House]:
    """A clearinghouse for one test."""
    found = House(stack, prefix, folder, profile)
    await found.open(**env)
    try:
        yield found
    finally:
        await found.close()


async def until(done: Callable[[], Any], what: str, seconds: float = 90) -> None:
    """Wait until done() is true (it may be a coroutine function); fail the test, naming what was waited for."""
    end = asyncio.get_running_loop().time() + seconds
    while True:
        answer = done()
        if await answer if asyncio.iscoroutine(answer) else answer:
            return
        assert asyncio.get_running_loop().time() < end, f"not within {seconds:.0f} s: {what}"
        await asyncio.sleep(0.1)


def days(count: int) -> datetime:
    """So many days after the first."""
    return DAY + timedelta(days=count)
