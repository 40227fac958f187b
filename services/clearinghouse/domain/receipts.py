"""What we answer to a payer's file: a 999 for each functional group that it wants one for, a TA1 for an interchange that asks."""

import re
from collections.abc import Container, Iterator

from schemas.directory import PayerProfile
from schemas.events.lanes import ElementNote, GroupReceived, InterchangeReceived, SegmentNote, SetReceived
from schemas.x12 import Ack999, InterchangeAck, SegmentError, SetAck, make999, make_ta1
from schemas.x12.reading import Reading
from services.clearinghouse.domain.drafts import Draft, Origin

MAX_SETS, MAX_SEGMENTS, MAX_ELEMENTS = 500, 20, 10
"""What one 999 tells at most: beyond it sets without a fault are only counted (AK9), faults told by their first."""
MAX_NOTES = 500
"""Hurt segments of all its sets together, at least one a set: the lane keeps every receipt of its day in one document."""
NUMBER = re.compile("[0-9]{1,9}")
HOUR = re.compile("(?:[01][0-9]|2[0-3])[0-5][0-9]")


def receipts(reading: Reading, taken: Container[int], profile: PayerProfile, origin: Origin) -> Iterator[Draft]:
    """An event for each 999 and TA1 that is owed; `taken` holds the positions of the sets that something was used of.

    A 999 is never answered by a 999, nor an interchange of TA1s by a TA1; what came without a control number cannot be.
    """
    if profile.acknowledged_sets:
        for number, ack in enumerate(make999(reading, taken), 1):
            if kind_of(ack) in profile.acknowledged_sets and ack.group_control_number.strip("0"):
                yield Draft(f"999/{number}", origin.sha256, _group(ack, origin))
    for number, answer in enumerate(make_ta1(reading, taken), 1):
        if NUMBER.fullmatch(answer.control_number):
            yield Draft(f"TA1/{number}", origin.sha256, _interchange(answer, origin))


def kind_of(ack: Ack999) -> str:
    """Which set a group holds: GS01, and GS08 where GS01 means several; empty for what no payer wants answered."""
    if ack.functional_id == "HN":
        return "277CA" if ack.group_version.startswith("005010X214") else "277"
    return {"HB": "271", "HP": "835"}.get(ack.functional_id, "")


def _group(ack: Ack999, origin: Origin) -> GroupReceived:
    told = ack.sets if len(ack.sets) <= MAX_SETS else [one for one in ack.sets if one.code != "A"][:MAX_SETS]
    each = max(1, min(MAX_SEGMENTS, MAX_NOTES // max(1, sum(bool(one.segments) for one in told))))
    return GroupReceived(
        payer_id=origin.payer_id,
        functional_id=ack.functional_id,
        group_control=ack.group_control_number,
        version=ack.group_version,
        verdict=ack.code,
        included=ack.included,
        received=ack.received,
        accepted=ack.accepted,
        reasons=ack.reasons,
        sets=tuple(_set(one, each) for one in told),
    )


def _set(one: SetAck, most: int) -> SetReceived:
    return SetReceived(
        set_id=one.set_id,
        control=one.set_control_number,
        version=one.version,
        verdict=one.code,
        reasons=one.reasons,
        segments=tuple(map(_segment, one.segments[:most])),
    )


def _segment(one: SegmentError) -> SegmentNote:
    elements = tuple(ElementNote(element=fault.element, code=fault.code) for fault in one.elements[:MAX_ELEMENTS])
    return SegmentNote(
        segment=one.segment_id, position=one.segment_position, loop=one.loop, code=one.code, elements=elements
    )


def _interchange(answer: InterchangeAck, origin: Origin) -> InterchangeReceived:
    return InterchangeReceived(
        payer_id=origin.payer_id,
        control_number=answer.control_number.zfill(9),
        made_on=answer.date or origin.recorded_on,
        made_at=answer.time if HOUR.fullmatch(answer.time) else "0000",
        verdict=answer.code,
        note=answer.note,
    )
