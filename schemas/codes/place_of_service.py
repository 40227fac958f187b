"""Place of service codes (CLM05-1, SV105)."""

from datetime import date

from schemas.codes.dated import table


def is_place_of_service(code: str, on: date) -> bool:
    """Whether the code names a place on a date of service."""
    return table("place_of_service.csv").get(code, on) is not None


def place_of_service(code: str, on: date) -> str | None:
    """What the code means, None where it means nothing on that date."""
    row = table("place_of_service.csv").get(code, on)
    return row["meaning"] if row else None
