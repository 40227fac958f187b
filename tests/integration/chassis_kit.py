"""What the chassis' integration tests share: topics, a probe worker as a process, events in, events out."""

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import AsyncMongoClient

from deploy.local.ports import free_port
from services.chassis.broker import partition_of
from services.chassis.crypto import Cipher, create_key_file

PARTITIONS = 4
TOPICS = ("probe.in.v1", "probe.more.v1", "probe.out.v1", "clock.v1")
OWN = ("probe.timers.v1", "probe.replay.v1", "probe.deadletters.v1")
DAY_ONE = datetime(2026, 1, 5, tzinfo=UTC)


class Kit:
    """One test's topics, database and probe workers."""

    def __init__(self, broker: str, mongodb: str, prefix: str, folder: Path) -> None:
        self.broker, self.mongodb, self.prefix, self.folder = broker, mongodb, prefix, folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self.ports: dict[int, int] = {}
        create_key_file(folder / "keys.json", 1)

    async def start(self) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.broker)
        await admin.start()
        lasting = {"message.timestamp.before.max.ms": str(2**63 - 1), "message.timestamp.after.max.ms": str(2**63 - 1)}
        names = [self.prefix + name for name in (*TOPICS, *OWN)]
        await admin.create_topics([NewTopic(name, PARTITIONS, 1, topic_configs=lasting) for name in names])
        await admin.close()
        self.producer = AIOKafkaProducer(bootstrap_servers=self.broker)
        await self.producer.start()
        self.mongo: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(self.mongodb)

    async def stop(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()
        await self.producer.stop()
        await self.mongo.drop_database(f"{self.prefix}probe")
        await self.mongo.close()

    def spawn(self, number: int = 0, **env: str) -> subprocess.Popen[bytes]:
        """Start worker `number` of the probe; its log is <folder>/probe-<number>.log."""
        self.ports[number] = free_port()
        settings = {**self.env(number), **env}
        with (self.folder / f"probe-{number}.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.integration.chassis_probe"]
            worker = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)
        self.workers.append(worker)
        return worker

    def env(self, number: int = 0) -> dict[str, str]:
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.broker,
            "MONGODB_URL": self.mongodb,
            "OVERTURN_PREFIX": self.prefix,
            "OVERTURN_STATE": str(self.folder),
            "OVERTURN_KEYS": str(self.folder / "keys.json"),
            "OVERTURN_DOORS": str(self.folder / "doors"),
            "OVERTURN_PARTITIONS": str(PARTITIONS),
            "OVERTURN_WORKER": str(number),
            "OVERTURN_METRICS_PORT": str(self.ports.get(number, 0)),
        }

    def log(self, number: int = 0) -> str:
        return (self.folder / f"probe-{number}.log").read_text()

    def owned(self, number: int) -> dict[str, list[int]]:
        """What a worker said last that it owns."""
        lines = [json.loads(line) for line in self.log(number).splitlines() if '"owns"' in line]
        owned: dict[str, list[int]] = lines[-1]["owns"] if lines else {}
        return owned

    def logged(self, words: str, number: int = 0) -> list[datetime]:
        """When a worker logged lines with these words."""
        lines = [json.loads(line) for line in self.log(number).splitlines() if words in line and line[0] == "{"]
        return [datetime.fromisoformat(line["time"]) for line in lines if words in line["message"]]

    @staticmethod
    def encrypted(cipher: Cipher, event_id: str, phi: dict[str, Any]) -> str:
        return base64.b64encode(cipher.encrypt(json.dumps(phi).encode(), event_id.encode())).decode()

    @staticmethod
    def decrypted(cipher: Cipher, event_id: str, phi: str) -> Any:
        return json.loads(cipher.decrypt(base64.b64decode(phi), event_id.encode()))

    async def http(self, path: str, number: int = 0) -> tuple[int, str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.ports[number])
        writer.write(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        answer = (await reader.read()).decode()
        writer.close()
        return int(answer.split()[1]), answer.partition("\r\n\r\n")[2]

    async def ready(self, number: int = 0) -> None:
        async def is_ready() -> bool:
            try:
                return (await self.http("/readyz", number))[0] == 200
            except OSError:
                return False

        await until(is_ready, what=f"worker {number} ready")

    async def deposit(self, key: str, number: int, cents: int = 100, then: str = "", **more: Any) -> None:
        data = {"cents": cents, "then": then}
        await self.publish("probe.in.v1", "test.deposited.v1", key, f"d-{key}-{number}", data, **more)

    async def withdraw(self, key: str, number: int, cents: int = 1) -> None:
        await self.publish("probe.more.v1", "test.withdrawn.v1", key, f"w-{key}-{number}", {"cents": cents})

    async def publish(
        self,
        topic: str,
        type_: str,
        key: str,
        event_id: str,
        data: dict[str, Any],
        time: datetime = DAY_ONE,
        phi: str | None = None,
    ) -> None:
        event = {"specversion": "1.0", "id": event_id, "source": "test", "type": type_, "subject": key, "data": data}
        if phi is not None:
            event["phi"] = phi
        value = json.dumps({**event, "time": time.isoformat()}).encode()
        await self.raw(topic, key, value, type_)

    async def raw(self, topic: str, key: str, value: bytes, type_: str | None = None) -> None:
        await self.producer.send(
            self.prefix + topic,
            key=key.encode(),
            value=value,
            partition=partition_of(key, PARTITIONS),
            headers=[("ce_type", type_.encode())] if type_ else [],
        )

    async def tick(self, number: int, time: datetime) -> None:
        for partition in range(PARTITIONS):
            event = {"specversion": "1.0", "id": f"tick-{number}-{partition}", "source": "test", "subject": "clock"}
            event |= {"type": "overturn.clock.tick.v1", "time": time.isoformat(), "data": {"number": number}}  # type: ignore[dict-item]
            value = json.dumps(event).encode()
            await self.producer.send(self.prefix + "clock.v1", value=value, partition=partition)
        await self.producer.flush()

    async def read(self, topic: str) -> list[Any]:
        """All records of a topic as it stands."""
        async with self.reader() as consumer:
            places = [TopicPartition(self.prefix + topic, number) for number in range(PARTITIONS)]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            found: list[Any] = []
            for place, end in ends.items():
                consumer.seek(place, 0)
                while end and await consumer.position(place) < end:
                    batches = await consumer.getmany(place, timeout_ms=1000)
                    found += [record for records in batches.values() for record in records]
            return found

    async def events(self, topic: str = "probe.out.v1") -> list[dict[str, Any]]:
        return [json.loads(record.value) for record in await self.read(topic)]

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self.broker, group_id=None)
        await consumer.start()
        try:
            yield consumer
        finally:
            await consumer.stop()

    async def committed(self) -> dict[tuple[str, int], int]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.broker)
        await admin.start()
        try:
            found = await admin.list_consumer_group_offsets(f"{self.prefix}probe")
        finally:
            await admin.close()
        return {(tp.topic[len(self.prefix) :], tp.partition): meta.offset for tp, meta in found.items()}

    async def settled(self, topics: Iterable[str] = ("probe.in.v1", "probe.more.v1"), within: float = 90) -> None:
        """Wait until the group has committed the ends of the topics."""
        await self.producer.flush()

        async def done() -> bool:
            committed = await self.committed()
            async with self.reader() as consumer:
                places = [TopicPartition(self.prefix + name, number) for name in topics for number in range(PARTITIONS)]
                ends = await consumer.end_offsets(places)
            return all(
                committed.get((place.topic[len(self.prefix) :], place.partition), 0) >= end
                for place, end in ends.items()
            )

        await until(done, within, "group settled")

    async def purses(self) -> dict[str, dict[str, Any]]:
        found = self.mongo[f"{self.prefix}probe"]["purse"].find({})
        return {document["_id"]: document async for document in found}


async def until(done: Callable[[], Any], within: float = 60, what: str = "done") -> None:
    """Wait until `done()` is true; it asks again every 50 ms."""
    end = time.monotonic() + within
    while not await done():
        if time.monotonic() > end:
            raise AssertionError(f"not {what} within {within:.0f} s")
        await asyncio.sleep(0.05)


def kill(worker: subprocess.Popen[bytes]) -> None:
    """SIGKILL, and wait for the end."""
    worker.send_signal(signal.SIGKILL)
    worker.wait()
