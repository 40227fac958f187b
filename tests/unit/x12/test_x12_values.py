"""Money, dates and numbers: exact both ways, and refused when they are anything else."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.x12.values import (
    MOST_CENTS,
    format_cents,
    format_date,
    format_decimal,
    parse_cents,
    parse_date,
    parse_decimal,
)


@given(st.integers(-MOST_CENTS, MOST_CENTS))
def test_cents_come_back_to_the_cent(cents: int) -> None:
    assert parse_cents(format_cents(cents)) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("10", 1000),
        ("10.5", 1050),
        ("10.50", 1050),
        (".5", 50),
        ("-3", -300),
        ("-.25", -25),
        ("5.", 500),
        ("1.500", 150),
    ],
)
def test_every_form_that_payers_use(text: str, cents: int) -> None:
    assert parse_cents(text) == cents


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", "1,0", "1.234", "--1", "+1", "1e3", "٣", "1 0", "DTEST", "1000000000000", "-9999999999999999"],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_cents(text)


@given(st.dates(dt.date(1, 1, 1)))
def test_dates_come_back(day: dt.date) -> None:
    assert parse_date(format_date(day)) == day


@pytest.mark.parametrize("text", ["20002316", "20990080", "2026", "", "2026010٣", "99999999"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date(text)


@given(st.decimals(-(10**9), 10**9, places=4))
def test_numbers_come_back(value: Decimal) -> None:
    assert parse_decimal(format_decimal(value)) == value
