"""Families of procedure codes, by date: those that want something of their own on a claim."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

from schemas.codes.dated import Row, read_rows, remembered


class Families:
    """The rows of the table, found by code."""

    def __init__(self) -> None:
        rows = sorted(read_rows("procedure_families.csv"), key=lambda row: row["first"])
        self._rows: tuple[Row, ...] = tuple(rows)
        self._firsts = [row["first"] for row in rows]

    def of(self, code: str, on: date | None) -> str:
        """The family of a code on a day (None: whatever the day); an empty string where it belongs to none."""
        place = bisect_right(self._firsts, code) - 1
        while place >= 0 and self._firsts[place][:1] == code[:1]:
            row = self._rows[place]
            if row["first"] <= code <= row["last"] and len(code) == len(row["first"]) and (on is None or row.holds(on)):
                return row["family"]
            place -= 1
        return ""


@remembered(1)
def families() -> Families:
    """The table, read once; raises TableError."""
    return Families()


@remembered(4096)
def family(code: str, on: date | None = None) -> str:
    """The family of a procedure code on a day of service; empty where it has none. Raises TableError."""
    return families().of(code, on)
