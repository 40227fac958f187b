"""CARC: claim adjustment reason code (CAS02, CAS05 …), in our own short words."""

from datetime import date
from functools import cache

from schemas.codes.dated import CodeTable


@cache
def _table() -> CodeTable:
    return CodeTable("carc.csv")


def carc(code: str, on: date) -> str | None:
    """What the code means on a date; None where it is unknown or not valid then."""
    row = _table().get(code, on)
    return row["meaning"] if row else None


def known_carc(code: str) -> bool:
    """Whether the code was ever valid, retired ones too."""
    return _table().known(code)
