"""A refused group → which sets of which file are refused, and what each of their claims and inquiries is told."""

from collections.abc import Iterator

from schemas.events.envelope import EventData
from schemas.events.lanes import GroupAcknowledged, SetVerdict
from services.clearinghouse.domain.control_numbers import read_control_number
from services.clearinghouse.domain.lane import CLAIM, ELIGIBILITY, Batch, Item, Lane
from services.clearinghouse.domain.refusals import UNAVAILABLE, refused_claim, unanswered

ACCEPTED = frozenset({"A", "E"})
"""IK501: E is accepted with errors noted (DOMAIN §3)."""


def batch_of(lane: Lane, group: GroupAcknowledged) -> Batch | None:
    """The file that the group's control number names."""
    return lane.batch(read_control_number(group.group_control, group.answered_on).batch)


def refused_sets(batch: Batch, group: GroupAcknowledged) -> tuple[SetVerdict, ...]:
    """Verdicts on sets of this file that are refusals and news, one a set, by ST02."""
    every = [f"{at:04d}" for at in range(1, len(batch.sets) + 1)]
    verdicts = {found.set_control.zfill(4): found for found in group.sets if found.set_control}
    whole = next((found for found in group.sets if not found.set_control), None)
    if whole is None and group.group_verdict == "R" and not group.sets:
        whole = SetVerdict(set_control="", verdict="R", codes=("AK9:R",))
    refused = []
    for control in every:
        found = verdicts.get(control, whole)
        if found is not None and found.verdict not in ACCEPTED and control not in batch.refused:
            refused.append(found.model_copy(update={"set_control": control}))
    return tuple(refused)


def mark(lane: Lane, batch: Batch, refused: SetVerdict) -> Lane:
    """The lane that knows the set as refused, so that the same 999 again says nothing new."""
    marked = batch.model_copy(update={"refused": (*batch.refused, refused.set_control)})
    batches = tuple(marked if found.number == batch.number else found for found in lane.batches)
    return lane.model_copy(update={"batches": batches})


def answers(lane: Lane, batch: Batch, refused: SetVerdict, group: GroupAcknowledged) -> Iterator[tuple[str, EventData]]:
    """Key and event for each claim or inquiry of the set; a refused status inquiry has its own timer."""
    by_ref = lane.by_ref()
    for item in (by_ref[ref] for ref in batch.sets[int(refused.set_control) - 1]):
        found = _answer(item, lane.payer_id, refused, group)
        if found is not None:
            yield item.subject, found


def _answer(item: Item, payer_id: str, refused: SetVerdict, group: GroupAcknowledged) -> EventData | None:
    if item.kind == CLAIM:
        return refused_claim(item.ref, payer_id, refused.codes or (f"IK5:{refused.verdict}",), group.answered_on)
    if item.kind == ELIGIBILITY:
        return unanswered(payer_id, item.ref, UNAVAILABLE)
    return None
