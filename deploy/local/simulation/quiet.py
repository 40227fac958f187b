"""Quiet: two looks in a row at which nothing was under way, and between which nothing moved (DESIGN §4.9)."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

BETWEEN_LOOKS = 0.012
"""Seconds; a look costs the broker one request a group."""
PATIENCE = 0.1
"""Glances at the group that is most behind are this share of the time waited so far apart, so that they stay cheap."""
LONGEST_BETWEEN = 0.05


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one instant: how much there is, how much of it is done, and what lies at the doors."""

    ends: Mapping[TopicPartition, int]
    committed: Mapping[tuple[str, TopicPartition], int]
    waiting_files: int
    files_ever: int
    at: float = field(default=0.0, compare=False)
    """When it was seen (time.monotonic)."""

    def behind(self) -> dict[tuple[str, TopicPartition], int]:
        """Messages not yet committed, by group and partition; no commit counts as the beginning."""
        return lags(self.ends, self.committed)

    def most_behind(self) -> str | None:
        """The consumer group that has the most messages before it; None where no group has any."""
        waiting: Counter[str] = Counter()
        for (group, _), lag in self.behind().items():
            waiting[group] += lag
        return max(waiting, key=lambda group: waiting[group], default=None)

    def at_rest(self) -> bool:
        """Whether every group has committed every message and every payer's door is empty."""
        return not self.waiting_files and not self.behind()


class Doors:
    """The folders in which clearinghouse and payers leave each other files."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def count(self) -> tuple[int, int]:
        """Files that wait at a door, temporary names included, and files that ever lay at one."""
        waiting = archived = 0
        for door in (*self._root.glob("*/to_payer"), *self._root.glob("*/from_payer")):
            for entry in door.iterdir():
                if entry.is_file():
                    waiting += 1
                elif entry.name in ("archive", "unreadable"):
                    archived += sum(1 for _ in entry.iterdir())
        return waiting, waiting + archived


class QuietTest:
    """Looks at one broker and one folder of doors."""

    def __init__(
        self,
        bootstrap: str,
        subscriptions: Mapping[str, Sequence[str]],
        partitions_of: Mapping[str, int],
        doors: Doors,
    ) -> None:
        """`subscriptions`: the topics of each consumer group, by their names on the broker."""
        self._admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        self._consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
        self._wanted = {
            group: [TopicPartition(topic, p) for topic in topics for p in range(partitions_of[topic])]
            for group, topics in subscriptions.items()
        }
        self._all = sorted({tp for wanted in self._wanted.values() for tp in wanted})
        self._coordinators: dict[str, int] = {}
        self._doors = doors
        self.rested_at = 0.0
        """When the last wait first saw all at rest (time.monotonic)."""

    async def start(self) -> None:
        """Connect; raises KafkaConnectionError where the broker is away."""
        await self._admin.start()
        await self._consumer.start()

    async def stop(self) -> None:
        """Leave the broker."""
        await self._consumer.stop()
        await self._admin.close()

    async def look(self) -> Look:
        """What there is now. Committed offsets are read before ends, so that a look never flatters."""
        waiting, ever = self._doors.count()
        answers = await asyncio.gather(*(self._committed(group) for group in self._wanted))
        ends = await self._consumer.end_offsets(self._all)
        committed = {(group, tp): done for found in answers for (group, tp), done in found.items()}
        return Look(ends, committed, waiting, ever, time.monotonic())

    async def wait(self, timeout: float) -> Look:
        """The first of two equal looks at rest; raises TimeoutError after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        deadline = begun + timeout
        last: Look | None = None
        while True:
            now = await self.look()
            if last is not None and now == last:
                self.rested_at = last.at
                return last
            last = now if now.at_rest() else None
            if loop.time() > deadline:
                raise TimeoutError(describe(now))
            await (asyncio.sleep(BETWEEN_LOOKS) if last else self._worked_off(now, begun, deadline))

    async def _worked_off(self, seen: Look, begun: float, deadline: float) -> None:
        """Until the group that was most behind has done what there was then: one request a glance, not one a group."""
        loop, group = asyncio.get_running_loop(), seen.most_behind()
        while True:
            await asyncio.sleep(pause(loop.time() - begun))
            if group is None or loop.time() > deadline or not lags(seen.ends, await self._committed(group)):
                return

    async def _committed(self, group: str) -> dict[tuple[str, TopicPartition], int]:
        if group not in self._coordinators:
            self._coordinators[group] = await self._admin.find_coordinator(group)
        found = await self._admin.list_consumer_group_offsets(group, self._coordinators[group])
        return {(group, tp): max(found[tp].offset, 0) if tp in found else 0 for tp in self._wanted[group]}


def lags(
    ends: Mapping[TopicPartition, int], committed: Mapping[tuple[str, TopicPartition], int]
) -> dict[tuple[str, TopicPartition], int]:
    """Messages before an end that are not committed, by group and partition."""
    found = {key: ends[key[1]] - done for key, done in committed.items()}
    return {key: lag for key, lag in found.items() if lag > 0}


def pause(waited: float) -> float:
    """Seconds until the next glance: a tenth of the time waited, 12 to 50 ms."""
    return min(max(BETWEEN_LOOKS, PATIENCE * waited), LONGEST_BETWEEN)


def describe(look: Look) -> str:
    """What is still under way, for an error message; topic names and counts only."""
    behind = [f"{group} is {lag} behind on {tp.topic}/{tp.partition}" for (group, tp), lag in look.behind().items()]
    return "; ".join([*behind, f"{look.waiting_files} files wait at the doors"])
