"""A segment that is written without a close look is what the close look writes and has nothing against; nothing odd gets past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, is_dataclass
from decimal import Decimal
from random import Random
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.x12 import Delimiters, TransactionSet, catalogue, read
from schemas.x12.emission import Emission
from schemas.x12.emitter import Emitter
from schemas.x12.values import MOST_CENTS, format_cents, parse_cents
from tests.unit.x12.x12_examples import batch, claim, subscriber
from tests.unit.x12.x12_grammar import DESCRIPTIONS, interchange

ODD = ("", "A*B", "A:B", "A^B", "A~B", "A\x1eB", "A\nB", "ÄÖ", "A|B", "A>B", "X" * 99, None, 7)
BENT: dict[type[Any], tuple[Any, ...]] = {
    str: ODD,
    int: (0, -5, 10**12, None),
    Decimal: (Decimal(0), Decimal("1.500"), Decimal("1E+5"), Decimal(-2), Decimal("NaN"), None),
    dt.date: (None, dt.date(850, 2, 3)),
    tuple: ((), ("A:B",), ("A", "", "C", "", "E", "F"), ("^",)),
}
MARKS = (
    Delimiters(),
    Delimiters("|", ">", "\x1e", "!"),
    Delimiters(repetition=""),
    Delimiters("{", "}", "'", '"'),
    Delimiters('"', "\\", "}", "'"),
)


def parts(record: Any) -> Iterator[Any]:
    """A record and all below it."""
    if is_dataclass(record):
        yield record
        for item in fields(record):
            if item.compare:
                yield from parts(getattr(record, item.name))
    elif isinstance(record, (list, tuple)):
        for one in record:
            yield from parts(one)


def bend(transaction: TransactionSet, chance: Random) -> None:
    """Gives a few fields, wherever they are, values that they should not have."""
    everywhere = list(parts(transaction))
    for _ in range(chance.randint(0, 3)):
        record = chance.choice(everywhere)
        name = chance.choice([item.name for item in fields(record) if item.compare])
        value = getattr(record, name)
        if isinstance(value, list):
            setattr(record, name, chance.choice(([], value * 3, value[::-1])))
        elif type(value) in BENT:
            object.__setattr__(record, name, chance.choice(BENT[type(value)]))


def emitted(transaction: TransactionSet, delimiters: Delimiters) -> Any:
    """Segments and findings of a set, or what is wrong with the type of a value in it."""
    grammar = catalogue.for_version(transaction.VERSION, transaction.SET_ID)
    emitter = Emitter(delimiters)
    try:
        Emission(delimiters, grammar.description.finish is not None).of(grammar.description)(transaction, emitter, 0)
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        return type(error)
    return emitter.lines, emitter.findings


@pytest.mark.parametrize("name", sorted(DESCRIPTIONS))
@given(seed=st.integers(0, 2**32), marks=st.sampled_from(MARKS))
@settings(max_examples=15, deadline=None)
def test_what_is_written_at_once_is_what_a_close_look_writes(name: str, seed: int, marks: Delimiters) -> None:
    [found] = read(interchange(name, seed).encode()).transactions()
    transaction = deepcopy(found)
    bend(transaction, Random(seed))
    with mock.patch.object(Emission, "_line", lambda self, shape: lambda value: None):
        careful = emitted(transaction, marks)
    assert emitted(transaction, marks) == careful


@given(cents=st.integers(-MOST_CENTS, MOST_CENTS))
def test_cents_are_written_as_they_are_read(cents: int) -> None:
    text = format_cents(cents)
    assert parse_cents(text) == cents
    assert "." not in text or not text.endswith(("0", "."))


@pytest.mark.parametrize("marks", MARKS, ids=repr)
def test_levels_are_numbered_with_any_delimiters(marks: Delimiters) -> None:
    sent = batch(claim("A1"), claim("A2"))
    sent.claims[1].subscriber = subscriber("S")
    lines, _ = emitted(sent, marks)
    levels = [line.split(marks.element) for line in lines if line.startswith(f"HL{marks.element}")]
    assert levels == [["HL", "1", "", "20", "1"], ["HL", "2", "1", "22", "0"], ["HL", "3", "1", "22", "0"]]
