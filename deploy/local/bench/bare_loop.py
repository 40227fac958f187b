"""One process of the bare loop: read a batch, write documents, produce as many messages, commit; nothing decided.

`python -m deploy.local.bench.bare_loop JSON`, where the JSON is a `Share`. It prints `ready`, waits for a line on its
standard input, works until its topic is empty, and prints the seconds it took.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from pymongo import AsyncMongoClient, InsertOne, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.write_concern import WriteConcern

MAJORITY = WriteConcern(w="majority", j=True)


@dataclass(frozen=True, slots=True)
class Share:
    """One process's part of the work."""

    bootstrap: str
    mongodb: str
    source: str
    target: str
    database: str
    partitions: int
    messages: int
    batch: int
    """Records of one partition that are written, published and committed together, at most."""
    inserts_per_message: float
    updates_per_message: float


class Writes:
    """The mix of inserts and updates, spread evenly over the messages."""

    def __init__(self, share: Share) -> None:
        self._share = share
        self._due_inserts = self._due_updates = 0.0
        self._made = 0
        self._updated = 0

    def of(self, value: bytes) -> list[InsertOne[dict[str, Any]] | UpdateOne]:
        """The operations that fall on one message; every document carries its bytes."""
        self._due_inserts += self._share.inserts_per_message
        self._due_updates += self._share.updates_per_message
        found: list[InsertOne[dict[str, Any]] | UpdateOne] = []
        while self._due_inserts >= 1:
            self._due_inserts -= 1
            found.append(InsertOne({"_id": self._made, "version": 1, "body": value}))
            self._made += 1
        while self._due_updates >= 1 and self._made > self._share.batch:
            self._due_updates -= 1
            self._updated = (self._updated + 1) % (self._made - self._share.batch)
            change = {"$set": {"body": value}, "$inc": {"version": 1}}
            found.append(UpdateOne({"_id": self._updated, "version": {"$gte": 1}}, change))
        return found


async def work(share: Share) -> float:
    """Move the share; the seconds between the starting signal and the last commit."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=share.bootstrap, group_id=share.source, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    producer = AIOKafkaProducer(bootstrap_servers=share.bootstrap, acks="all", linger_ms=0)
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(share.mongodb, retryWrites=False)
    await consumer.start()
    await producer.start()
    consumer.assign([TopicPartition(share.source, number) for number in range(share.partitions)])
    collection = client[share.database].get_collection("documents", write_concern=MAJORITY)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    begun = time.perf_counter()
    await _move(share, consumer, producer, collection)
    seconds = time.perf_counter() - begun
    await consumer.stop()
    await producer.stop()
    await client.close()
    return seconds


async def _move(
    share: Share,
    consumer: AIOKafkaConsumer,
    producer: AIOKafkaProducer,
    collection: AsyncCollection[dict[str, Any]],
) -> None:
    writes, moved = Writes(share), 0
    while moved < share.messages:
        fetched = await consumer.getmany(timeout_ms=200, max_records=share.batch * share.partitions)
        for part, found in fetched.items():
            for at in range(0, len(found), share.batch):
                records = found[at : at + share.batch]
                values = [record.value or b"" for record in records]
                operations = [operation for value in values for operation in writes.of(value)]
                if operations:
                    await collection.bulk_write(operations, ordered=False)
                sent = [await producer.send(share.target, value, partition=part.partition) for value in values]
                for acknowledged in sent:
                    await acknowledged
                await consumer.commit({part: records[-1].offset + 1})
                moved += len(records)


if __name__ == "__main__":
    print(asyncio.run(work(Share(**json.loads(sys.argv[1])))))
