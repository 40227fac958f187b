"""RARC: remittance advice remark code (LQ02, MIA, MOA), in our own short words."""

from datetime import date

from schemas.codes.dated import table


def rarc(code: str, on: date) -> str | None:
    """What the code means on a date; None where it is unknown or not valid then."""
    row = table("rarc.csv").get(code, on)
    return row["meaning"] if row else None


def known_rarc(code: str) -> bool:
    """Whether the code was ever valid, retired ones too."""
    return table("rarc.csv").known(code)
