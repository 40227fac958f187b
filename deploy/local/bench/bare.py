"""The baseline: the same traffic through as many processes as there are services, each with an even share of it."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from statistics import mean

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import MongoClient

from deploy.local.bench.bare_loop import Share, event
from deploy.local.bench.measure import Operations, Traffic
from deploy.local.stack import Stack


def bare_rate(stack: Stack, traffic: Traffic, done: Operations, processes: int, batch: int) -> float:
    """Messages a second of the bare loop on the stack's broker and database, in batches of at most so many records;
    what it made is deleted.

    Every delivery is read, and as many messages are produced and documents written on the way as in the run.
    """
    shares = _shares(stack, traffic, done, processes, batch)
    asyncio.run(_fill(stack, shares, traffic.deliveries))
    try:
        return len(traffic.messages) / _run(shares)
    finally:
        asyncio.run(_delete(stack, shares))


def _shares(stack: Stack, traffic: Traffic, done: Operations, processes: int, batch: int) -> list[Share]:
    records = len(traffic.deliveries)
    each = [records // processes + (number < records % processes) for number in range(processes)]
    return [
        Share(
            bootstrap=stack.bootstrap,
            mongodb=stack.mongodb,
            source=f"{stack.prefix}bare-{number}-in",
            target=f"{stack.prefix}bare-{number}-out",
            database=f"{stack.prefix}bare-{number}",
            partitions=stack.partitions,
            records=count,
            batch=batch,
            bytes_each=round(mean(traffic.messages)),
            messages_per_record=len(traffic.messages) / records,
            inserts_per_record=done.inserts / records,
            updates_per_record=done.updates / records,
        )
        for number, count in enumerate(each)
    ]


async def _fill(stack: Stack, shares: Sequence[Share], sizes: Sequence[int]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.bootstrap)
    await admin.start()
    names = [name for share in shares for name in (share.source, share.target)]
    await admin.create_topics([NewTopic(name, stack.partitions, 1) for name in names])
    while not all(
        part["error_code"] == 0 for topic in await admin.describe_topics(names) for part in topic["partitions"]
    ):
        await asyncio.sleep(0.1)
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=stack.bootstrap, acks="all", linger_ms=5)
    await producer.start()
    try:
        for at, size in enumerate(sizes):
            share = shares[at % len(shares)]
            await producer.send(share.source, event(size), partition=at // len(shares) % stack.partitions)
        await producer.flush()
    finally:
        await producer.stop()


def _run(shares: Sequence[Share]) -> float:
    """Seconds from the common start to the end of the last process."""
    commands = [[sys.executable, "-m", "deploy.local.bench.bare_loop", json.dumps(asdict(share))] for share in shares]
    running = [subprocess.Popen(c, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for c in commands]
    try:
        for process in running:
            assert process.stdout is not None
            if process.stdout.readline().strip() != "ready":
                raise RuntimeError("a process of the bare loop did not come up; its message stands above")
        begun = time.perf_counter()
        for process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in running:
            process.wait()
        return time.perf_counter() - begun
    finally:
        for process in running:
            process.kill()
            process.communicate()


async def _delete(stack: Stack, shares: Sequence[Share]) -> None:
    with MongoClient[dict[str, object]](stack.mongodb) as client:
        for share in shares:
            client.drop_database(share.database)
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.bootstrap)
    await admin.start()
    await admin.delete_topics([name for share in shares for name in (share.source, share.target)])
    await admin.close()
