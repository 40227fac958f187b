"""GroupReceived → 999 (005010X231A1), InterchangeReceived → TA1."""

from schemas.events.lanes import GroupReceived, InterchangeReceived, SegmentNote
from schemas.x12 import Ack999, ElementError, InterchangeAck, SegmentError, SetAck


def group_ack(group: GroupReceived) -> Ack999:
    """The 999 of one functional group."""
    return Ack999(
        functional_id=group.functional_id,
        group_control_number=group.group_control,
        group_version=group.version,
        sets=[
            SetAck(one.set_id, one.control, one.version, list(map(_segment, one.segments)), one.verdict, one.reasons)
            for one in group.sets
        ],
        code=group.verdict,
        included=group.included,
        received=group.received,
        accepted=group.accepted,
        reasons=group.reasons,
    )


def interchange_ack(received: InterchangeReceived) -> InterchangeAck:
    """The TA1 of one interchange."""
    return InterchangeAck(received.control_number, received.made_on, received.made_at, received.verdict, received.note)


def _segment(note: SegmentNote) -> SegmentError:
    elements = [ElementError(fault.element, code=fault.code) for fault in note.elements]
    return SegmentError(note.segment, note.position, note.loop, note.code, elements=elements)
