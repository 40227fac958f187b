"""A worker killed anywhere: nothing is lost, nothing is done twice, offsets never fall, and it is back soon."""

import asyncio
import random
import signal
import time
from contextlib import suppress

import pytest

from tests.integration.chassis_kit import PARTITIONS, TOPICS, Kit, kill, until

pytestmark = pytest.mark.stack
KEYS = tuple("abcdefgh")
POINTS = ("after_load", "after_write", "half_published", "after_publish", "before_commit", "after_commit")


async def feed(kit: Kit, rounds: range) -> None:
    for number in rounds:
        for key in KEYS:
            await kit.deposit(key, number, then="write" if number % 3 == 0 else "")
            await kit.withdraw(key, number)
    await kit.producer.flush()


async def assert_whole(kit: Kit, rounds: int) -> None:
    """Every event applied once; every event and effect it causes there, those of a key in their order."""
    purses, events = await kit.purses(), await kit.events()
    for key in KEYS:
        state = purses[key]["state"]
        assert (state["balance"], state["bookings"]) == (rounds * 99, rounds * 2)
        first_seen = list(
            {event["id"]: event["data"]["number"] for event in events if event["subject"] == key}.values()
        )
        assert first_seen == list(range(1, rounds * 2 + 1))
    papers = list((kit.folder / "doors").glob("*.txt"))
    assert len(papers) == len(KEYS) * len([number for number in range(rounds) if number % 3 == 0])


async def test_every_fail_point_and_one_twice_in_a_row(kit: Kit) -> None:
    points = ",".join((*POINTS[:2], *POINTS[1:]))
    await feed(kit, range(6))
    for _ in range(len(POINTS) + 1):
        worker = kit.spawn(OVERTURN_FAILPOINT=points)
        await feed(kit, range(6))
        assert await asyncio.to_thread(worker.wait, 40) == -9
    kit.spawn(OVERTURN_FAILPOINT=points)
    await kit.settled()
    markers = {marker.name for marker in (kit.folder / "failpoints").iterdir()}
    assert markers == {f"probe-{point}" for point in POINTS} | {f"probe-{POINTS[1]}.2"}
    await assert_whole(kit, 6)


async def test_random_kills_of_two_workers_never_lower_an_offset(kit: Kit) -> None:
    rng = random.Random(11)
    workers = [kit.spawn(number) for number in range(2)]
    highest: dict[tuple[str, int], int] = {}
    watching = asyncio.create_task(watch_offsets(kit, highest))
    try:
        for turn in range(6):
            await feed(kit, range(turn, turn + 1))
            await asyncio.sleep(rng.uniform(0.2, 2.5))
            number = turn % 2
            kill(workers[number])
            workers[number] = kit.spawn(number)
        await kit.settled(within=60)
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    await assert_whole(kit, 6)
    assert highest


async def watch_offsets(kit: Kit, highest: dict[tuple[str, int], int]) -> None:
    while True:
        for place, offset in (await kit.committed()).items():
            assert offset >= highest.get(place, 0), f"the committed offset of {place} fell"
            highest[place] = offset
        await asyncio.sleep(0.1)


async def test_from_sigkill_to_progress_it_takes_seconds(kit: Kit) -> None:
    worker = kit.spawn()
    await feed(kit, range(1))
    await kit.settled()
    kill(worker)
    await kit.deposit("a", 50)
    kit.spawn()
    await kit.settled()
    begun, owned = kit.logged(" starts")[-1], kit.logged(" owns ")[-1]
    assert (owned - begun).total_seconds() < 8, "static membership must spare the session time-out (10 s)"


async def test_a_frozen_worker_that_wakes_beside_its_replacement_ends_and_leaves_it_in_peace(kit: Kit) -> None:
    frozen = kit.spawn()
    await feed(kit, range(1))
    await kit.settled()
    frozen.send_signal(signal.SIGSTOP)
    replacement = kit.spawn()
    await feed(kit, range(1, 2))
    await kit.settled()
    frozen.send_signal(signal.SIGCONT)
    await feed(kit, range(2, 4))
    assert await asyncio.to_thread(frozen.wait, 15) == 70
    await kit.settled(within=30)
    assert replacement.poll() is None
    assert len(kit.logged("its place in the group is another's")) == 1
    await assert_whole(kit, 4)


async def test_sigterm_finishes_commits_and_leaves_within_five_seconds(kit: Kit) -> None:
    worker = kit.spawn()
    await kit.ready()
    await feed(kit, range(20))
    begun = time.monotonic()
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 10) == 0
    assert time.monotonic() - begun < 5
    kit.spawn()
    await kit.settled()
    await assert_whole(kit, 20)


async def test_one_worker_owns_a_partition_number_of_every_topic(kit: Kit) -> None:
    inputs = {"probe.in.v1", "probe.more.v1", "clock.v1", "probe.timers.v1", "probe.replay.v1"}
    kit.spawn(0)
    for count in range(2, PARTITIONS + 1):
        kit.spawn(count - 1)
        await until(lambda count=count: shared_out(kit, count, inputs), 40, f"shared among {count} workers")
        for number in range(count):
            owned = kit.owned(number)
            assert set(owned) in (inputs, set()), "three workers may share four partitions as 2, 2, 0"
            assert len({tuple(partitions) for partitions in owned.values()}) <= 1, owned
    await feed(kit, range(2))
    await kit.settled(TOPICS[:2])
    await assert_whole(kit, 2)


async def shared_out(kit: Kit, workers: int, inputs: set[str]) -> bool:
    owned = [kit.owned(number) for number in range(workers)]
    claimed = sorted((topic, partition) for own in owned for topic, places in own.items() for partition in places)
    told = all(kit.logged(" owns ", number) for number in range(workers))
    return told and claimed == sorted((topic, partition) for topic in inputs for partition in range(PARTITIONS))


async def test_a_stalled_worker_says_so_and_ends(kit: Kit) -> None:
    worker = kit.spawn(OVERTURN_STALL_SECONDS="2")
    await kit.deposit("a", 1, then="block")
    await kit.producer.flush()
    assert await asyncio.to_thread(worker.wait, 30) == 70
    log = kit.log()
    assert "stalled" in log
    assert "chassis_probe.py" in log, "the stacks name the line that blocks"
    assert sum((await kit.committed()).values()) == 0


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MONGODB_URL", ""),
        ("OVERTURN_FAILPOINT", "somewhere"),
    ],
)
async def test_wrong_configuration_is_one_line_and_status_78(kit: Kit, variable: str, value: str) -> None:
    worker = kit.spawn(**{variable: value})
    assert await asyncio.to_thread(worker.wait, 20) == 78
    lines = kit.log().strip().splitlines()
    assert len(lines) == 1
    assert variable in lines[0]


async def test_a_missing_topic_is_told_with_its_remedy(kit: Kit) -> None:
    worker = kit.spawn(OVERTURN_PREFIX="nobody-")
    assert await asyncio.to_thread(worker.wait, 20) == 78
    assert "is missing: run `overturn topics apply`" in kit.log()
