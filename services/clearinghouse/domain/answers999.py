"""999 (005010X231A1) and TA1: verdicts on what a lane sent, taken to that lane by its control number."""

from collections.abc import Iterator

from schemas.events.lanes import GroupAcknowledged, SetVerdict
from schemas.x12 import Ack999, InterchangeAck, SetAck
from services.clearinghouse.domain.control_numbers import ControlNumberError, read_control_number
from services.clearinghouse.domain.drafts import Draft, Origin
from services.clearinghouse.domain.lane import lane_key

MAX_CODES = 20
"""Codes kept of one refused set."""


def drafts(answer: Ack999, st: int, origin: Origin) -> Iterator[Draft]:
    """One GroupAcknowledged for the group that AK1 names."""
    group = GroupAcknowledged(
        group_control=answer.group_control_number,
        group_verdict=answer.code,
        sets=tuple(_set_verdict(found) for found in answer.sets),
        answered_on=origin.recorded_on,
    )
    yield from group_draft(f"{st}/group", group, origin)


def interchange_drafts(ack: InterchangeAck, number: int, origin: Origin) -> Iterator[Draft]:
    """A TA1 that refuses an interchange refuses all its sets; one that accepts says nothing new."""
    if ack.code != "R":
        return
    everything = SetVerdict(set_control="", verdict="R", codes=(f"TA1:{ack.note}",))
    group = GroupAcknowledged(
        group_control=ack.control_number,
        group_verdict="R",
        sets=(everything,),
        answered_on=ack.date or origin.recorded_on,
    )
    yield from group_draft(f"ta1/{number}", group, origin)


def group_draft(place: str, group: GroupAcknowledged, origin: Origin) -> Iterator[Draft]:
    """The event for the lane that the control number names; nothing where it is no number of ours."""
    try:
        number = read_control_number(group.group_control, group.answered_on)
    except ControlNumberError:
        return
    key = lane_key(origin.payer_id, number.partition, number.day)
    yield Draft(place, key, group, partition=number.partition)


def _set_verdict(found: SetAck) -> SetVerdict:
    return SetVerdict(set_control=found.set_control_number, verdict=found.code, codes=tuple(_codes(found))[:MAX_CODES])


def _codes(found: SetAck) -> Iterator[str]:
    """`IK5:5`, `IK3:NM1:8`, `IK4:NM1:9:1`: where and why, never the copy of bad data (IK404)."""
    yield from (f"IK5:{reason}" for reason in found.reasons)
    for segment in found.segments:
        if segment.code:
            yield f"IK3:{segment.segment_id}:{segment.code}"
        yield from (f"IK4:{segment.segment_id}:{error.element}:{error.code}" for error in segment.elements)
