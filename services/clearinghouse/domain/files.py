"""A fixed batch → the bytes of its file. Nothing but the lane's record goes in, so a repeat writes the same bytes."""

from collections.abc import Callable, Iterable
from typing import Any

import orjson

from schemas.events.payer_outbound import (
    AppealPacket,
    BillPhi,
    ClaimBill,
    EligibilityInquiry,
    InquiryPhi,
    StatusInquiry,
)
from schemas.x12 import Claims837P, Group, Inquiry270, Interchange, StatusRequest276, TransactionSet, write
from services.clearinghouse.domain import envelope270, envelope276, envelope837
from services.clearinghouse.domain.control_numbers import ControlNumber, control_number
from services.clearinghouse.domain.lane import APPEAL, CLAIM, ELIGIBILITY, STATUS, Batch, Item, Lane
from services.clearinghouse.domain.parties import receiver, submitter

SUFFIXES = {ELIGIBILITY: "270", CLAIM: "837", STATUS: "276", APPEAL: "appeal.json"}


def number_of(lane: Lane, batch: Batch) -> ControlNumber:
    """ISA13 and GS06 of a batch."""
    return control_number(lane.partition, lane.day, batch.number)


def file_name(lane: Lane, batch: Batch) -> str:
    """The name at the payer's door: ISA13 and what it is."""
    return f"{number_of(lane, batch).isa13}.{SUFFIXES[batch.kind]}"


def render(lane: Lane, batch: Batch) -> bytes:
    """The file's bytes; raises X12WriteError for a record that the guide does not allow."""
    if batch.kind == APPEAL:
        return _packet(lane, batch)
    number = number_of(lane, batch)
    sets = [SETS[batch.kind](lane, batch, f"{at:04d}", lane.chosen(refs)) for at, refs in enumerate(batch.sets, 1)]
    interchange = Interchange(
        sender=batch.sender.submitter_id,
        receiver=batch.sender.interchange_id,
        control_number=number.isa13,
        date=batch.closed_at.date(),
        time=f"{batch.closed_at:%H%M}",
        groups=[Group(control_number=number.gs06, transactions=sets)],
    )
    return write(interchange)


def _people(lane: Lane, item: Item) -> Any:
    return lane.phi.people[item.ref] if lane.phi else {}


def _claims(lane: Lane, batch: Batch, control: str, items: Iterable[Item]) -> TransactionSet:
    claims = [
        envelope837.claim(
            ClaimBill.model_validate(item.body), BillPhi.model_validate(_people(lane, item)), batch.sender
        )
        for item in items
    ]
    return Claims837P(
        control_number=control,
        reference_id=number_of(lane, batch).isa13 + control,
        date=batch.closed_at.date(),
        time=f"{batch.closed_at:%H%M}",
        submitter=submitter(batch.sender),
        receiver=receiver(batch.sender),
        claims=claims,
    )


def _eligibility(lane: Lane, batch: Batch, control: str, items: Iterable[Item]) -> TransactionSet:
    subjects = [
        envelope270.subject(
            EligibilityInquiry.model_validate(item.body), InquiryPhi.model_validate(_people(lane, item)), batch.sender
        )
        for item in items
    ]
    return Inquiry270(
        control_number=control,
        reference_id=number_of(lane, batch).isa13 + control,
        date=batch.closed_at.date(),
        time=f"{batch.closed_at:%H%M}",
        subjects=subjects,
    )


def _statuses(lane: Lane, batch: Batch, control: str, items: Iterable[Item]) -> TransactionSet:
    subjects = [
        envelope276.subject(
            StatusInquiry.model_validate(item.body), InquiryPhi.model_validate(_people(lane, item)), batch.sender
        )
        for item in items
    ]
    return StatusRequest276(
        control_number=control,
        reference_id=number_of(lane, batch).isa13 + control,
        date=batch.closed_at.date(),
        time=f"{batch.closed_at:%H%M}",
        subjects=subjects,
    )


def _packet(lane: Lane, batch: Batch) -> bytes:
    item = lane.item(batch.sets[0][0])
    packet = AppealPacket.model_validate(item.body).model_dump(mode="json")
    content = {"sent_on": batch.closed_at.date().isoformat(), "data": packet, "phi": _people(lane, item)}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


SETS: dict[str, Callable[[Lane, Batch, str, Iterable[Item]], TransactionSet]] = {
    CLAIM: _claims,
    ELIGIBILITY: _eligibility,
    STATUS: _statuses,
}
