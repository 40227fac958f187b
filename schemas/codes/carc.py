"""CARC: claim adjustment reason code (CAS02, CAS05 …), in our own short words."""

from datetime import date

from schemas.codes.dated import table


def carc(code: str, on: date) -> str | None:
    """What the code means on a date; None where it is unknown or not valid then."""
    row = table("carc.csv").get(code, on)
    return row["meaning"] if row else None


def known_carc(code: str) -> bool:
    """Whether the code was ever valid, retired ones too."""
    return table("carc.csv").known(code)
