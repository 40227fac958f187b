"""The lane: what one partition sends to one payer for one day; it alone gives out that day's control numbers."""

from collections.abc import Container, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from schemas.document import Aggregate, NoUpgrade, Upgrade
from schemas.events.values import Value

CLAIM, ELIGIBILITY, STATUS, APPEAL = "837", "270", "276", "appeal"
GROUP_ACK, INTERCHANGE_ACK = "999", "TA1"
RECEIPTS = frozenset({GROUP_ACK, INTERCHANGE_ACK})
"""Answers to a payer's files; nobody asked for them, and nobody waits for an answer to them."""
KINDS = (ELIGIBILITY, CLAIM, STATUS, APPEAL, GROUP_ACK, INTERCHANGE_ACK)
SET_SIZE = 50
"""Claims or inquiries of one ST; a file holds one ST unless the lane would need more than MAX_FILES files."""
MAX_FILES = 12
"""Files of one kind at one close: keeps the outbox of a lane below its 100 entries."""
MAX_PACKETS = 60
"""Appeal packets at one close, a file each; the rest goes at the next."""
MAX_ITEMS = 6_000
"""What one lane can hold inside MongoDB's 16 MB document, at about 2 KB a claim."""
CLOSE, TELL = "close", "tell"


class LaneFull(Exception):
    """A lane holds MAX_ITEMS already: too few partitions for this payer's volume."""


class Item(Value):
    """One thing to carry. Of one `ref` the first is sent; it sorts as it is sent: CLM01 and version, the trace, or what a
    receipt answers."""

    kind: str
    ref: str
    subject: str
    """Key of the event that asked for it, hence of the event that answers it."""
    phi: str
    """What a file takes over of it, as text (`composing.text_of`). It names people."""


class Sender(Value):
    """Both ends of an interchange, as the payer directory had them when the file was fixed."""

    submitter_id: str
    submitter_name: str
    interchange_id: str
    payer_name: str
    filing_indicator: str


class Batch(Value):
    """One file: fixed once, never changed; its bytes are a function of it and of the items that it names."""

    number: int
    kind: str
    closed_at: datetime
    sender: Sender
    sets: tuple[tuple[str, ...], ...]
    """Refs by ST: the first tuple is ST02 0001."""
    refused: tuple[str, ...] = ()
    """ST02 values that a 999 or TA1 has refused."""


class Withheld(Value):
    """An item that no file may carry: the guide, or the payer's companion guide, refuses it."""

    ref: str
    kind: str
    withheld_on: date
    codes: tuple[str, ...]
    """Why: `guide:2010AA N403`, `companion:acme_taxonomy`; never a value."""


def with_texts(lane: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 to 2: an item is its text (decision 0020). Raises NoUpgrade for events, which only their writer can compose."""
    if any("body" in item for item in lane.get("items", ())):
        raise NoUpgrade("its items hold events, no texts")
    return lane


class Lane(Aggregate):
    """Trading partner × partition × day of the event's time."""

    SCHEMA: ClassVar[int] = 2
    UPGRADES: ClassVar[Mapping[int, Upgrade]] = {1: with_texts}
    GROWING: ClassVar[str | None] = "items"

    payer_id: str
    partition: int
    day: date
    items: tuple[Item, ...] = ()
    batches: tuple[Batch, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    told: int = 0
    """How many of the withheld items those who asked were told of."""

    def by_ref(self) -> dict[str, Item]:
        """The items by ref; of one ref that was asked for twice the first."""
        return {item.ref: item for item in reversed(self.items)}

    def batch(self, number: int) -> Batch | None:
        """The file of that number, if this lane has made it."""
        return self.batches[number - 1] if 1 <= number <= len(self.batches) else None


def lane_key(payer_id: str, partition: int, day: date) -> str:
    """Key of the lane's document."""
    return f"{payer_id}|{partition}|{day:%Y%m%d}"


def next_midnight(now: datetime) -> datetime:
    """The first 00:00Z after `now`."""
    today = now.astimezone(UTC).date()
    return datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(days=1)


def add(lane: Lane, item: Item, now: datetime) -> Lane:
    """The lane with one more item, its close armed; raises LaneFull."""
    if len(lane.items) >= MAX_ITEMS:
        raise LaneFull
    return lane.model_copy(
        update={
            "items": (*lane.items, item),
            "timers": lane.timers if CLOSE in lane.timers else lane.armed(CLOSE, next_midnight(now)),
        }
    )


def close(lane: Lane, sender: Sender, now: datetime, without: Container[str] = ()) -> tuple[Lane, tuple[Batch, ...]]:
    """Fix every open item (`without` those refs) into files: sorted by ref, cut by size, numbered after the lane's last file.

    What does not fit this close stays open and the close is armed again.
    """
    done = {ref for batch in lane.batches for part in batch.sets for ref in part}
    done |= {found.ref for found in lane.withheld}
    new: list[Batch] = []
    left = False
    for kind in KINDS:
        open_refs = {item.ref for item in lane.items if item.kind == kind and item.ref not in without}
        refs = sorted(open_refs - done)
        files, rest = cut(kind, refs)
        left = left or bool(rest)
        for sets in files:
            number = len(lane.batches) + len(new) + 1
            new.append(Batch(number=number, kind=kind, closed_at=now, sender=sender, sets=sets))
    timers = lane.armed(CLOSE, next_midnight(now)) if left else lane.timers
    return lane.model_copy(update={"batches": (*lane.batches, *new), "timers": timers}), tuple(new)


def cut(kind: str, refs: list[str]) -> tuple[list[tuple[tuple[str, ...], ...]], list[str]]:
    """Refs by file and ST, and those that must wait for the next close (appeals only). A 999 answers one group: an ST each."""
    if kind in RECEIPTS:
        return [tuple((ref,) for ref in refs)] if refs else [], []
    if kind == APPEAL:
        return [((ref,),) for ref in refs[:MAX_PACKETS]], refs[MAX_PACKETS:]
    sets = [tuple(refs[at : at + SET_SIZE]) for at in range(0, len(refs), SET_SIZE)]
    per_file = max(1, -(-len(sets) // MAX_FILES))
    return [tuple(sets[at : at + per_file]) for at in range(0, len(sets), per_file)], []
