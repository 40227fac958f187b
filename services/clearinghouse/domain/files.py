"""A fixed batch → the bytes of its file. Nothing but the lane's record goes in, so a repeat writes the same bytes."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypedDict

from schemas.events.lanes import GroupReceived, InterchangeReceived
from schemas.events.payer_outbound import (
    AppealPacket,
    BillPhi,
    ClaimBill,
    EligibilityInquiry,
    InquiryPhi,
    StatusInquiry,
)
from schemas.x12 import (
    Claims837P,
    Group,
    Inquiry270,
    Interchange,
    InterchangeAck,
    StatusRequest276,
    TransactionSet,
    write,
)
from services.clearinghouse.domain import envelope270, envelope276, envelope837, envelope999
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
    Sender,
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


class Heading(TypedDict):
    """ST02 and BHT of a set; BHT03 is ISA13 and ST02, so that a 277CA names the set."""

    control_number: str
    reference_id: str
    date: date
    time: str


def number_of(lane: Lane, batch: Batch) -> ControlNumber:
    """ISA13 and GS06 of a batch."""
    return control_number(lane.partition, lane.day, batch.number)


def file_name(lane: Lane, batch: Batch) -> str:
    """The name at the payer's door: ISA13 and what it is."""
    return f"{number_of(lane, batch).isa13}.{SUFFIXES[batch.kind]}"


def render(lane: Lane, batch: Batch) -> bytes:
    """The file's bytes. Nothing is refused here: it was checked when it was fixed (`closing.close`)."""
    if batch.kind == APPEAL:
        return _packet(lane.by_ref()[batch.sets[0][0]], batch)
    return write(interchange_of(lane, batch), unchecked=True)


def interchange_of(lane: Lane, batch: Batch) -> Interchange:
    """The file as records."""
    by_ref = lane.by_ref()
    sets = [[by_ref[ref] for ref in refs] for refs in batch.sets]
    number = number_of(lane, batch)
    interchange = Interchange(
        sender=batch.sender.submitter_id,
        receiver=batch.sender.interchange_id,
        control_number=number.isa13,
        date=batch.closed_at.date(),
        time=f"{batch.closed_at:%H%M}",
    )
    if batch.kind == INTERCHANGE_ACK:
        interchange.acks = [_interchange_ack(item) for items in sets for item in items]
    else:
        headed = [(items, _heading(number, batch, at)) for at, items in enumerate(sets, 1)]
        transactions = [SETS[batch.kind](items, batch.sender, heading) for items, heading in headed]
        interchange.groups = [Group(control_number=number.gs06, transactions=transactions)]
    return interchange


def _heading(number: ControlNumber, batch: Batch, at: int) -> Heading:
    control = f"{at:04d}"
    return Heading(
        control_number=control,
        reference_id=number.isa13 + control,
        date=batch.closed_at.date(),
        time=f"{batch.closed_at:%H%M}",
    )


def _claims(items: Sequence[Item], sender: Sender, heading: Heading) -> TransactionSet:
    claims = [
        envelope837.claim(ClaimBill.model_validate(item.body), BillPhi.model_validate(item.phi), sender)
        for item in items
    ]
    return Claims837P(submitter=submitter(sender), receiver=receiver(sender), claims=claims, **heading)


def _eligibility(items: Sequence[Item], sender: Sender, heading: Heading) -> TransactionSet:
    subjects = [
        envelope270.subject(EligibilityInquiry.model_validate(item.body), InquiryPhi.model_validate(item.phi), sender)
        for item in items
    ]
    return Inquiry270(subjects=subjects, **heading)


def _statuses(items: Sequence[Item], sender: Sender, heading: Heading) -> TransactionSet:
    subjects = [
        envelope276.subject(StatusInquiry.model_validate(item.body), InquiryPhi.model_validate(item.phi), sender)
        for item in items
    ]
    return StatusRequest276(subjects=subjects, **heading)


def _group_ack(items: Sequence[Item], sender: Sender, heading: Heading) -> TransactionSet:
    (item,) = items
    return envelope999.group_ack(GroupReceived.model_validate(item.body), heading["control_number"])


def _interchange_ack(item: Item) -> InterchangeAck:
    return envelope999.interchange_ack(InterchangeReceived.model_validate(item.body))


def _packet(item: Item, batch: Batch) -> bytes:
    packet = AppealPacket.model_validate(item.body).model_dump(mode="json")
    content = {"sent_on": batch.closed_at.date().isoformat(), "data": packet, "phi": item.phi or {}}
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False).encode()


SETS: dict[str, Callable[[Sequence[Item], Sender, Heading], TransactionSet]] = {
    CLAIM: _claims,
    ELIGIBILITY: _eligibility,
    STATUS: _statuses,
    GROUP_ACK: _group_ack,
}
