"""What reconcile says: two records that tell different amounts, or an account that is still moving."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Two independent records disagree about the same cents."""

    subject: str
    """`claim …`, `account …`, `check …` or `guarantor …`."""
    what: str
    left: str
    """Which record told `left_cents`."""
    left_cents: int
    right: str
    right_cents: int

    def __str__(self) -> str:
        told = f"{self.left} says {self.left_cents}, {self.right} says {self.right_cents}"
        return f"{self.subject}: {self.what}: {told} (cents)"


def differ(subject: str, what: str, left: str, left_cents: int, right: str, right_cents: int) -> Iterator[Finding]:
    """A finding where two records of the same cents tell different amounts; nothing where they agree."""
    if left_cents != right_cents:
        yield Finding(subject, what, left, left_cents, right, right_cents)


@dataclass(frozen=True, slots=True)
class InFlight:
    """An account whose records have not all applied the same last event yet; compared when they have."""

    subject: str
    what: str
    since: str
    """When the older side last changed, ISO 8601."""
