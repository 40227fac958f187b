"""The ticker on a real broker: the wall clock in every partition, once an instant."""

import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import NewTopic

from deploy.local.stack import Stack
from tests.waiting import until

pytestmark = pytest.mark.stack
PARTITIONS = 4


@pytest.fixture
def clock(stack: Stack, prefix: str) -> Iterator[str]:
    topic = f"{prefix}clock.v1"
    admin = KafkaAdminClient(bootstrap_servers=stack.bootstrap)
    admin.create_topics([NewTopic(topic, PARTITIONS, 1)])
    admin.close()
    env = {"OVERTURN_PREFIX": prefix, "OVERTURN_TICK_SECONDS": "1"}
    stack.run(stack.python("ticker", "services.chassis.ticker", env=env))
    yield topic
    stack.supervisor.stop(["ticker"])


def ticks(bootstrap: str, topic: str) -> dict[int, list[datetime]]:
    """The times of all ticks in the topic now, by partition."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    consumer.assign(places)
    ends = consumer.end_offsets(places)
    found: dict[int, list[datetime]] = {place.partition: [] for place in places}
    while any(consumer.position(place) < ends[place] for place in places):
        for place, records in consumer.poll(timeout_ms=200).items():
            for record in records:
                time = datetime.fromisoformat(json.loads(record.value)["time"])
                assert record.timestamp == int(time.timestamp() * 1000)
                found[place.partition].append(time)
    consumer.close()
    return found


def test_every_partition_gets_each_instant_once_and_a_kill_does_not_turn_time_back(stack: Stack, clock: str) -> None:
    until(lambda: min(map(len, ticks(stack.bootstrap, clock).values())) >= 2, 15, "two ticks in every partition")
    os.kill(stack.supervisor.pids["ticker"], signal.SIGKILL)
    before = len(ticks(stack.bootstrap, clock)[0])
    until(lambda: min(map(len, ticks(stack.bootstrap, clock).values())) >= before + 2, 15, "ticks after the kill")
    for times in ticks(stack.bootstrap, clock).values():
        assert times == sorted(times)
        assert abs((datetime.now(UTC) - times[-1]).total_seconds()) < 5
