"""What rests in the database: PHI encrypted, and of a growing field only what is new is written."""

from collections.abc import Mapping
from typing import Any, ClassVar

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.document import Aggregate, Phi
from schemas.events.values import Value
from services.chassis.crypto import Cipher, KeyFile
from services.chassis.documents import Form
from services.chassis.held import Held

FORM = Form(Cipher(KeyFile("k", {"k": b"k" * 32}, b"i" * 32)))


class Name(Phi):
    last: str


class Card(Value):
    number: int
    phi: dict[str, Any] | None = None


class Stack(Aggregate):
    GROWING: ClassVar[str | None] = "cards"

    cards: tuple[Card, ...] = ()
    note: str = ""
    phi: Name | None = None


def applied(stored: dict[str, Any], update: Mapping[str, Any]) -> dict[str, Any]:
    """What MongoDB makes of the update."""
    found = dict(stored, state=dict(stored["state"]))
    for path, value in update["$set"].items():
        top, _, inner = path.partition(".")
        if inner:
            found[top][inner] = value
        else:
            found[top] = value
    for path in update.get("$unset", {}):
        found.pop(path, None)
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
