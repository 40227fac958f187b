"""A world for the outbox model: the real engine over a broker, a database and doors that stop at every step.

Nothing here knows the outbox rule. Workers advance one step at a time, when the scenario says so; a step lies before
and after every single thing that can be seen from outside (a document written, an event published, an effect done,
an offset committed), so that a crash can fall between any two of them.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from schemas.document import Aggregate
from schemas.events.envelope import Event, EventData
from services.chassis.assignment import Assignment
from services.chassis.codec import Codec, Heading
from services.chassis.crypto import Cipher, KeyFile
from services.chassis.decide import Decider
from services.chassis.effects import Effects
from services.chassis.engine import Engine
from services.chassis.errors import Conflict
from services.chassis.held import DocumentKey, Held
from services.chassis.letter_limit import LetterLimit, Tally
from services.chassis.outbox import Entry, Input
from services.chassis.reader import Reader
from services.chassis.recent import Recent
from services.chassis.records import Batch
from services.chassis.router import Router
from services.chassis.ticks import Ticks
from services.chassis.trouble import Trouble
from services.chassis.verdicts import Effect, Emit, Outcome, Route, Routes

CIPHER = Cipher(KeyFile("k", {"k": os.urandom(32)}, os.urandom(32)))
CODEC = Codec(CIPHER)
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


class ModelEvent(EventData):
    """Keeps the model's types out of the registry of released types."""


class Switched(ModelEvent):
    TYPE: ClassVar[str] = "test.switched.v1"
    TOPIC: ClassVar[str] = "model.a.v1"


class Pressed(ModelEvent):
    TYPE: ClassVar[str] = "test.pressed.v1"
    TOPIC: ClassVar[str] = "model.b.v1"


class Rang(ModelEvent):
    TYPE: ClassVar[str] = "test.rang.v1"
    TOPIC: ClassVar[str] = "model.out.v1"
    number: int


class Bell(Aggregate):
    """Pressing rings only while it is switched on, so that the order of the two topics matters to every decision."""

    on: bool = True
    applied: tuple[str, ...] = ()
    """Ids of the events that changed it: the record that every check is made against."""


def switched(state: Bell | None, event: Event[Switched, None], now: datetime) -> Outcome[Bell]:
    bell = state or Bell()
    changed = bell.model_copy(update={"on": not bell.on, "applied": (*bell.applied, event.id)})
    return Outcome(changed, (rang(event.subject, changed),), (Effect("chime", {"number": len(changed.applied)}),))


def pressed(state: Bell | None, event: Event[Pressed, None], now: datetime) -> Outcome[Bell]:
    bell = state or Bell()
    if not bell.on:
        return Outcome()
    changed = bell.model_copy(update={"applied": (*bell.applied, event.id)})
    return Outcome(changed, (rang(event.subject, changed), rang(event.subject, changed)))


def rang(key: str, bell: Bell) -> Emit:
    return Emit(key, Rang(number=len(bell.applied)))


ROUTES = Routes("model", (Route(Switched, Bell, switched), Route(Pressed, Bell, pressed)))
INPUTS: tuple[Input, ...] = (("model.a.v1", 0), ("model.b.v1", 0))


class Crash(BaseException):
    """The process is gone."""


@dataclass
class Record:
    offset: int
    key: bytes
    value: bytes
    timestamp: int = 0
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass
class World:
    """Broker, database and doors; `guarded` False is a database that lets anybody overwrite."""

    guarded: bool = True
    logs: dict[Input, list[Record]] = field(default_factory=lambda: {place: [] for place in INPUTS})
    committed: dict[Input, int] = field(default_factory=lambda: dict.fromkeys(INPUTS, 0))
    commits: list[tuple[Input, int]] = field(default_factory=list)
    generation: int = 0
    member: object = None
    """The process that has the place in the group now."""
    documents: dict[str, tuple[int, Held, tuple[Entry, ...]]] = field(default_factory=dict)
    published: list[Entry] = field(default_factory=list)
    chimes: list[str] = field(default_factory=list)

    def send(self, data: ModelEvent, key: str, number: int, topic: str | None = None) -> None:
        place = (topic or data.TOPIC, 0)
        heading = Heading(f"e{number}", "test", key, BEGIN + timedelta(minutes=number))
        log = self.logs[place]
        log.append(Record(len(log), key.encode(), CODEC.encode(heading, data, None)))

    def lag(self) -> bool:
        return any(len(log) > self.committed[place] for place, log in self.logs.items())


class Rules:
    """The parts in force; a weakened rule replaces one of them."""

    engine: type[Engine] = Engine
    assignment: type[Assignment] = Assignment
    recent: type[Recent] = Recent
    guarded: bool = True


class Process:
    """A worker: the real engine on the world's ports; every step waits until the scenario lets it go on."""

    def __init__(
        self, world: World, sizes: Sequence[int], rules: Rules, first: int = 0, *, quietly: bool = False
    ) -> None:
        """`quietly`: it takes the place of the last one as a static member does, without a new generation."""
        self.world = world
        self.sizes = list(sizes)
        self.first = first
        world.generation += not (quietly and world.generation)
        world.member = self
        self.generation = world.generation
        self.loop = asyncio.get_running_loop()
        self.may_go = self.loop.create_future()
        self.stands = self.loop.create_future()
        self.turnstile = asyncio.Lock()
        self.crashed = False
        self.ownership = rules.assignment(
            generation=lambda: self.generation, commit=self._commit, committed=self._committed
        )
        self.ownership.assigned(dict(world.committed))
        self.positions = dict(world.committed)
        self.engine = self._compose(rules)
        self.task = asyncio.create_task(self._run())

    def _compose(self, rules: Rules) -> Engine:
        return rules.engine(
            reader=Reader(Router(ROUTES, ()), CODEC),
            decider=Decider("model", CODEC, CIPHER, lambda key: 0),
            store=rules.recent(self, lambda: self.generation, 100),
            outlet=self,
            ownership=self.ownership,
            effects=Effects({"chime": self._chime}, CIPHER),
            ticks=Ticks("model", self, self, CODEC),
            limit=LetterLimit(self),
            partition_of=lambda key: 0,
            trouble=Trouble(),
        )

    async def step(self) -> None:
        """Stand here until the scenario lets this process go on; of what it does at once, one thing after the other."""
        async with self.turnstile:
            if self.crashed:
                raise Crash
            if not self.stands.done():
                self.stands.set_result(True)
            await self.may_go
            self.may_go = self.loop.create_future()
            if self.crashed:
                raise Crash

    async def advance(self) -> bool:
        """Let it take one step; False when it has ended."""
        if not self.stands.done():
            await self.stands
        if self.task.done():
            return False
        self.stands = self.loop.create_future()
        self.may_go.set_result(None)
        if await self.stands:
            return True
        await self.task
        return False

    async def crash(self) -> None:
        """Kill it where it stands."""
        self.crashed = True
        await self.advance()

    async def _run(self) -> None:
        try:
            await self.step()
            turn = self.first
            while await self._batch(INPUTS[turn % 2], self.sizes[turn % len(self.sizes)]):
                turn += 1
        except Crash:
            return
        finally:
            if not self.stands.done():
                self.stands.set_result(False)

    async def _batch(self, place: Input, size: int) -> bool:
        """Fetch and work off one batch; False when nothing is left anywhere, or the group has moved on."""
        records = self.world.logs[place][self.positions[place] :][:size]
        if records:
            end = records[-1].offset + 1
            batch = Batch(place[0], place[1], records, end, self.generation)
            if not await self.engine.process(batch):
                return False
            self.positions[place] = end
        return any(len(log) > self.positions[at] for at, log in self.world.logs.items())

    async def _commit(self, place: Input, offset: int, generation: int) -> bool:
        await self.step()
        if generation != self.world.generation or self.world.member is not self:
            return False
        self.world.committed[place] = offset
        self.world.commits.append((place, offset))
        await self.step()
        return True

    async def _committed(self, places: Iterable[Input]) -> Mapping[Input, int]:
        return {place: self.world.committed[place] for place in places}

    async def load(self, keys: Iterable[DocumentKey]) -> dict[DocumentKey, tuple[Held, tuple[Entry, ...]]]:
        await self.step()
        found = {}
        for document, key in keys:
            if key in self.world.documents:
                _, held, stored = self.world.documents[key]
                found[document, key] = (replace(held, added=[]), stored)
        return found

    async def write(self, changed: Sequence[Held]) -> None:
        lost = False
        for held in changed:
            await self.step()
            version = self.world.documents[held.key][0] if held.key in self.world.documents else 0
            if self.world.guarded and version != held.version:
                lost = True
                continue
            rests = replace(held, version=version + 1, live=(), added=[], changed=False)
            self.world.documents[held.key] = (version + 1, rests, held.entries)
        await self.step()
        if lost:
            raise Conflict
        for held in changed:
            held.written()

    async def stick(self, held: Held, effect_ids: Sequence[str]) -> None:
        raise AssertionError("the model's door never fails")

    async def send(self, entries: Sequence[Entry]) -> Awaitable[None]:
        for entry in entries:
            await self.step()
            self.world.published.append(entry)
        await self.step()
        acknowledged: asyncio.Future[None] = self.loop.create_future()
        acknowledged.set_result(None)
        return acknowledged

    async def letters(self, batch: Batch, letters: Sequence[Any]) -> None:
        raise AssertionError(f"the model has no poison: {letters}")

    async def _chime(self, effect_id: str, effect: Effect) -> None:
        await self.step()
        if effect_id not in self.world.chimes:
            self.world.chimes.append(effect_id)
        await self.step()

    async def due(self, partition: int, until: datetime, page: int) -> AsyncIterator[Any]:
        return
        yield

    async def read_tally(self) -> tuple[Tally, bool]:
        return Tally(), False

    async def write_tally(self, tally: Tally, stopped: bool) -> None:
        return
