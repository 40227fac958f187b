"""Batches wait in one line a partition number; those of one input that wait together become one."""

import asyncio
from dataclasses import replace
from itertools import pairwise

from services.chassis.backlog import MAX_RECORDS, MAX_WAITING, Backlog
from services.chassis.backlog import Line as Waiting
from services.chassis.records import Batch
from tests.unit.chassis.lines import Line


def batch(topic: str, partition: int, first: int, count: int, generation: int = 1) -> Batch:
    records = []
    for offset in range(first, first + count):
        record = Line(b"x")
        record.offset = offset
        records.append(record)
    return Batch(topic, partition, records, first + count, generation)


class Engine:
    """Takes a batch when told to."""

    def __init__(self) -> None:
        self.taken: list[Batch] = []
        self.gate = asyncio.Event()
        self.backlog = Backlog(self._process)

    async def _process(self, batch: Batch) -> None:
        self.taken.append(batch)
        await self.gate.wait()

    async def rest(self) -> None:
        while self.backlog.busy() or any(line.records for line in self.backlog._lines.values()):
            await asyncio.sleep(0)

    def offsets(self, topic: str) -> list[int]:
        return [record.offset for found in self.taken if found.topic == topic for record in found.records]


async def test_while_one_is_worked_off_the_next_of_its_input_gather() -> None:
    engine = Engine()
    for first in (0, 10, 20):
        await engine.backlog.put(batch("a", 0, first, 10))
        await engine.backlog.put(batch("b", 0, first, 10))
        await asyncio.sleep(0.01)
    assert len(engine.taken) == 1
    engine.gate.set()
    await engine.rest()
    assert engine.offsets("a") == engine.offsets("b") == list(range(30))
    assert [(found.topic, found.end) for found in engine.taken] == [("a", 10), ("b", 30), ("a", 30)]


async def test_partitions_go_on_beside_each_other() -> None:
    engine = Engine()
    for partition in range(3):
        await engine.backlog.put(batch("a", partition, 0, 1))
    await asyncio.sleep(0.01)
    assert sorted(found.partition for found in engine.taken) == [0, 1, 2]


async def test_generations_and_terms_are_never_mixed_and_a_batch_has_its_limit() -> None:
    engine = Engine()
    await engine.backlog.put(batch("a", 0, 0, 1))
    await asyncio.sleep(0.01)
    waiting = [batch("a", 0, 1, 300), batch("a", 0, 301, 300), batch("a", 0, 601, 5), batch("a", 0, 606, 5, 2)]
    for entry in waiting:
        await engine.backlog.put(entry)
    engine.gate.set()
    await engine.backlog.put(replace(batch("a", 0, 611, 5, 2), term=1))
    await engine.rest()
    assert engine.offsets("a") == list(range(616))
    assert all(len(found.records) <= MAX_RECORDS for found in engine.taken)
    assert [found.generation for found in engine.taken] == [1, 1, 1, 2, 2]
    assert all(one.end == other.records[0].offset for one, other in pairwise(engine.taken))


async def test_a_reader_waits_while_enough_of_its_input_does() -> None:
    engine = Engine()
    await engine.backlog.put(batch("a", 0, 0, 1))
    await asyncio.sleep(0.01)
    for first in range(1, 1 + MAX_WAITING):
        await engine.backlog.put(batch("a", 0, first, 1))
    late = asyncio.create_task(engine.backlog.put(batch("a", 0, 9, 1)))
    await engine.backlog.put(batch("b", 0, 0, 1))
    await asyncio.sleep(0.01)
    assert not late.done()
    engine.gate.set()
    await asyncio.wait_for(late, 1)


async def test_the_consumer_s_thread_may_ask_while_a_line_is_added() -> None:
    class Growing(Waiting):
        @property
        def records(self) -> int:
            engine.backlog._lines[9] = Waiting(engine.backlog._process)
            return 0

        @records.setter
        def records(self, number: int) -> None:
            pass

    engine = Engine()
    engine.backlog._lines[0] = Growing(engine.backlog._process)
    assert not engine.backlog.busy()
