"""The engine's turns that the outbox model does not reach: long outboxes, stuck effects, outages, letters."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from services.chassis import engine as engine_module
from services.chassis.assignment import Assignment
from services.chassis.engine import Engine
from services.chassis.letter_limit import LetterLimit, Tally
from services.chassis.records import Batch
from services.chassis.verdicts import Fatal
from tests.faults.outbox_checks import check
from tests.faults.outbox_world import INPUTS, Pressed, Process, Rules, Switched, World


async def whole(process: Process) -> None:
    while await process.advance():
        pass


async def test_a_batch_that_would_overfill_an_outbox_is_worked_off_in_parts() -> None:
    world = World()
    for number in range(130):
        world.send(Pressed(), "x", number)
    await whole(Process(world, (500,), Rules()))
    check(world)
    assert len(world.commits) > 1
    assert max(len(stored) for _, _, stored in world.documents.values()) <= 100


async def test_events_of_one_key_in_a_batch_share_one_write() -> None:
    world = World()
    for number in range(20):
        world.send(Pressed(), "x", number)
    await whole(Process(world, (500,), Rules()))
    assert world.documents["x"][0] == 1


class Outage(Process):
    """A process whose database is away for the first loads."""

    away = 2

    async def load(self, keys: Any) -> Any:
        if self.away:
            self.away -= 1
            raise OSError("away")
        return await super().load(keys)

    def _compose(self, rules: Rules) -> Engine:
        made = super()._compose(rules)
        made._transient = (OSError,)
        return made


async def test_an_outage_is_waited_for_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "FIRST_PAUSE", 0.001)
    world = World()
    world.send(Switched(), "x", 1)
    await whole(Outage(world, (5,), Rules()))
    check(world)


async def test_while_an_outage_lasts_it_is_told_and_afterwards_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "FIRST_PAUSE", 0.001)
    world = World()
    world.send(Switched(), "x", 1)
    process = Outage(world, (5,), Rules())
    trouble, said = process.engine._trouble, set()
    while await process.advance():
        said.add(trouble.wrong)
    assert said == {"waits for the broker since 0 s (OSError): see KAFKA_BOOTSTRAP_SERVERS"}
    assert trouble.wrong is None


async def test_an_outage_that_lasts_ends_the_process_with_nothing_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "FIRST_PAUSE", 0.001)
    world = World()
    world.send(Switched(), "x", 1)
    process = Outage(world, (5,), Rules())
    process.away = 1000
    process.engine._retry_seconds = 0.01
    with pytest.raises(Fatal, match="OSError"):
        await whole(process)
    assert world.commits == []


async def test_a_batch_of_an_older_generation_is_dropped_untouched() -> None:
    world = World()
    world.send(Switched(), "x", 1)
    process = Process(world, (5,), Rules())
    stale = Batch("model.a.v1", 0, world.logs[INPUTS[0]], 1, generation=process.generation - 1)
    assert await process.engine.process(stale) is False
    assert world.documents == {}
    await process.crash()


class Ledger:
    """Where a tally rests in these tests."""

    def __init__(self) -> None:
        self.kept: tuple[Tally, bool] = (Tally(), False)
        self.writes = 0

    async def read_tally(self) -> tuple[Tally, bool]:
        return self.kept

    async def write_tally(self, tally: Tally, stopped: bool) -> None:
        self.kept, self.writes = (tally, stopped), self.writes + 1


class Spot:
    def __init__(self, offset: int) -> None:
        self.offset, self.timestamp, self.key, self.value, self.headers = offset, 0, None, None, ()


def batch(first: int, count: int) -> Batch:
    return Batch("t", 0, [Spot(first + number) for number in range(count)], first + count)


async def limit_after(good_between: int, letters: int, ledger: Ledger) -> int:
    """How many letters passed before the limit, one every `good_between` good records; restarted all the time."""
    offset = 0
    for number in range(letters):
        limit = LetterLimit(ledger)
        await limit.start()
        part = batch(offset, good_between + 1)
        offset += good_between + 1
        try:
            await limit.note(part, {part.records[-1].offset})
        except Fatal:
            return number + 1
    return letters


@pytest.mark.parametrize(("good_between", "passes"), [(0, 50), (3, 101), (4, 1000)])
async def test_the_letter_limit_counts_rows_and_shares_over_restarts(good_between: int, passes: int) -> None:
    ledger = Ledger()
    assert await limit_after(good_between, 1000, ledger) == passes
    assert ledger.kept[1] is (passes < 1000)


async def test_the_batch_that_stopped_a_worker_passes_once_a_person_resumed_it() -> None:
    ledger = Ledger()
    poison = batch(0, 60)
    offsets = {record.offset for record in poison.records}
    with pytest.raises(Fatal):
        await LetterLimit(ledger).note(poison, offsets)
    ledger.kept = Tally(pardoned=500), False  # what `deadletters resume` leaves
    limit = LetterLimit(ledger)
    await limit.start()
    await limit.note(poison, offsets)
    assert not limit.stopped and ledger.kept[0].pardoned == 440
    with pytest.raises(Fatal):
        await limit.note(batch(60, 490), set(range(60, 550)))


async def test_good_batches_write_no_tally() -> None:
    ledger = Ledger()
    limit = LetterLimit(ledger)
    for number in range(20):
        await limit.note(batch(number * 5, 5), set())
    assert ledger.writes == 0


async def none(places: Any) -> dict[Any, int]:
    return {}


async def test_a_refused_commit_teaches_nothing_and_ends_the_work_on_that_input() -> None:
    async def refuse(place: Any, offset: int, generation: int) -> bool:
        return False

    assignment = Assignment(generation=lambda: 1, commit=refuse, committed=none)
    assignment.assigned({("t", 0): 5, ("u", 0): 5})
    refused = Batch("t", 0, [], 9, generation=1)
    assert await assignment.commit(refused) is False
    assert not assignment.current(refused)
    assert assignment.acknowledged == {("u", 0): 5}
    assert assignment.stranded() > 0
    assignment.assigned({("t", 0): 5}, term=1)
    assert assignment.stranded() == 0.0


async def test_a_batch_of_an_earlier_term_is_dropped_though_its_generation_has_come_again() -> None:
    """What lay before it in its input may have been dropped: its commit would pass over that."""
    committed: list[int] = []

    async def take(place: Any, offset: int, generation: int) -> bool:
        committed.append(offset)
        return True

    assignment = Assignment(generation=lambda: 1, commit=take, committed=none)
    assignment.assigned({("t", 0): 5}, term=1)
    waiting = Batch("t", 0, [], 9, generation=1, term=1)
    assignment.assigned({("t", 0): 5}, term=2)
    assert not assignment.current(waiting)
    assert await assignment.commit(waiting) is False
    assert await assignment.commit(replace(waiting, term=2)) is True
    assert committed == [9]


async def test_a_refusal_that_comes_after_a_new_term_has_begun_gives_nothing_up() -> None:
    async def late(place: Any, offset: int, generation: int) -> bool:
        assignment.assigned({("t", 0): 5}, term=2)
        return False

    assignment = Assignment(generation=lambda: 1, commit=late, committed=none)
    assignment.assigned({("t", 0): 5}, term=1)
    assert await assignment.commit(Batch("t", 0, [], 9, generation=1, term=1)) is False
    assert assignment.current(Batch("t", 0, [], 9, generation=1, term=2))
    assert assignment.stranded() == 0.0


async def test_offsets_of_others_are_asked_for_once_a_second() -> None:
    asked: list[set[Any]] = []

    async def committed(places: Any) -> dict[Any, int]:
        asked.append(set(places))
        return dict.fromkeys(places, 7)

    async def take(place: Any, offset: int, generation: int) -> bool:
        return True

    assignment = Assignment(generation=lambda: 1, commit=take, committed=committed)
    assert await assignment.foreign([("t", 1)]) == {("t", 1): 7}
    assert await assignment.foreign([("t", 1), ("t", 2)]) == {("t", 1): 7, ("t", 2): 7}
    assert asked == [{("t", 1)}, {("t", 2)}]


async def test_the_lock_is_one_a_partition_number() -> None:
    order: list[str] = []

    class Slow(Engine):
        async def _persist(self, batch: Batch) -> bool:
            order.append(f"+{batch.topic}{batch.partition}")
            await asyncio.sleep(0.01)
            order.append(f"-{batch.topic}{batch.partition}")
            return True

    class Slowly(Rules):
        engine = Slow

    process = Process(World(), (1,), Slowly())
    places = [("a", 0), ("b", 0), ("c", 1)]
    await asyncio.gather(*[process.engine.process(Batch(topic, number, [], 0)) for topic, number in places])
    assert order == ["+a0", "+c1", "-a0", "+b0", "-c1", "-b0"] or order == ["+a0", "+c1", "-a0", "-c1", "+b0", "-b0"]
    await process.crash()
