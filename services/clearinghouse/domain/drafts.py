"""Events that a file causes, before they are published; their ids derive from the file and the place in it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from schemas.document import Phi
from schemas.events.envelope import EventData

OWN_CLAIM = re.compile(r"[A-Z2-7]{16}[0-9]{2}")
"""The shape of our CLM01 and of our traces: key (16 characters) and two digits."""
KEY_LENGTH = 16


class KeyOf(Protocol):
    """A keyed hash: kind and parts → 16 characters (chassis identity.key)."""

    def __call__(self, kind: str, *parts: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file came from: through which door, which bytes, and when they were recorded."""

    door: str
    payer_id: str
    """Empty on a take-over door: the file itself names who pays."""
    client: str | None
    sha256: str
    delivery: int
    """1 for the first time these bytes came; the same bytes again are a new delivery."""
    recorded_on: date
    key_of: KeyOf


@dataclass(frozen=True, slots=True)
class Draft:
    """One event to publish. `place` tells it from the others of its file; `partition` None: by key."""

    place: str
    key: str
    data: EventData
    phi: Phi | None = None
    partition: int | None = None


def own_claim(text: str) -> str | None:
    """`text` as a CLM01 of ours, None if it has another shape (payers may change case and pad)."""
    found = text.strip().upper()
    return found if OWN_CLAIM.fullmatch(found) else None
