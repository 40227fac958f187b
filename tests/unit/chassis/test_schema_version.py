"""Stored documents of another schema: an older one is upgraded and replaced whole, a newer one is let alone."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pytest
from pymongo import ReplaceOne, UpdateOne

from schemas.document import Aggregate, NoUpgrade, Phi, Upgrade
from services.chassis.crypto import Cipher, KeyFile
from services.chassis.documents import Form
from services.chassis.held import Held
from services.chassis.schema_version import UnknownSchema
from services.chassis.store import MongoStore

FORM = Form(Cipher(KeyFile("k", {"k": b"k" * 32}, b"i" * 32)))


class Name(Phi):
    last: str


class Old(Aggregate):
    """As it was first written."""

    sum: int = 0
    phi: Name | None = None


def with_cents(state: dict[str, Any]) -> dict[str, Any]:
    if state["sum"] < 0:
        raise NoUpgrade("its sum is below zero")
    return {"cents": 100 * state["sum"], "phi": state["phi"]}


def with_last_name(state: dict[str, Any]) -> dict[str, Any]:
    return {**state, "phi": {"last_name": state["phi"]["last"]}}


class LastName(Phi):
    last_name: str


class Ledger(Aggregate):
    SCHEMA: ClassVar[int] = 3
    UPGRADES: ClassVar[Mapping[int, Upgrade]] = {1: with_cents, 2: with_last_name}

    cents: int
    phi: LastName | None = None


def stored(total: int, schema: int | None = 1) -> dict[str, Any]:
    """A document that another program wrote, under the key of a Ledger."""
    state = Old(sum=total, phi=Name(last="Tamblyn"))
    Old.__name__ = "Ledger"  # what PHI is bound to
    found = FORM.dump(Held(Old, "k", state=state))
    return {**found, "schema": schema} if schema else {name: found[name] for name in found if name != "schema"}


@pytest.mark.parametrize("number", [1, None])
def test_an_older_document_is_read_step_by_step_and_what_names_no_schema_is_of_the_first(number: int | None) -> None:
    held, _ = FORM.load(Ledger, stored(7, number))
    assert held.state == Ledger(cents=700, phi=LastName(last_name="Tamblyn"))


def test_what_is_written_after_an_upgrade_replaces_the_document_whole_and_the_next_write_need_not() -> None:
    held, _ = FORM.load(Ledger, stored(7))
    store = MongoStore(cast(Any, None), FORM, [])
    assert isinstance(store._request(held), ReplaceOne)
    whole = FORM.dump(held)
    assert (whole["schema"], whole["state"]) == (3, {"timers": {}, "cents": 700})
    assert FORM.load(Ledger, whole)[0].state == held.state
    held.written()
    assert isinstance(store._request(held), UpdateOne)


def test_a_newer_document_is_refused_before_anything_of_it_is_read() -> None:
    newer = {**stored(7), "schema": 4, "state": {"what": "nobody knows"}, "phi": b"of another key"}
    with pytest.raises(
        UnknownSchema, match="a stored Ledger has schema 4, this program writes 3: .* run that one"
    ) as told:
        FORM.load(Ledger, newer)
    assert "Tamblyn" not in str(told.value)
    with pytest.raises(UnknownSchema, match="schema 4"):
        FORM.load(Ledger, {**newer, "state": None})


class Lost(Ledger):
    UPGRADES: ClassVar[Mapping[int, Upgrade]] = {2: with_last_name}


Lost.__name__ = "Ledger"


@pytest.mark.parametrize(
    ("aggregate", "found", "why"),
    [
        (Lost, stored(7), "there is no upgrade from 1 to 2"),
        (Ledger, stored(-1), "its sum is below zero"),
        (Ledger, stored(7, 3), r"it cannot be read at state.cents \(missing\)"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_remedy_and_without_a_value(
    aggregate: type[Aggregate], found: dict[str, Any], why: str
) -> None:
    with pytest.raises(UnknownSchema, match=why) as told:
        FORM.load(aggregate, found)
    assert "a fresh store" in str(told.value)
    assert "Tamblyn" not in str(told.value)
