"""The outbox rule (DESIGN §4.2), pure: what of a document's outbox is still owed to the world, and what may go.

A document carries what its events caused, each entry with the input offset of its cause. An entry below the
acknowledged offset of its input partition is dead: everything below was published before that offset was committed.
Every other entry is live: whoever loads the document publishes it again, first, in the order written. Any write drops
dead entries; nothing else is ever dropped. An effect that failed is *stuck*: it lives until it has succeeded.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.chassis.verdicts import Effect

MAX_ENTRIES = 100
MAX_BYTES = 1_000_000
DIGEST_BYTES = 8

Input = tuple[str, int]
"""An input partition: topic (without prefix) and partition number."""
Acknowledged = Mapping[Input, int]
"""By input partition: the committed offset; every event below it was handled and all that it caused was published."""


@dataclass(slots=True)
class Entry:
    """An event to publish (`effect` False) or an effect to do, exactly as it will go out: a repeat is byte-identical."""

    id: str
    cause: Input
    offset: int
    """Of the cause in its input partition."""
    target: str
    """Topic (without prefix), or name of the door."""
    key: str
    partition: int
    type: str
    time_ms: int
    value: bytes
    """The encoded event, or the encrypted payload of an effect."""
    effect: bool = False
    stuck: bool = False
    given: Effect | None = field(default=None, repr=False, compare=False)
    """An effect as its handler gave it, until it is tried. It never rests."""


def live(entries: Iterable[Entry], acknowledged: Acknowledged) -> tuple[Entry, ...]:
    """The entries still owed, in the order written: to be published on load, and to be kept by any write.

    Every other one is dead: it has certainly gone out, and its cause will never be read again.
    """
    return tuple([entry for entry in entries if entry.stuck or entry.offset >= acknowledged.get(entry.cause, 0)])


def owed_events(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Of live entries: the events."""
    return tuple([entry for entry in entries if not entry.effect])


def owed_effects(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Of live entries: the effects to do now; stuck ones wait for a tick."""
    return tuple([entry for entry in entries if entry.effect and not entry.stuck])


def fits(entries: Sequence[Entry], cause: Input) -> bool:
    """Whether one input partition holds no more than 100 live entries and 1 MB of a document's outbox.

    Entries of other inputs are bounded by their own writes, so that a document stays far below MongoDB's 16 MB.
    """
    own = [len(entry.value) for entry in entries if entry.cause == cause and not entry.stuck]
    return len(own) <= MAX_ENTRIES and sum(own) <= MAX_BYTES


def digest(event_id: str) -> bytes:
    """Eight bytes that stand for an event id in `seen`."""
    return hashlib.blake2b(event_id.encode(), digest_size=DIGEST_BYTES).digest()


def holds(seen: bytes, mark: bytes) -> bool:
    """Whether a digest is among those of a packed `seen`."""
    at = seen.find(mark)
    while at % DIGEST_BYTES and at >= 0:  # it begins within another one
        at = seen.find(mark, at + 1)
    return at >= 0
