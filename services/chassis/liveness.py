"""Notices a worker that stalls in silence: lag above zero, and no batch finished for a while (DESIGN §4.5)."""

import asyncio
import faulthandler
import logging
import math
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from aiokafka.errors import KafkaError

from services.chassis import metrics
from services.chassis.outbox import Acknowledged, Input

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
LOOKS = 10
"""At the lag, in the time that it takes to call it a stall."""
BEATS = 4
"""Of the loop, from one look at the lag to the next."""
STALLED = 70
"""Exit status (EX_SOFTWARE) of a process that could not go on."""


class Ends(Protocol):
    """Where the ends of partitions come from."""

    async def ends(self, places: "set[Input]") -> Mapping[Input, int]:
        """The ends of input partitions."""


def exit_now(reason: str) -> None:
    """End the process at once with status 70: nothing unacknowledged is lost by it."""
    log.error("the process ends: %s", reason)
    sys.stderr.flush()
    os._exit(STALLED)


class Liveness:
    """Watches one worker: its lag from the loop, the loop itself from a thread.

    `seconds`: so long may nothing be finished while records wait; `partition_seconds`: so long in one partition number,
    whose turn may be late while the others are busy. `stranded`: for how long the worker has known that a commit was
    refused, without being told its partitions anew; records that wait there are in no lag that it sees.
    """

    def __init__(
        self,
        ends: Ends,
        acknowledged: Callable[[], Acknowledged],
        finished: Callable[[], float],
        seconds: float,
        partition_seconds: float = math.inf,
        end_process: Callable[[str], None] = exit_now,
        stranded: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._stranded = stranded
        self._ends = ends
        self._acknowledged = acknowledged
        self._finished = finished
        self._seconds = seconds
        self._partition_seconds = partition_seconds
        self._moved: dict[int, tuple[Acknowledged, float]] = {}
        self._pause = min(seconds, partition_seconds) / LOOKS
        self._end_process = end_process
        self._beat = time.monotonic()
        self._lagging_since: float | None = None
        self._stopped = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.wrong: str | None = None
        """What is wrong, once it is."""

    async def run(self) -> None:
        """Look at the lag, until cancelled."""
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._watch_loop, name="liveness", daemon=True).start()
        try:
            while True:
                if self._stranded() > self._seconds:
                    self._stall(
                        f"a commit was refused, and for {self._stranded():.0f} s the group gave no new partitions"
                    )
                await self._look()
                for _ in range(BEATS):
                    self._beat = time.monotonic()
                    await asyncio.sleep(self._pause / BEATS)
        finally:
            self._stopped.set()

    async def _look(self) -> None:
        acknowledged = dict(self._acknowledged())
        try:
            ends = await self._ends.ends(set(acknowledged))
        except (KafkaError, TimeoutError, OSError):
            return  # the broker is away: batches in hand tell about that
        lag: dict[str, int] = {}
        for place, end in ends.items():
            lag[place[0]] = lag.get(place[0], 0) + max(end - acknowledged.get(place, 0), 0)
        for topic, records in lag.items():
            metrics.LAG.labels(topic).set(records)
        self._judge(sum(lag.values()), time.monotonic())
        for number in {place[1] for place in ends}:
            of_number = {place: offset for place, offset in acknowledged.items() if place[1] == number}
            waiting = sum(max(ends.get(place, 0) - offset, 0) for place, offset in of_number.items())
            self._judge_partition(number, of_number, waiting, time.monotonic())

    def _judge(self, lag: int, now: float) -> None:
        if not lag:
            self._lagging_since = None
            return
        if self._lagging_since is None:
            self._lagging_since = now
        idle = now - max(self._lagging_since, self._finished())
        if idle > self._seconds:
            self._stall(f"{lag} records wait and no batch was finished for {idle:.0f} s")

    def _judge_partition(self, number: int, acknowledged: Acknowledged, lag: int, now: float) -> None:
        """One line may hang while the others go on: what is finished elsewhere says nothing of it."""
        known, since = self._moved.get(number, (None, now))
        if not lag or known != acknowledged:
            self._moved[number] = acknowledged, now
        elif now - since > self._partition_seconds:
            self._stall(f"{lag} records wait in partition {number} and none was finished for {now - since:.0f} s")

    def _watch_loop(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            silent = time.monotonic() - self._beat
            if silent > self._seconds + LOOK_SECONDS:
                self._stall(f"the event loop has not turned for {silent:.0f} s")
                return

    def _stall(self, reason: str) -> None:
        self.wrong = reason
        faulthandler.dump_traceback(sys.stderr, all_threads=True)
        dump_tasks(self._loop)
        self._end_process(f"stalled: {reason}")


def dump_tasks(loop: asyncio.AbstractEventLoop | None) -> None:
    """Log where every task of the loop waits: module and line, without any value."""
    for task in asyncio.all_tasks(loop) if loop is not None else ():
        frames = [f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}" for frame in task.get_stack()]
        log.error("task %s waits at %s", task.get_name(), " < ".join(reversed(frames)))
