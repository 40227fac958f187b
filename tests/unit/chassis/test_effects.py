"""Effects: beside each other, what is at hand is used once, what fails is left stuck and tried again as it rests."""

import asyncio
import os
from dataclasses import dataclass, field

from schemas.document import Aggregate
from services.chassis.crypto import Cipher, KeyFile
from services.chassis.documents import dump_entry, load_entry
from services.chassis.effects import Effects
from services.chassis.held import Held
from services.chassis.outbox import Entry
from services.chassis.verdicts import Effect

CIPHER = Cipher(KeyFile("k", {"k": os.urandom(32)}, b""))


def entry(number: int, made: object = None) -> Entry:
    given = Effect("door", {"number": number}, made)
    value = CIPHER.encrypt(b'{"number":%d}' % number, b"e%d" % number)
    return Entry(f"e{number}", ("t", 0), number, "door", "k", 0, "effect", 0, value, effect=True, given=given)


@dataclass
class Door:
    """Opens when so many wait before it; refuses some numbers."""

    opens_at: int = 1
    refused: set[int] = field(default_factory=set)
    came: list[tuple[str, Effect]] = field(default_factory=list)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, effect_id: str, effect: Effect) -> None:
        self.came.append((effect_id, effect))
        if len(self.came) >= self.opens_at:
            self.opened.set()
        await self.opened.wait()
        if effect.payload["number"] in self.refused:
            raise OSError("full")


class Shelf:
    """What was marked as stuck."""

    def __init__(self) -> None:
        self.stuck: list[list[str]] = []

    async def stick(self, held: Held, effect_ids: list[str]) -> None:
        self.stuck.append(list(effect_ids))


def held(*entries: Entry) -> Held:
    return Held(Aggregate, "k", added=list(entries))


async def test_effects_of_one_document_go_beside_each_other_and_those_that_fail_are_marked() -> None:
    door, shelf = Door(opens_at=4, refused={2, 3}), Shelf()
    await Effects({"door": door}, CIPHER).do([held(entry(1), entry(2)), held(entry(3), entry(4)), held()], shelf)  # type: ignore[arg-type]
    assert [name for name, _ in door.came] == ["e1", "e2", "e3", "e4"]
    assert shelf.stuck == [["e2"], ["e3"]]


async def test_what_is_at_hand_is_used_once_and_never_rests() -> None:
    door, shelf, owed = Door(), Shelf(), entry(1, made=b"a file")
    effects = Effects({"door": door}, CIPHER)
    assert load_entry(dump_entry(owed)).given is None and "a file" not in repr(owed)
    await effects.do([held(owed)], shelf)  # type: ignore[arg-type]
    await effects.do([held(owed)], shelf)  # type: ignore[arg-type]
    assert [(found.payload, found.made) for _, found in door.came] == [
        ({"number": 1}, b"a file"),
        ({"number": 1}, None),
    ]
