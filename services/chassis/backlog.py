"""What waits for the engine: one line a partition number. Batches of one input that wait together become one batch."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace

from services.chassis.outbox import Input
from services.chassis.records import Batch

MAX_RECORDS = 500
MAX_BYTES = 4_194_304
BUSY_RECORDS = 100
"""So many records in hand or in line: what comes next cannot be begun at once anyway."""
MAX_WAITING = 4
"""Batches of one input that wait here before its reader has to."""


class Line:
    """The batches of one partition number, of whatever topic; worked off one after the other."""

    def __init__(self, process: Callable[[Batch], Awaitable[None]]) -> None:
        self._process = process
        self._waiting: deque[Batch] = deque()
        self._moved = asyncio.Condition()
        self._of_input: dict[Input, int] = {}
        self.records = 0
        """In hand or in line."""

    async def put(self, batch: Batch) -> None:
        """Let a batch wait; first waits itself while many of its input do."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._of_input.get(batch.input, 0) < MAX_WAITING)
            self._waiting.append(batch)
            self.records += len(batch.records)
            self._of_input[batch.input] = self._of_input.get(batch.input, 0) + 1
            self._moved.notify_all()

    async def run(self) -> None:
        """Work off what comes, until cancelled."""
        while True:
            async with self._moved:
                await self._moved.wait_for(lambda: bool(self._waiting))
                batch = self._take()
                self._moved.notify_all()
            await self._process(batch)
            self.records -= len(batch.records)

    def _take(self) -> Batch:
        """The batch that has waited longest, with those of its input that follow it, as far as they fit."""
        batch = self._waiting.popleft()
        taken, size = [batch], _bytes(batch)
        records = len(batch.records)
        for later in [entry for entry in self._waiting if entry.input == batch.input]:
            records += len(later.records)
            size += _bytes(later)
            mixed = (later.generation, later.term) != (batch.generation, batch.term)
            if mixed or records > MAX_RECORDS or size > MAX_BYTES:
                break
            taken.append(later)
            self._waiting.remove(later)
        self._of_input[batch.input] -= len(taken)
        return batch if len(taken) == 1 else _joined(taken)


class Backlog:
    """The lines of all partition numbers."""

    def __init__(self, process: Callable[[Batch], Awaitable[None]]) -> None:
        self._process = process
        self._lines: dict[int, Line] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def put(self, batch: Batch) -> None:
        """Let a batch wait in its line; returns before it is worked off."""
        line = self._lines.get(batch.partition)
        if line is None:
            line = self._lines[batch.partition] = Line(self._process)
            self._tasks.append(asyncio.create_task(line.run(), name=f"partition {batch.partition}"))
        await line.put(batch)

    def busy(self) -> bool:
        """Whether more work lies here than can be begun soon: records may gather at the broker meanwhile."""
        lines = list(self._lines.values())  # the consumer's thread asks, while this one may add a line
        return sum(line.records for line in lines) >= BUSY_RECORDS

    def close(self) -> None:
        """Begin nothing more; what waits is read again by whoever comes next."""
        for task in self._tasks:
            task.cancel()


def _joined(batches: list[Batch]) -> Batch:
    records = [record for batch in batches for record in batch.records]
    return replace(batches[0], records=records, end=batches[-1].end)


def _bytes(batch: Batch) -> int:
    return sum(len(record.value or b"") for record in batch.records)
