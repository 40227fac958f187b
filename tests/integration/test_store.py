"""What the store does to the real database: whoever comes second is told so, and changes nothing."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
import pytest_asyncio

from deploy.local.stack import Stack
from schemas.document import Aggregate
from schemas.events.values import Value
from services.chassis.crypto import Cipher, KeyFile
from services.chassis.database import Database
from services.chassis.documents import Form, Stored
from services.chassis.errors import Conflict
from services.chassis.held import Held
from services.chassis.store import MongoStore

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]
FORM = Form(Cipher(KeyFile("k", {"k": b"k" * 32}, b"i" * 32)))


class Card(Value):
    number: int


class Pile(Aggregate):
    GROWING: ClassVar[str | None] = "cards"

    note: str = ""
    cards: tuple[Card, ...] = ()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(stack: Stack) -> AsyncIterator[Database]:
    found = Database(stack.mongodb, f"{stack.prefix}store-{secrets.token_hex(4)}", [Stored(Pile)])
    await found.ensure_indexes()
    yield found
    await found._client.drop_database(found.name)
    await found.close()


@pytest_asyncio.fixture(loop_scope="module")
async def store(database: Database) -> MongoStore:
    await database.collection(Pile).delete_many({})
    return MongoStore(database, FORM, [Pile])


async def loaded(store: MongoStore, key: str) -> Held:
    held, _ = (await store.load([(Pile, key)]))[Pile, key]
    return held


def noted(held: Held, note: str) -> Held:
    state = held.state or Pile()
    assert isinstance(state, Pile)
    held.state = state.model_copy(update={"note": note, "cards": (*state.cards, Card(number=held.version))})
    held.changed = True
    return held


async def test_who_comes_second_conflicts_and_changes_nothing_and_the_rest_of_its_bulk_is_written(
    store: MongoStore,
) -> None:
    await store.write([noted(Held(Pile, key), "new") for key in ("a", "b")])
    first, second, other = [await loaded(store, key) for key in ("a", "a", "b")]
    await store.write([noted(first, "first")])
    with pytest.raises(Conflict):
        await store.write([noted(second, "second"), noted(other, "other")])
    kept, beside = await loaded(store, "a"), await loaded(store, "b")
    assert (kept.version, kept.state) == (2, Pile(note="first", cards=(Card(number=0), Card(number=1))))
    assert (beside.version, beside.state) == (2, Pile(note="other", cards=(Card(number=0), Card(number=1))))


async def test_of_many_writers_at_once_one_wins(store: MongoStore) -> None:
    await store.write([noted(Held(Pile, "a"), "new")])
    rivals = [noted(await loaded(store, "a"), str(number)) for number in range(8)]
    ended = await asyncio.gather(*(store.write([rival]) for rival in rivals), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ended) == ["Conflict"] * 7 + ["NoneType"]
    kept = await loaded(store, "a")
    assert kept.version == 2
    assert isinstance(kept.state, Pile)
    assert kept.state.note == str(ended.index(None))


async def test_what_is_gone_or_there_already_is_a_conflict(store: MongoStore, database: Database) -> None:
    await store.write([noted(Held(Pile, "a"), "new")])
    with pytest.raises(Conflict):
        await store.write([noted(Held(Pile, "a"), "new again")])
    late = await loaded(store, "a")
    await database.collection(Pile).delete_one({"_id": "a"})
    with pytest.raises(Conflict):
        await store.write([noted(late, "late")])
