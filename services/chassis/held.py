"""A document in hand: what rested in the database, and what this batch has made of it so far."""

from dataclasses import dataclass, field
from datetime import datetime

from schemas.document import Aggregate
from services.chassis import outbox
from services.chassis.outbox import Acknowledged, Entry

DocumentKey = tuple[type[Aggregate], str]
"""A document: its class and its key."""


@dataclass(slots=True)
class Held:
    """One document between load and write; `version` 0 is a document that does not exist yet."""

    document: type[Aggregate]
    key: str
    version: int = 0
    partition: int = 0
    generation: int = 0
    """Group generation of the worker that wrote it last: a newer one than ours tells that we may be a zombie."""
    writer: int = 0
    """Token of the process that wrote it last: another one of our generation has had our place, or has it."""
    now: datetime | None = None
    """Latest time of an event that changed it; never goes back."""
    state: Aggregate | None = None
    stored: Aggregate | None = None
    """The state as it rests."""
    stored_blob: bytes | None = None
    """Its `phi`, encrypted."""
    blob: bytes | None = None
    """The `phi` of `state`, encrypted to be written; that which rests while it does not change."""
    live: tuple[Entry, ...] = ()
    """What was owed when it was loaded."""
    added: list[Entry] = field(default_factory=list)
    seen: bytes = b""
    changed: bool = False

    def has_seen(self, mark: bytes) -> bool:
        """Whether the event whose id has this digest has already changed the document."""
        return outbox.holds(self.seen, mark)

    def remember(self, mark: bytes) -> None:
        """Never again apply the event whose id has this digest."""
        self.seen += mark

    def owe(self, stored: tuple[Entry, ...], acknowledged: Acknowledged) -> None:
        """Take over what the stored outbox still owes."""
        self.live = outbox.live(stored, acknowledged)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The outbox as it is to be written: what was owed, then what this batch caused."""
        return (*self.live, *self.added)

    def written(self) -> None:
        """The next version rests."""
        self.version += 1
        self.stored, self.stored_blob = self.state, self.blob

    def rested(self) -> "Held":
        """The document as a read after this write would find it."""
        return Held(
            document=self.document,
            key=self.key,
            version=self.version,
            partition=self.partition,
            generation=self.generation,
            writer=self.writer,
            now=self.now,
            state=self.state,
            stored=self.stored,
            stored_blob=self.stored_blob,
            seen=self.seen,
        )

    def settle(self, done: set[str]) -> None:
        """Drop stuck effects that have succeeded now."""
        self.live = tuple(entry for entry in self.live if entry.id not in done)
        self.changed = True

    def due_at(self) -> datetime | None:
        """When a tick must look at it: the earliest timer, or at once while an effect is stuck."""
        due = min(self.state.timers.values(), default=None) if self.state is not None else None
        if self.now is not None and self.live and any(entry.stuck for entry in self.live):
            return self.now if due is None else min(due, self.now)
        return due
