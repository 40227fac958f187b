"""Element texts to values and back: money in integer cents, dates, decimals. Nothing here uses floating point."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
LIMIT = 4096
PARTS = ("", *(f".{part:02d}".rstrip("0") for part in range(1, 100)))
MOST_CENTS = 10**14 - 1
"""Twelve digits before the point: more than any payer pays, and sums of many such still fit the 64 bits of a database."""


class Cache(dict[K, V], Generic[K, V]):
    """Remembers at most `LIMIT` parsed texts, or texts of values; amounts and dates recur within a file."""

    __slots__ = ("parse",)

    def __init__(self, parse: Callable[[K], V]) -> None:
        super().__init__()
        self.parse = parse

    def __missing__(self, text: K) -> V:
        value = self.parse(text)
        if len(self) >= LIMIT:
            self.clear()
        self[text] = value
        return value


def parse_cents(text: str) -> int:
    """X12 R to cents: "10", "10.5", "10.50", ".5", "-3". Raises ValueError for anything else, also a third decimal ≠ 0
    and more than MOST_CENTS."""
    cents = _parsed(text)
    if not -MOST_CENTS <= cents <= MOST_CENTS:
        raise ValueError("not an amount")
    return cents


def _parsed(text: str) -> int:
    plain = text[:-3] + text[-2:] if text[-3:-2] == "." else f"{text}00"
    if text and plain.isdecimal() and plain.isascii():
        return int(plain)
    sign, digits = (-1, text[1:]) if text[:1] == "-" else (1, text)
    whole, _, part = digits.partition(".")
    part = part.rstrip("0")
    if not digits.strip(".") or len(part) > 2 or not (whole + part or "0").isdecimal() or not text.isascii():
        raise ValueError("not an amount")
    return sign * (int(whole or 0) * 100 + int(part.ljust(2, "0")))


def sound_cents(text: str) -> int:
    """As `parse_cents`, of a text that is known to be an amount of at most two decimals."""
    if "." not in text:
        return int(text) * 100
    digits = int(text.replace(".", ""))
    return digits if text[-3:-2] == "." else digits * (10 if text[-2:-1] == "." else 100)


def format_cents(cents: int) -> str:
    """Cents as X12 writes amounts: no trailing zeros, one digit at least before the point ("0.5", "10", "-3.25")."""
    if cents < 0:
        return f"-{format_cents(-cents)}"
    return f"{cents // 100}{PARTS[cents % 100]}"


def parse_date(text: str) -> dt.date:
    """CCYYMMDD, with or without a time behind it, or YYMMDD (ISA09). Raises ValueError for anything else."""
    if not text.isdecimal() or not text.isascii():
        raise ValueError("not a date")
    if len(text) == 6:
        year = int(text[:2])
        return dt.date(2000 + year if year < 70 else 1900 + year, int(text[2:4]), int(text[4:]))
    if len(text) not in (8, 12, 14):
        raise ValueError("not a date")
    return dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def parse_decimal(text: str) -> Decimal:
    """X12 R as a Decimal. Raises ValueError for anything that is no plain number."""
    if not text.isascii() or not text.lstrip("-").replace(".", "", 1).isdecimal():
        raise ValueError("not a number")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError("not a number") from error


def format_decimal(value: Decimal) -> str:
    """A Decimal as X12 R: never an exponent, no trailing zeros behind the point."""
    text = str(value)
    if not text.isdecimal():
        text = format(value, "f")
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def format_date(value: dt.date) -> str:
    """CCYYMMDD."""
    return value.isoformat()[:10].replace("-", "")


CENTS: Cache[str, int] = Cache(parse_cents)
DATES: Cache[str, dt.date] = Cache(parse_date)
DECIMALS: Cache[str, Decimal] = Cache(parse_decimal)
DAYS: Cache[dt.date, str] = Cache(format_date)
