"""One process of the bare loop: read a batch, decode it, write documents, encode and produce messages, commit.

Nothing is checked, encrypted or decided.

`python -m deploy.local.bench.bare_loop JSON`, where the JSON is a `Share`. It prints `ready`, waits for a line on its
standard input, works until its topic is empty, and prints the seconds it took.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from pymongo import AsyncMongoClient, InsertOne, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.write_concern import WriteConcern

MAJORITY = WriteConcern(w="majority", j=True)
VARIANTS = 64
"""Different texts of one size."""


@dataclass(frozen=True, slots=True)
class Share:
    """One process's part of the work."""

    bootstrap: str
    mongodb: str
    source: str
    target: str
    database: str
    partitions: int
    records: int
    """How many it reads."""
    batch: int
    """Records of one partition that are written, published and committed together, at most."""
    bytes_each: int
    """Of a message that it produces and of a document that it writes."""
    messages_per_record: float
    inserts_per_record: float
    updates_per_record: float


class Due:
    """So many a record, spread evenly over the records."""

    def __init__(self, per_record: float) -> None:
        self._per_record = per_record
        self._due = 0.0

    def after(self, records: int) -> int:
        """How many fall due with so many more records."""
        self._due += self._per_record * records
        whole = int(self._due)
        self._due -= whole
        return whole


@cache
def event(size: int, variant: int = 0) -> bytes:
    """A JSON object of so many bytes, at least 20, in fields as long as an event's usually are.

    Every other field says what it says in each event, the rest what only this variant says.
    """
    fields, rest = divmod(size - len('{"rest":""}'), len('"1234":"0123456789abcdef",'))
    own = Random(variant)
    text = {f"{number:04}": own.randbytes(8).hex() if number % 2 else "0123456789abcdef" for number in range(fields)}
    return orjson.dumps(text | {"rest": "x" * rest})


class Writes:
    """The mix of inserts and updates. An update changes what the document says: the database writes no other."""

    def __init__(self, share: Share) -> None:
        self._bodies = [event(share.bytes_each, variant) for variant in range(VARIANTS)]
        self._inserts = Due(share.inserts_per_record)
        self._updates = Due(share.updates_per_record)
        self._owed = 0
        """Updates that wait until there are documents enough."""
        self._said: list[int] = []
        """The variant of each document."""
        self._updated = 0

    def after(self, records: int) -> list[InsertOne[dict[str, Any]] | UpdateOne]:
        """The operations that fall on a batch of so many records, on a document one each."""
        known = len(self._said)
        found: list[InsertOne[dict[str, Any]] | UpdateOne] = []
        for number in range(known, known + self._inserts.after(records)):
            self._said.append(number % VARIANTS)
            found.append(InsertOne({"_id": number, "version": 1, "body": self._bodies[self._said[number]]}))
        self._owed += self._updates.after(records)
        for _ in range(min(self._owed, known)):
            self._owed -= 1
            self._updated = number = (self._updated + 1) % known
            self._said[number] = (self._said[number] + 1) % VARIANTS
            change = {"$set": {"body": self._bodies[self._said[number]]}, "$inc": {"version": 1}}
            found.append(UpdateOne({"_id": number, "version": {"$gte": 1}}, change))
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
    writes, due, message = Writes(share), Due(share.messages_per_record), orjson.loads(event(share.bytes_each))
    moved = 0
    while moved < share.records:
        fetched = await consumer.getmany(timeout_ms=200, max_records=share.batch * share.partitions)
        for part, found in fetched.items():
            for at in range(0, len(found), share.batch):
                records = found[at : at + share.batch]
                for record in records:
                    orjson.loads(record.value or b"")
                operations = writes.after(len(records))
                if operations:
                    await collection.bulk_write(operations, ordered=False)
                sent = [
                    await producer.send(share.target, orjson.dumps(message), partition=part.partition)
                    for _ in range(due.after(len(records)))
                ]
                for acknowledged in sent:
                    await acknowledged
                await consumer.commit({part: records[-1].offset + 1})
                moved += len(records)


if __name__ == "__main__":
    print(asyncio.run(work(Share(**json.loads(sys.argv[1])))))
