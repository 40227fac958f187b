"""What becomes of something to carry: an item of its lane, named so that it sorts as it is sent."""

from typing import Any

from schemas.directory import PayerDirectory, PayerProfile
from schemas.events.envelope import Event
from schemas.events.lanes import GroupReceived, InterchangeReceived
from schemas.events.payer_outbound import AppealPacket, ClaimBill, EligibilityInquiry, StatusInquiry
from services.clearinghouse.domain.composing import Unsendable, text_of
from services.clearinghouse.domain.lane import (
    APPEAL,
    CLAIM,
    ELIGIBILITY,
    GROUP_ACK,
    INTERCHANGE_ACK,
    STATUS,
    Item,
    Sender,
)
from services.clearinghouse.domain.refusals import claim_ref, status_ref
from services.clearinghouse.domain.required837 import missing


def item_of(event: Event[Any, Any], sender: Sender) -> Item:
    """The item that the event asks to carry; raises Unsendable where it lacks what the guide requires or cannot be written."""
    kind, ref = kind_and_ref(event)
    if kind == CLAIM and (lacking := missing(event.data, event.phi)):
        raise Unsendable(tuple(f"guide:{place}" for place in lacking))
    return Item(kind=kind, ref=ref, subject=event.subject, phi=text_of(event, sender))


def sender_of(directory: PayerDirectory, profile: PayerProfile) -> Sender:
    """Both ends of an interchange to that payer."""
    return Sender(
        submitter_id=directory.submitter_id,
        submitter_name=directory.submitter_name,
        interchange_id=profile.interchange_id,
        payer_name=profile.name,
        filing_indicator=profile.filing_indicator,
    )


def kind_and_ref(event: Event[Any, Any]) -> tuple[str, str]:
    """What kind of file carries it, and its name there; raises TypeError for what is nothing to carry."""
    data = event.data
    if isinstance(data, ClaimBill):
        return CLAIM, claim_ref(data.claim_id, data.version)
    if isinstance(data, EligibilityInquiry):
        return ELIGIBILITY, data.trace
    if isinstance(data, StatusInquiry):
        return STATUS, status_ref(data.claim_id, data.trace)
    if isinstance(data, AppealPacket):
        return APPEAL, data.appeal_id
    if isinstance(data, GroupReceived):
        return GROUP_ACK, f"{data.group_control.zfill(9)}.{event.id}"
    if isinstance(data, InterchangeReceived):
        return INTERCHANGE_ACK, f"{data.control_number}.{event.id}"
    raise TypeError(f"{type(data).__name__} is nothing to carry")
