"""A document is taken from memory only while nobody else can have written it."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

import pytest

from schemas.document import Aggregate
from services.chassis.errors import Conflict
from services.chassis.held import DocumentKey, Held
from services.chassis.outbox import Entry
from services.chassis.recent import Loaded, Recent


class Drawer(Aggregate):
    number: int = 0


class Shelf(Aggregate):
    number: int = 0


class Chest(Aggregate):
    GROWING: ClassVar[str | None] = "things"

    things: tuple[int, ...] = ()


class Database:
    """Counts what is read; refuses a write when told to."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.refuses = False

    async def load(self, keys: Iterable[DocumentKey]) -> Loaded:
        self.read += [key for _, key in keys]
        return {}

    async def write(self, changed: Sequence[Held]) -> None:
        if self.refuses:
            raise Conflict
        for held in changed:
            held.written()

    async def stick(self, held: Held, effect_ids: Sequence[str]) -> None:
        held.version += 1


class Worker:
    """A recent store, and the generation that its worker is of."""

    def __init__(self, limit: int = 10) -> None:
        self.database = Database()
        self.generation = 1
        self.recent = Recent(self.database, lambda: self.generation, limit, (Shelf,))

    async def write(self, key: str, document: type[Aggregate] = Drawer) -> Held:
        held = Held(document, key, generation=self.generation, state=document(), changed=True)
        await self.recent.write([held])
        return held

    async def load(self, key: str, document: type[Aggregate] = Drawer) -> tuple[Held, tuple[Entry, ...]] | None:
        return (await self.recent.load([(document, key)])).get((document, key))


async def test_what_was_written_is_not_read_again() -> None:
    worker = Worker()
    held = await worker.write("a")
    found = await worker.load("a")
    assert found is not None
    assert (found[0].state, found[0].version) == (held.state, 1)
    assert worker.database.read == []


async def test_another_generation_reads() -> None:
    worker = Worker()
    await worker.write("a")
    worker.generation = 2
    assert await worker.load("a") is None
    assert worker.database.read == ["a"]


async def test_what_could_not_be_written_is_read() -> None:
    worker = Worker()
    await worker.write("a")
    worker.database.refuses = True
    with pytest.raises(Conflict):
        await worker.write("a")
    assert await worker.load("a") is None


async def test_what_any_worker_may_write_is_read() -> None:
    worker = Worker()
    await worker.write("a", Shelf)
    assert await worker.load("a", Shelf) is None


async def test_what_a_batch_did_to_its_copy_is_not_kept() -> None:
    worker = Worker()
    await worker.write("a")
    first = await worker.load("a")
    assert first is not None
    first[0].added.append(Entry("e", ("t", 0), 0, "out", "a", 0, "x", 0, b""))
    first[0].remember(b"8 octets")
    first[0].state = Drawer(number=5)
    again = await worker.load("a")
    assert again is not None
    assert (again[0].added, again[0].seen, again[0].state) == ([], b"", Drawer())


async def test_a_document_with_a_stuck_effect_is_read() -> None:
    worker = Worker()
    held = await worker.write("a")
    await worker.recent.stick(held, ["e"])
    assert await worker.load("a") is None


async def test_no_more_than_the_limit_is_kept_and_the_oldest_goes_first() -> None:
    worker = Worker(limit=2)
    for key in "abc":
        await worker.write(key)
    await worker.recent.load([(Drawer, key) for key in "abc"])
    assert worker.database.read == ["a"]


async def test_what_grows_weighs_as_much_as_its_items_and_makes_room_again() -> None:
    worker = Worker(limit=10)
    held = Held(Chest, "chest", generation=1, state=Chest(things=tuple(range(12))), changed=True)
    await worker.recent.write([held])
    await worker.write("a")
    assert await worker.load("chest", Chest) is not None
    await worker.recent.write([held])
    for key in "bcd":
        await worker.write(key)
    await worker.load("a")
    assert worker.database.read == ["a"]
    held.state = Chest(things=tuple(range(30)))
    await worker.recent.write([held])
    assert await worker.load("chest", Chest) is None
    for number in range(10):
        await worker.write(str(number))
    worker.database.read.clear()
    await worker.recent.load([(Drawer, str(number)) for number in range(10)])
    assert worker.database.read == []


async def test_a_limit_of_nothing_keeps_nothing() -> None:
    worker = Worker(limit=0)
    await worker.write("a")
    assert await worker.load("a") is None
