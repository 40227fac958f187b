"""Dated tables: CSV rows that hold from one date to another (both included; an empty date is open).

Newer tables than those of the package are read from a directory: a file there stands for the package's file of that name.
"""

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, ParamSpec, TypeVar

DIRECTORY = "OVERTURN_CODE_TABLES"
"""The environment variable that names a directory with newer tables."""
PACKAGE = Path(__file__).parent
Standing = Literal["valid", "not_valid", "unknown"]
P = ParamSpec("P")
T = TypeVar("T")
_FORGET: list[Callable[[], None]] = []


class TableError(ValueError):
    """A table file cannot be used; the message names file, line and remedy."""


def on_change(forget: Callable[[], None]) -> None:
    """`forget` is called when the tables become others: whoever remembers what a table said lets go of it then."""
    _FORGET.append(forget)


def remembered(most: int | None = None) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A function of its arguments and the tables: its (`most`) results are remembered until the tables become others."""

    def memo(function: Callable[P, T]) -> Callable[P, T]:
        known = lru_cache(maxsize=most)(function)
        on_change(known.cache_clear)
        return known  # type: ignore[return-value]

    return memo


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: its cells by column name, and the dates between which it holds."""

    cells: dict[str, str]
    begins: date
    ends: date

    def holds(self, on: date) -> bool:
        """Whether the row holds on a date."""
        return self.begins <= on <= self.ends

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read_rows(file_name: str) -> tuple[Row, ...]:
    """The rows of a CSV of this package in file order; raises TableError.

    Lines that begin with `#` tell the source. Every table has the columns `begins` and `ends`.
    """
    return tuple(_rows(file_name, table_text(file_name)))


def table_text(file_name: str) -> str:
    """What the table file holds: the one in the directory of newer tables, else the package's; raises TableError."""
    folder = os.environ.get(DIRECTORY, "")
    if folder and not Path(folder).is_dir():
        raise TableError(f"{DIRECTORY}: {folder} is no directory; name one that holds code tables, or unset it")
    newer = Path(folder) / file_name
    return (newer if folder and newer.is_file() else PACKAGE / file_name).read_text("utf-8")


def _rows(file_name: str, text: str) -> Iterator[Row]:
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line and line[0] != "#"]
    reader = csv.DictReader([line for _, line in numbered])
    if not {"begins", "ends"} <= set(reader.fieldnames or ()):
        raise TableError(f"{file_name}: the header lacks `begins` or `ends`; add both columns")
    for cells, (number, _) in zip(reader, numbered[1:], strict=True):
        if None in cells or None in cells.values():
            raise TableError(f"{file_name}:{number}: wrong number of cells; quote cells that hold a comma")
        yield Row(cells, *_span(file_name, number, cells))


def _span(file_name: str, number: int, cells: dict[str, str]) -> tuple[date, date]:
    try:
        begins = date.fromisoformat(cells["begins"]) if cells["begins"] else date.min
        ends = date.fromisoformat(cells["ends"]) if cells["ends"] else date.max
    except ValueError as error:
        raise TableError(f"{file_name}:{number}: {error}; write dates as YYYY-MM-DD") from error
    if ends < begins:
        raise TableError(f"{file_name}:{number}: ends before it begins; swap the dates")
    return begins, ends


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a code stands on a day, and the days around it (both included) on which it stands the same."""

    standing: Standing
    since: date
    until: date


def form(code: str) -> str:
    """What a code looks like: `9` for its digits, however many, and `A` for each of its letters."""
    return re.sub("[^\\W\\d_]", "A", re.sub(r"\d+", "9", code))


class CodeTable:
    """Code → rows, by date. A code that is listed but not valid on a date has no row on that date."""

    def __init__(self, file_name: str, rows: Iterable[Row], key: str = "code") -> None:
        self.file_name = file_name
        self._rows: dict[str, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(row[key], []).append(row)

    @cached_property
    def forms(self) -> frozenset[str]:
        """What the codes look like."""
        return frozenset(map(form, self._rows))

    def get(self, code: str, on: date) -> Row | None:
        """The row of a code that holds on a date, None where there is none."""
        return next((row for row in self._rows.get(code, ()) if row.holds(on)), None)

    def known(self, code: str) -> bool:
        """Whether the code was ever valid."""
        return code in self._rows

    def judge(self, code: str, on: date) -> Judgement:
        """How the code stands on a date."""
        rows = self._rows.get(code)
        if rows is None:
            return Judgement("unknown", date.min, date.max)
        held = next((row for row in rows if row.holds(on)), None)
        if held is not None:
            return Judgement("valid", held.begins, held.ends)
        since = max((row.ends + timedelta(1) for row in rows if row.ends < on), default=date.min)
        until = min((row.begins - timedelta(1) for row in rows if row.begins > on), default=date.max)
        return Judgement("not_valid", since, until)

    def __len__(self) -> int:
        return len(self._rows)


@remembered()
def table(file_name: str) -> CodeTable:
    """The table in this file, read once; raises TableError."""
    return CodeTable(file_name, read_rows(file_name))


def use_directory(directory: Path) -> None:
    """From now on tables come from this directory where it holds them; what was read and judged by others is forgotten."""
    os.environ[DIRECTORY] = str(directory)
    tables_changed()


def tables_changed() -> None:
    """Forgets every table, and what was judged by it: they are read anew."""
    for forget in _FORGET:
        forget()
