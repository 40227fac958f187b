"""Dated tables: CSV rows that hold from one date to another (both included; an empty date is open)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources


class TableError(ValueError):
    """A table file cannot be used; the message names file, line and remedy."""


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
    text = resources.files("schemas.codes").joinpath(file_name).read_text("utf-8")
    return tuple(_rows(file_name, text))


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


class CodeTable:
    """Code → row, by date. A code that is listed but not valid on a date has no row on that date."""

    def __init__(self, file_name: str, key: str = "code") -> None:
        self.file_name = file_name
        self._rows: dict[str, list[Row]] = {}
        for row in read_rows(file_name):
            self._rows.setdefault(row[key], []).append(row)

    def get(self, code: str, on: date) -> Row | None:
        """The row of a code that holds on a date, None where there is none."""
        return next((row for row in self._rows.get(code, ()) if row.holds(on)), None)

    def known(self, code: str) -> bool:
        """Whether the code was ever valid."""
        return code in self._rows

    def __len__(self) -> int:
        return len(self._rows)
