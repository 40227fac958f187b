"""Closing a lane: what the guide or the payer's companion guide refuses is withheld, alone; everything else goes out."""

from collections.abc import Sequence
from datetime import datetime

from schemas.events.envelope import EventData
from schemas.x12 import X12WriteError, write
from schemas.x12.companion import Guide
from services.clearinghouse.domain import lane as lanes
from services.clearinghouse.domain.composing import spoken
from services.clearinghouse.domain.files import interchange_of
from services.clearinghouse.domain.lane import APPEAL, TELL, Batch, Lane, Sender, Withheld
from services.clearinghouse.domain.refusals import refusal

TOLD_AT_ONCE = 90
"""Withheld items that one event tells of: an outbox holds 100 entries."""

Faults = dict[str, tuple[str, ...]]


def close(lane: Lane, sender: Sender, now: datetime, guides: Sequence[Guide]) -> tuple[Lane, tuple[Batch, ...]]:
    """Fix everything open into files that the writer takes; arm TELL where something had to be withheld."""
    faults: Faults = {}
    while True:
        closed, batches = lanes.close(lane, sender, now, faults)
        found = {ref: codes for batch in batches for ref, codes in _check(closed, batch, guides).items()}
        if not found:
            break
        faults |= found
    if not faults:
        return closed, batches
    by_ref = lane.by_ref()
    new = (
        Withheld(ref=ref, kind=by_ref[ref].kind, withheld_on=now.date(), codes=codes)
        for ref, codes in sorted(faults.items())
    )
    update = {"withheld": (*closed.withheld, *new), "timers": closed.armed(TELL, now)}
    return closed.model_copy(update=update), batches


def tell(lane: Lane, now: datetime) -> tuple[Lane, list[tuple[str, EventData]]]:
    """The next withheld items: key and answer for who asked; TELL is armed again where some are left."""
    by_ref = lane.by_ref()
    due = lane.withheld[lane.told : lane.told + TOLD_AT_ONCE]
    answers = ((found, refusal(found.kind, found.ref, lane.payer_id, found.codes, found.withheld_on)) for found in due)
    told = [(by_ref[found.ref].subject, data) for found, data in answers if data is not None]
    done = lane.told + len(due)
    timers = lane.armed(TELL, now) if done < len(lane.withheld) else lane.timers
    return lane.model_copy(update={"told": done, "timers": timers}), told


def _check(lane: Lane, batch: Batch, guides: Sequence[Guide]) -> Faults:
    """What each item that hurts the file lacks, or all of them where none does alone; nothing where it is sound."""
    if batch.kind == APPEAL:
        return {}
    codes = _refused(lane, batch, guides)
    if not codes:
        return {}
    refs = [ref for refs in batch.sets for ref in refs]
    ones = ((ref, batch.model_copy(update={"sets": ((ref,),)})) for ref in refs)
    alone = {ref: found for ref, one in ones if (found := _refused(lane, one, guides))}
    return alone or dict.fromkeys(refs, codes)


def _refused(lane: Lane, batch: Batch, guides: Sequence[Guide]) -> tuple[str, ...]:
    try:
        write(interchange_of(lane, batch), companions=[guide for guide in guides if guide.set_id == batch.kind])
    except X12WriteError as refused:
        return spoken(refused.diagnostics)
    return ()
