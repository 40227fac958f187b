"""Closing a lane: what the guide or the payer's companion guide refuses is withheld, alone; everything else goes out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from schemas.events.envelope import EventData
from schemas.events.payer_inbound import REFUSED_HERE
from schemas.events.payer_outbound import ClaimBill, EligibilityInquiry
from schemas.x12 import Diagnostic, X12WriteError, write
from schemas.x12.companion import Guide
from services.clearinghouse.domain import lane as lanes
from services.clearinghouse.domain.carry import refused_claim, unanswered
from services.clearinghouse.domain.files import interchange_of, render
from services.clearinghouse.domain.lane import APPEAL, CLAIM, ELIGIBILITY, TELL, Batch, Item, Lane, Sender, Withheld
from services.clearinghouse.domain.rendered import Rendered

MISSING_DATA = "15"
"""AAA03 15, required application data missing."""
MAX_CODES = 20
"""Codes kept of one withheld item."""
TOLD_AT_ONCE = 90
"""Withheld items that one event tells of: an outbox holds 100 entries."""
COMPANION_SNIP = 7

Faults = dict[str, tuple[str, ...]]


def close(
    lane: Lane, sender: Sender, now: datetime, guides: Sequence[Guide], rendered: Rendered
) -> tuple[Lane, tuple[Batch, ...]]:
    """Fix everything open into files that the writer takes; arm TELL where something had to be withheld."""
    faults: Faults = {}
    while True:
        closed, batches = lanes.close(lane, sender, now, faults)
        found = {ref: codes for batch in batches for ref, codes in _check(closed, batch, guides, rendered).items()}
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
    told = [(by_ref[found.ref].subject, data) for found in due if (data := _answer(by_ref[found.ref], found))]
    done = lane.told + len(due)
    timers = lane.armed(TELL, now) if done < len(lane.withheld) else lane.timers
    return lane.model_copy(update={"told": done, "timers": timers}), told


def _check(lane: Lane, batch: Batch, guides: Sequence[Guide], rendered: Rendered) -> Faults:
    """Keeps the bytes of a sound file; else what each item that hurts it lacks, or all of them where none does alone."""
    if batch.kind == APPEAL:
        rendered.keep(lane, batch, render(lane, batch))
        return {}
    try:
        rendered.keep(lane, batch, _write(lane, batch, guides))
    except X12WriteError as refused:
        alone = {ref: codes for refs in batch.sets for ref in refs if (codes := _alone(lane, batch, ref, guides))}
        return alone or {ref: _codes(refused.diagnostics) for refs in batch.sets for ref in refs}
    return {}


def _alone(lane: Lane, batch: Batch, ref: str, guides: Sequence[Guide]) -> tuple[str, ...]:
    try:
        _write(lane, batch.model_copy(update={"sets": ((ref,),)}), guides)
    except X12WriteError as refused:
        return _codes(refused.diagnostics)
    return ()


def _write(lane: Lane, batch: Batch, guides: Sequence[Guide]) -> bytes:
    return write(interchange_of(lane, batch), companions=[guide for guide in guides if guide.set_id == batch.kind])


def _codes(findings: Iterable[Diagnostic]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_spoken(findings)))[:MAX_CODES]


def _spoken(findings: Iterable[Diagnostic]) -> Iterator[str]:
    for finding in findings:
        if finding.snip == COMPANION_SNIP:
            yield f"companion:{finding.code}"
        else:
            yield f"guide:{' '.join(filter(None, (finding.loop, finding.element)))}"


def _answer(item: Item, found: Withheld) -> EventData | None:
    """Our own refusal; nobody waits for the answer to a status inquiry or to a receipt."""
    if item.kind == CLAIM:
        bill = ClaimBill.model_validate(item.body)
        refused = refused_claim(bill.claim_id, bill.version, bill.payer_id, found.codes, found.withheld_on)
        return refused.model_copy(update={"transaction": REFUSED_HERE})
    if item.kind == ELIGIBILITY:
        inquiry = EligibilityInquiry.model_validate(item.body)
        return unanswered(inquiry.payer_id, inquiry.trace, MISSING_DATA)
    return None
