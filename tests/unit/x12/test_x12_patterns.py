"""What the quick pass takes for sound, the full reader reads: elements, and whole files of which no two segments are alike."""

import datetime as dt
import re
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.x12 import Delimiters, read
from schemas.x12.grammar import Grammar
from schemas.x12.patterns import Patterns, alternatives
from schemas.x12.values import parse_cents, parse_date, parse_decimal, sound_cents
from tests.bench.x12_data import distinct, repeated, sent

AMOUNT, NUMBER, DAY = (re.compile(text, re.ASCII) for text in (Patterns.amount, Patterns.number, Patterns.day))
digits = st.text("0123456789.-", max_size=8)


@given(digits)
def test_every_amount_that_passes_is_read_and_by_both_ways_the_same(text: str) -> None:
    if AMOUNT.fullmatch(text):
        assert sound_cents(text) == parse_cents(text)


@given(st.integers(-(10**11), 10**11), st.sampled_from(["{}.{:02d}", "{}", "{}.{:01d}", ".{1:02d}"]))
def test_usual_amounts_pass(cents: int, form: str) -> None:
    text = ("-" if cents < 0 else "") + form.format(abs(cents) // 100, abs(cents) % 100 if "02d" in form else 5)
    assert AMOUNT.fullmatch(text), text


@given(digits)
def test_every_number_that_passes_is_read(text: str) -> None:
    if NUMBER.fullmatch(text):
        parse_decimal(text)


@given(st.integers(19000101, 20991231))
def test_every_day_that_passes_is_read(number: int) -> None:
    if DAY.fullmatch(str(number)):
        parse_date(str(number))


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
def test_every_day_but_the_leap_day_passes(day: dt.date) -> None:
    assert bool(DAY.fullmatch(f"{day:%Y%m%d}")) == ((day.month, day.day) != (2, 29))


@given(st.sets(st.text("ABC12", max_size=4), min_size=1), st.text("ABC12", max_size=4))
def test_alternatives_are_the_words_and_no_others(words: set[str], other: str) -> None:
    pattern = re.compile(alternatives(words))
    assert all(pattern.fullmatch(word) for word in words)
    assert bool(pattern.fullmatch(other)) == (other in words)


@pytest.mark.parametrize(
    "make", [repeated, distinct, lambda size: sent(size // 500)[1]], ids=["835", "835 varied", "837P"]
)
@pytest.mark.parametrize("marks", [Delimiters(), Delimiters("|", ">", "\n"), Delimiters("\x1d", "\x1f", "\x1c")])
def test_sound_files_pass_quickly_and_read_as_by_the_full_reader(make: object, marks: Delimiters) -> None:
    data = make(30_000).replace(b"\n", b"")  # type: ignore[operator]
    for usual, other in zip(b"*:~", (marks.element, marks.component, marks.segment), strict=True):
        data = data.replace(bytes([usual]), other.encode())
    quick = list(read(data).transactions())
    claims = [claim for item in quick for claim in item.claims]  # type: ignore[attr-defined]
    assert claims
    assert all(claim.pending for claim in claims)
    with mock.patch.object(Grammar, "scanner", lambda self, delimiters: None):
        full = list(read(data).transactions())
        assert [claim.raw for claim in claims] == [claim.raw for item in full for claim in item.claims]  # type: ignore[attr-defined]
        assert quick == full
