"""The check digit of a National Provider Identifier."""

from functools import lru_cache

_PREFIX = 24
"""What the prefix 80840 of health care issuers adds to the sum (45 CFR 162.406, ISO/IEC 7812)."""


@lru_cache(maxsize=4096)
def valid_npi(npi: str) -> bool:
    """Whether ten digits carry the right check digit."""
    if len(npi) != 10 or not npi.isascii() or not npi.isdigit():
        return False
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(npi)]
    return (_PREFIX + sum(value - 9 if value > 9 else value for value in doubled)) % 10 == 0
