"""The outbox protocol under crashes, redelivery in other batches, and zombies; and the same with each rule weakened.

The engine is the real one. The strong rules must hold in every run; each weakened rule must be found out.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest

from services.chassis import outbox
from services.chassis.assignment import Assignment
from services.chassis.engine import Engine, Run
from services.chassis.held import Held
from services.chassis.records import Batch
from tests.faults.outbox_checks import check
from tests.faults.outbox_world import Bell, Pressed, Process, Rules, Switched, World

SIZES = ((1,), (2, 1), (3,), (9,))


class Variant(Rules):
    """Which rules are in force: all of them."""


def world_of(rng: random.Random, variant: type[Variant], events: int) -> World:
    world = World(guarded=variant.guarded)
    for number in range(events):
        data = Switched() if rng.random() < 0.4 else Pressed()
        world.send(data, rng.choice("xy"), number, rng.choice(("model.a.v1", "model.b.v1")))
    return world


async def drain(process: Process) -> None:
    while await process.advance():
        pass


async def crash_at(world: World, sizes: Sequence[int], variant: type[Variant], step: int) -> bool:
    """One process that dies at its step; False if it ended before."""
    process = Process(world, sizes, variant())
    for _ in range(step):
        if not await process.advance():
            return False
    await process.crash()
    return True


async def two_crashes(variant: type[Variant], first: int, second: int, sizes: Sequence[Sequence[int]]) -> bool:
    world = world_of(random.Random(3), variant, 6)
    reached = await crash_at(world, sizes[0], variant, first)
    reached = await crash_at(world, sizes[1], variant, second) and reached
    await drain(Process(world, sizes[2], variant()))
    check(world)
    return reached


async def storm(variant: type[Variant], seed: int) -> None:
    """A run in which crashes, new generations and zombies come as a seeded hazard has them."""
    rng = random.Random(seed)
    world = world_of(rng, variant, rng.randint(2, 9))

    def spawn() -> Process:
        return Process(world, rng.choice(SIZES), variant(), rng.randrange(2), quietly=rng.random() < 0.5)

    alive = [spawn()]
    for _ in range(rng.randint(5, 120)):
        hazard = rng.random()
        if hazard < 0.03:
            await alive.pop().crash()
            alive.append(spawn())
        elif hazard < 0.06 and len(alive) < 3:
            alive.append(spawn())  # the one before does not know yet that the group has moved on
        else:
            await rng.choice((alive[-1], rng.choice(alive))).advance()
    for zombie in alive[:-1]:
        await (zombie.crash() if rng.random() < 0.3 else drain(zombie))
    await drain(alive[-1])
    await drain(spawn())
    check(world)


async def plague(variant: type[Variant], seed: int) -> None:
    """A run full of workers that were superseded and do not know it, and that die in the middle of their last batch."""
    rng = random.Random(seed)
    world = world_of(rng, variant, rng.randint(2, 6))

    def spawn() -> Process:
        return Process(world, rng.choice(SIZES), variant(), rng.randrange(2), quietly=rng.random() < 0.5)

    alive = [spawn()]
    for _ in range(rng.randint(5, 160)):
        hazard = rng.random()
        if hazard < 0.02 and len(alive) > 1:
            await alive.pop(rng.randrange(len(alive) - 1)).crash()
        elif hazard < 0.05 and len(alive) < 3:
            alive.append(spawn())
        elif hazard < 0.5:
            await alive[-1].advance()
        else:
            await rng.choice(alive).advance()
    for zombie in alive[:-1]:
        for _ in range(rng.randint(0, 12)):
            await zombie.advance()
        await zombie.crash()
    await drain(alive[-1])
    await drain(spawn())
    check(world)


def runs(variant: type[Variant], seeds: range, hazard: Callable[[type[Variant], int], Awaitable[None]] = storm) -> None:
    async def all_of_them() -> None:
        for seed in seeds:
            await hazard(variant, seed)

    asyncio.run(all_of_them())


def crash_everywhere(variant: type[Variant]) -> int:
    """Every pair of steps at which two processes die one after the other, in several cuts of the batches."""

    async def all_of_them() -> int:
        pairs = 0
        for sizes in (((3,), (1,), (9,)), ((9,), (2, 1), (1,))):
            for first, second in product(range(0, 60, 4), range(60)):
                pairs += await two_crashes(variant, first, second, sizes)
        return pairs

    return asyncio.run(all_of_them())


def test_nothing_is_lost_wherever_two_processes_die() -> None:
    assert crash_everywhere(Variant) > 300


def test_nothing_is_lost_in_storms() -> None:
    runs(Variant, range(1000))


def test_nothing_is_lost_in_a_plague_of_zombies() -> None:
    runs(Variant, range(1000), plague)


class DropsThePreviousBatch(Variant):
    """Writes keep only what this batch caused."""


class PublishesBeforeWriting(Variant):
    class Hasty(Engine):
        async def _settle(self, run: Run) -> None:
            await self._publish(run, run.changed)
            if run.changed:
                await self._store.write(run.changed)
            await self._effects.do(run.held.values(), self._store)

    engine = Hasty


class CommitsBeforePublishing(Variant):
    class Careless(Engine):
        async def _settle(self, run: Run) -> None:
            if run.changed:
                await self._store.write(run.changed)
            await self._ownership.commit(run.batch)
            await self._publish(run, run.changed)
            await self._effects.do(run.held.values(), self._store)

    engine = Careless


class HasNoVersionGuard(Variant):
    guarded = False


class ForgetsWhatItHasSeen(Variant):
    pass


class DoesNotPublishWhatItLoads(Variant):
    pass


class ForgetsWhatChangedNothing(Variant):
    """Remembers only the events that changed a document."""


class BelievesItsOwnOffset(Variant):
    """Takes entries for dead once they are published, whether or not the commit was taken."""

    class Believing(Assignment):
        async def commit(self, batch: Batch) -> bool:
            self._acknowledged[batch.input] = max(batch.end, self._acknowledged[batch.input])
            done = await self._commit(batch.input, batch.end, batch.generation)
            return done or self.current(batch)

    assignment = Believing


class TrustsWhateverItLoads(Variant):
    """Works on states that a newer generation has written, without asking whether it still owns the partition."""

    class Trusting(Engine):
        async def _beware(self, batch: Batch, loaded: Sequence[Held]) -> None:
            return

    engine = Trusting


class TrustsItsTwin(Variant):
    """Takes what another process of its name has written in the same generation for its own."""

    class Trusting(Engine):
        def __init__(self, **parts: Any) -> None:
            super().__init__(**parts)
            self._writer = 0

    engine = Trusting


@contextmanager
def weakened(patch: pytest.MonkeyPatch, variant: type[Variant]) -> Iterator[None]:
    if variant is DropsThePreviousBatch:
        patch.setattr(Held, "entries", property(lambda self: tuple(self.added) or self.live))
    if variant is ForgetsWhatItHasSeen:
        patch.setattr(Held, "has_seen", lambda self, mark: False)
    if variant is ForgetsWhatChangedNothing:
        patch.setattr(Held, "remember", remember_changes(Held.remember))
    if variant is DoesNotPublishWhatItLoads:
        patch.setattr(outbox, "owed_events", only_added(outbox.owed_events))
    yield


def remember_changes(remember: Callable[[Held, str], None]) -> Callable[[Held, str], None]:
    def only_changes(held: Held, event_id: str) -> None:
        if isinstance(held.state, Bell) and event_id in held.state.applied:
            remember(held, event_id)

    return only_changes


def only_added(owed: Callable[..., tuple[outbox.Entry, ...]]) -> Callable[..., tuple[outbox.Entry, ...]]:
    return lambda entries: owed(entries) if isinstance(entries, list) else ()


@pytest.mark.parametrize(
    "variant",
    [
        DropsThePreviousBatch,
        PublishesBeforeWriting,
        CommitsBeforePublishing,
        HasNoVersionGuard,
        ForgetsWhatItHasSeen,
        DoesNotPublishWhatItLoads,
        ForgetsWhatChangedNothing,
        BelievesItsOwnOffset,
        TrustsWhateverItLoads,
        TrustsItsTwin,
    ],
)
def test_a_weakened_rule_is_found_out(variant: type[Variant], monkeypatch: pytest.MonkeyPatch) -> None:
    with weakened(monkeypatch, variant), pytest.raises(AssertionError):
        runs(variant, range(3000))
