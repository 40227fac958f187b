"""What rests in the database: PHI encrypted, and of a growing field only what is new is written."""

import copy
from collections.abc import Mapping
from typing import Any, ClassVar

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from schemas.document import Aggregate, Phi
from schemas.events.values import Value
from services.chassis.crypto import Cipher, KeyFile
from services.chassis.documents import Form
from services.chassis.held import Held
from services.chassis.news import Entries

FORM = Form(Cipher(KeyFile("k", {"k": b"k" * 32}, b"i" * 32)))


class Name(Phi):
    last: str


class Card(Value):
    number: int
    phi: dict[str, Any] | None = None


class Row(Value):
    left: int
    right: tuple[int, ...] = ()


class Stack(Aggregate):
    GROWING: ClassVar[str | None] = "cards"
    KEYED: ClassVar[frozenset[str]] = frozenset({"places"})
    PLACED: ClassVar[frozenset[str]] = frozenset({"rows"})

    cards: tuple[Card, ...] = ()
    note: str = ""
    places: dict[str, Card] = Field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    phi: Name | None = None


def place(document: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """Where MongoDB finds a path: the document that holds its last name, and that name."""
    *outer, name = path.split(".")
    for part in outer:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document, name


def applied(stored: dict[str, Any], update: Mapping[str, Any]) -> dict[str, Any]:
    """What MongoDB makes of the update."""
    found = copy.deepcopy(stored)
    for path, value in update["$set"].items():
        holder, name = place(found, path)
        holder[name] = value
    for path in update.get("$unset", {}):
        holder, name = place(found, path)
        holder.pop(name, None)
    for path, pushed in update.get("$push", {}).items():
        found["state"][path.partition(".")[2]] = [*found["state"][path.partition(".")[2]], *pushed["$each"]]
    return found


def stored(state: Stack) -> dict[str, Any]:
    return dict(bson.decode(bson.encode(FORM.dump(Held(Stack, "k", state=state)))))


cards = st.lists(
    st.builds(Card, number=st.integers(0, 99), phi=st.none() | st.fixed_dictionaries({"name": st.text()})), max_size=5
)


@given(cards, st.lists(cards, max_size=4), st.text(max_size=5))
def test_a_document_that_grew_write_by_write_is_the_document_written_whole(
    first: list[Card], later: list[list[Card]], note: str
) -> None:
    state = Stack(cards=tuple(first), phi=Name(last="Tamblyn"))
    rests = stored(state)
    for new in later:
        held, _ = FORM.load(Stack, rests)
        state = state.model_copy(update={"cards": (*state.cards, *new), "note": note, "phi": None})
        held.state = state
        rests = dict(bson.decode(bson.encode(applied(rests, FORM.change(held)))))
    found, _ = FORM.load(Stack, rests)
    assert found.state == state
    assert found.version == 1 + len(later)


@given(st.lists(st.dictionaries(st.sampled_from(["1", "2", "x7", "a.b", "$c", ""]), st.integers(0, 3)), min_size=1))
def test_a_mapping_written_entry_by_entry_is_the_mapping_written_whole(versions: list[dict[str, int]]) -> None:
    rests = stored(Stack())
    for numbers in versions:
        held, _ = FORM.load(Stack, rests)
        assert isinstance(held.state, Stack)
        known = held.state.places
        places = {
            key: known[key] if key in known and known[key].number == number else Card(number=number)
            for key, number in numbers.items()
        }
        held.state = held.state.model_copy(update={"places": places})
        rests = dict(bson.decode(bson.encode(applied(rests, FORM.change(held)))))
    found, _ = FORM.load(Stack, rests)
    assert isinstance(found.state, Stack)
    assert {key: card.number for key, card in found.state.places.items()} == versions[-1]


def test_a_write_carries_only_the_entries_that_changed() -> None:
    held, _ = FORM.load(Stack, stored(Stack(places={key: Card(number=1) for key in ("1", "2", "3")})))
    assert isinstance(held.state, Stack)
    left = {key: card for key, card in held.state.places.items() if key != "3"}
    held.state = held.state.model_copy(update={"places": {**left, "2": Card(number=9)}})
    update = FORM.change(held)
    assert {path: value for path, value in update["$set"].items() if path.startswith("state")} == {
        "state.places.2": {"number": 9, "phi": None}
    }
    assert "state.places.3" in update["$unset"]


rows = st.lists(st.builds(Row, left=st.integers(0, 2), right=st.lists(st.integers(0, 2), max_size=2)), max_size=3)


@given(st.lists(rows, min_size=1))
def test_items_written_field_by_field_are_the_items_written_whole(versions: list[list[Row]]) -> None:
    rests = stored(Stack())
    for wanted in versions:
        held, _ = FORM.load(Stack, rests)
        assert isinstance(held.state, Stack)
        known = dict(enumerate(held.state.rows))
        now = [known[at].model_copy(update=dict(row)) if at in known else row for at, row in enumerate(wanted)]
        held.state = held.state.model_copy(update={"rows": tuple(now)})
        rests = dict(bson.decode(bson.encode(applied(rests, FORM.change(held)))))
    found, _ = FORM.load(Stack, rests)
    assert isinstance(found.state, Stack)
    assert found.state.rows == tuple(versions[-1])


def test_a_write_carries_only_the_fields_that_changed_of_an_item_in_its_place() -> None:
    held, _ = FORM.load(Stack, stored(Stack(rows=(Row(left=1, right=(1,)), Row(left=2, right=(2,))))))
    assert isinstance(held.state, Stack)
    first, second = held.state.rows
    held.state = held.state.model_copy(update={"rows": (first, second.model_copy(update={"left": 9}))})
    update = FORM.change(held)
    assert {path: value for path, value in update["$set"].items() if path.startswith("state")} == {
        "state.rows.1.left": 9
    }


def test_a_write_carries_only_the_new_items() -> None:
    held, _ = FORM.load(Stack, stored(Stack(cards=(Card(number=1), Card(number=2)))))
    assert isinstance(held.state, Stack)
    held.state = held.state.model_copy(update={"cards": (*held.state.cards, Card(number=3))})
    assert FORM.change(held)["$push"] == {"state.cards": {"$each": [{"number": 3}]}}


def test_an_item_that_went_is_an_error() -> None:
    held, _ = FORM.load(Stack, stored(Stack(cards=(Card(number=1), Card(number=2)))))
    held.state = Stack(cards=(Card(number=1),))
    with pytest.raises(ValueError, match=r"Stack\.cards lost or changed items"):
        FORM.change(held)


def test_phi_rests_encrypted_and_in_its_place() -> None:
    state = Stack(cards=tuple(Card(number=at, phi={"last": "Tamblyn"}) for at in range(2)), phi=Name(last="Tamblyn"))
    rests = stored(state)
    assert b"Tamblyn" not in bson.encode(rests)
    first, second = rests["state"]["cards"]
    rests["state"]["cards"] = [{**first, "phi": second["phi"]}, {**second, "phi": first["phi"]}]
    with pytest.raises(ValueError, match="of another place"):
        FORM.load(Stack, rests)


def test_an_item_that_became_another_is_an_error() -> None:
    """Its write would carry nothing of it, and what rests would never be what the handlers were shown."""
    held, _ = FORM.load(Stack, stored(Stack(cards=(Card(number=1), Card(number=2)))))
    held.state = Stack(cards=(Card(number=1), Card(number=7), Card(number=3)))
    with pytest.raises(ValueError, match=r"Stack\.cards lost or changed items"):
        FORM.change(held)


def test_an_entry_without_a_value_is_an_entry() -> None:
    assert Entries.between({"gone": 1}, {"new": None}) == Entries({"new": None}, frozenset({"gone"}))
