"""Closing a lane: what the guide or the payer's companion guide refuses is withheld, alone; everything else goes out."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from schemas.events.envelope import EventData
from schemas.x12 import X12WriteError
from schemas.x12.companion import Guide
from services.clearinghouse.domain import lane as lanes
from services.clearinghouse.domain.composing import spoken
from services.clearinghouse.domain.files import File, made
from services.clearinghouse.domain.lane import TELL, Batch, Item, Lane, Sender, Withheld
from services.clearinghouse.domain.refusals import refusal

TOLD_AT_ONCE = 90
"""Withheld items that one event tells of: an outbox holds 100 entries."""

Items = Mapping[str, Item]
Faults = dict[str, tuple[str, ...]]


def close(lane: Lane, sender: Sender, now: datetime, guides: Sequence[Guide]) -> tuple[Lane, tuple[File, ...]]:
    """Fix everything open into files that the writer takes; arm TELL where something had to be withheld."""
    items, faults = lane.by_ref(), Faults()
    while True:
        closed, batches = lanes.close(lane, sender, now, faults)
        files, found = _made(closed, batches, items, guides)
        if not found:
            break
        faults |= found
    if not faults:
        return closed, files
    new = (
        Withheld(ref=ref, kind=items[ref].kind, withheld_on=now.date(), codes=codes)
        for ref, codes in sorted(faults.items())
    )
    update = {"withheld": (*closed.withheld, *new), "timers": closed.armed(TELL, now)}
    return closed.model_copy(update=update), files


def tell(lane: Lane, now: datetime) -> tuple[Lane, list[tuple[str, EventData]]]:
    """The next withheld items: key and answer for who asked; TELL is armed again where some are left."""
    by_ref = lane.by_ref()
    due = lane.withheld[lane.told : lane.told + TOLD_AT_ONCE]
    answers = ((found, refusal(found.kind, found.ref, lane.payer_id, found.codes, found.withheld_on)) for found in due)
    told = [(by_ref[found.ref].subject, data) for found, data in answers if data is not None]
    done = lane.told + len(due)
    timers = lane.armed(TELL, now) if done < len(lane.withheld) else lane.timers
    return lane.model_copy(update={"told": done, "timers": timers}), told


def _made(
    lane: Lane, batches: Sequence[Batch], items: Items, guides: Sequence[Guide]
) -> tuple[tuple[File, ...], Faults]:
    """The files that are sound, and what each item that hurts one lacks."""
    files, faults = list[File](), Faults()
    for batch in batches:
        try:
            files.append(made(lane, batch, items, guides))
        except X12WriteError as refused:
            faults |= _alone(lane, batch, items, guides) or dict.fromkeys(
                (ref for refs in batch.sets for ref in refs), spoken(refused.diagnostics)
            )
    return tuple(files), faults


def _alone(lane: Lane, batch: Batch, items: Items, guides: Sequence[Guide]) -> Faults:
    """What each item lacks in a file of its own; nothing where it is sound."""
    faults = Faults()
    for ref in (ref for refs in batch.sets for ref in refs):
        try:
            made(lane, batch.model_copy(update={"sets": ((ref,),)}), items, guides)
        except X12WriteError as refused:
            faults[ref] = spoken(refused.diagnostics)
    return faults
