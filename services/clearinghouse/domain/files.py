"""A fixed batch → its file. Nothing but the lane's record goes in, so a repeat writes the same bytes."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from schemas.x12 import (
    Ack999,
    Claims837P,
    Group,
    Inquiry270,
    Interchange,
    StatusRequest276,
    TransactionSet,
    write,
)
from schemas.x12.companion import Guide
from schemas.x12.envelopes import read_ack
from schemas.x12.joining import joined
from schemas.x12.records.base import Composed
from schemas.x12.writer import compose
from services.clearinghouse.domain.composing import DELIMITERS
from services.clearinghouse.domain.control_numbers import ControlNumber, control_number
from services.clearinghouse.domain.lane import (
    APPEAL,
    CLAIM,
    ELIGIBILITY,
    GROUP_ACK,
    INTERCHANGE_ACK,
    STATUS,
    Batch,
    Item,
    Lane,
)
from services.clearinghouse.domain.parties import receiver, submitter

SUFFIXES = {
    ELIGIBILITY: "270",
    CLAIM: "837",
    STATUS: "276",
    APPEAL: "appeal.json",
    GROUP_ACK: "999",
    INTERCHANGE_ACK: "TA1",
}


HEADED: dict[str, Callable[..., TransactionSet]] = {
    CLAIM: Claims837P,
    ELIGIBILITY: Inquiry270,
    STATUS: StatusRequest276,
}
"""What stands behind a heading (BHT)."""


@dataclass(frozen=True, slots=True)
class File:
    """A batch as it lies at its payer's door."""

    payer_id: str
    name: str
    batch: Batch
    content: bytes

    @property
    def id(self) -> str:
        """What tells it from all others."""
        return f"{self.payer_id}/{self.name}"


def number_of(lane: Lane, batch: Batch) -> ControlNumber:
    """ISA13 and GS06 of a batch."""
    return control_number(lane.partition, lane.day, batch.number)


def file_name(lane: Lane, batch: Batch) -> str:
    """The name at the payer's door: ISA13 and what it is."""
    return f"{number_of(lane, batch).isa13}.{SUFFIXES[batch.kind]}"


def made(lane: Lane, batch: Batch, items: Mapping[str, Item], guides: Sequence[Guide]) -> File:
    """The file, its `items` by ref; raises X12WriteError where the guide, or one of the payer's, refuses it."""
    return _file(lane, batch, items, companions=[guide for guide in guides if guide.set_id == batch.kind])


def remade(lane: Lane, batch: Batch) -> File:
    """The same file again. Nothing is refused: it was checked when it was fixed (`closing.close`)."""
    return _file(lane, batch, lane.by_ref(), unchecked=True)


def _file(
    lane: Lane, batch: Batch, items: Mapping[str, Item], companions: Sequence[Guide] = (), unchecked: bool = False
) -> File:
    if batch.kind == APPEAL:
        content = _packet(batch, items)
    else:
        content = write(interchange_of(lane, batch, items), DELIMITERS, companions=companions, unchecked=unchecked)
    return File(lane.payer_id, file_name(lane, batch), batch, content)


def interchange_of(lane: Lane, batch: Batch, items: Mapping[str, Item]) -> Interchange:
    """The file as an envelope around the texts of its items."""
    texts = [[items[ref].phi for ref in refs] for refs in batch.sets]
    number = number_of(lane, batch)
    interchange = Interchange(
        sender=batch.sender.submitter_id,
        receiver=batch.sender.interchange_id,
        control_number=number.isa13,
        date=batch.closed_at.date(),
        time=f"{batch.closed_at:%H%M}",
    )
    if batch.kind == INTERCHANGE_ACK:
        interchange.acks = [read_ack(text.split(DELIMITERS.element), 0) for (text,) in texts]
    else:
        sets = [_set(some, f"{at:04d}", number, batch) for at, some in enumerate(texts, 1)]
        interchange.groups = [Group(control_number=number.gs06, transactions=sets)]
    return interchange


def _set(texts: Sequence[str], control: str, number: ControlNumber, batch: Batch) -> TransactionSet:
    """One ST; BHT03 is ISA13 and ST02, so that a 277CA names the set. A 999 answers one group: a text each."""
    if batch.kind == GROUP_ACK:
        return Composed(kind=Ack999, segments=texts[0].split(DELIMITERS.segment), control_number=control)
    made = compose(_heading(batch, number.isa13 + control), DELIMITERS)
    made.segments, made.control_number = joined(made.segments, texts, DELIMITERS), control
    return made


def _heading(batch: Batch, reference_id: str) -> TransactionSet:
    """The set without its claims or questions."""
    made = HEADED[batch.kind](reference_id=reference_id, date=batch.closed_at.date(), time=f"{batch.closed_at:%H%M}")
    if isinstance(made, Claims837P):
        made.submitter, made.receiver = submitter(batch.sender), receiver(batch.sender)
    return made


def _packet(batch: Batch, items: Mapping[str, Item]) -> bytes:
    ((ref,),) = batch.sets
    content = {**json.loads(items[ref].phi), "sent_on": batch.closed_at.date().isoformat()}
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False).encode()
