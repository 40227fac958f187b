"""Virtual days and instants."""

from datetime import date, timedelta

DAY_ZERO = date(2026, 1, 5)


def instant(day: int) -> str:
    """The beginning of a virtual day, ISO 8601."""
    return f"{(DAY_ZERO + timedelta(days=day)).isoformat()}T00:00:00Z"
