"""The quiet test on a real broker: a day is over when every group has committed all there is, and not before."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.structs import OffsetAndMetadata

from deploy.local.simulation.quiet import Doors, Look, QuietTest

pytestmark = pytest.mark.stack


class Group:
    """A consumer group with one topic of its own, on which three messages wait."""

    def __init__(self, bootstrap: str, name: str) -> None:
        self.name, self.topic = name, f"{name}-in"
        admin = KafkaAdminClient(bootstrap_servers=bootstrap)
        admin.create_topics([NewTopic(self.topic, 1, 1)])
        admin.close()
        producer = KafkaProducer(bootstrap_servers=bootstrap)
        for _ in range(3):
            producer.send(self.topic, b"{}", partition=0)
        producer.close()
        self._consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=name, enable_auto_commit=False)
        self._place = TopicPartition(self.topic, 0)
        self._consumer.assign([self._place])

    def commit(self, offset: int) -> None:
        self._consumer.commit({self._place: OffsetAndMetadata(offset, "", -1)})

    def close(self) -> None:
        self._consumer.close()


@pytest.fixture
def groups(broker: str, prefix: str) -> Iterator[tuple[Group, Group]]:
    found = Group(broker, f"{prefix}first"), Group(broker, f"{prefix}second")
    yield found
    for group in found:
        group.close()


async def waited(broker: str, groups: tuple[Group, Group], doors: Path, seconds: float) -> Look:
    topics = {group.name: [group.topic] for group in groups}
    quiet = QuietTest(broker, topics, {group.topic: 1 for group in groups}, Doors(doors))
    await quiet.start()
    try:
        return await quiet.wait(seconds)
    finally:
        await quiet.stop()


def test_all_is_quiet_when_every_group_has_committed_all(
    broker: str, groups: tuple[Group, Group], tmp_path: Path
) -> None:
    for group in groups:
        group.commit(3)
    look = asyncio.run(waited(broker, groups, tmp_path, 30))
    assert look.at_rest() and look.most_behind() is None


def test_a_group_that_is_behind_keeps_the_day_and_is_named(
    broker: str, groups: tuple[Group, Group], tmp_path: Path
) -> None:
    first, second = groups
    first.commit(3)
    second.commit(2)
    with pytest.raises(TimeoutError, match=f"{second.name} is 1 behind on {second.topic}/0"):
        asyncio.run(waited(broker, groups, tmp_path, 0.5))


def test_the_day_ends_when_the_last_group_commits(broker: str, groups: tuple[Group, Group], tmp_path: Path) -> None:
    first, second = groups
    first.commit(1)

    async def committing() -> Look:
        waiting = asyncio.create_task(waited(broker, groups, tmp_path, 30))
        await asyncio.to_thread(second.commit, 3)
        await asyncio.to_thread(first.commit, 3)
        return await waiting

    assert asyncio.run(committing()).at_rest()


def test_a_file_at_a_door_keeps_the_day(broker: str, groups: tuple[Group, Group], tmp_path: Path) -> None:
    for group in groups:
        group.commit(3)
    door = tmp_path / "riverbend" / "to_payer"
    door.mkdir(parents=True)
    (door / "837.x12").write_bytes(b"ISA")
    with pytest.raises(TimeoutError, match="1 files wait at the doors"):
        asyncio.run(waited(broker, groups, tmp_path, 0.5))
