"""What becomes of something to carry: it joins its lane, or it is answered at once because no payer could get it."""

from datetime import date
from typing import Any

from schemas.directory import PayerDirectory, PayerProfile
from schemas.events.envelope import Event, EventData
from schemas.events.lanes import GroupReceived, InterchangeReceived
from schemas.events.payer_inbound import REFUSED_HERE, ClaimAcknowledged, EligibilityAnswered
from schemas.events.payer_outbound import AppealPacket, ClaimBill, EligibilityInquiry, StatusInquiry
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
from services.clearinghouse.domain.required837 import missing

UNKNOWN_PAYER = "79"
"""AAA03 79, invalid participant identification: we have no contract with this payer."""
UNAVAILABLE = "42"
"""AAA03 42, unable to respond at the current time."""


def item_of(event: Event[Any, Any]) -> Item:
    """The item that the event asks to carry."""
    kind, ref = _kind_and_ref(event)
    people = event.phi.model_dump(mode="json") if event.phi is not None else None
    return Item(kind=kind, ref=ref, subject=event.subject, body=event.data.model_dump(mode="json"), phi=people)


def sender_of(directory: PayerDirectory, profile: PayerProfile) -> Sender:
    """Both ends of an interchange to that payer."""
    return Sender(
        submitter_id=directory.submitter_id,
        submitter_name=directory.submitter_name,
        interchange_id=profile.interchange_id,
        payer_name=profile.name,
        filing_indicator=profile.filing_indicator,
    )


def refusal(event: Event[Any, Any], profile: PayerProfile | None) -> EventData | None:
    """Our own answer to what cannot be carried: no such payer, or a claim that lacks what the guide requires.

    None where it can be carried, or where nobody waits for an answer (status inquiries and packets have timers).
    """
    data = event.data
    if isinstance(data, EligibilityInquiry):
        return None if profile else unanswered(data.payer_id, data.trace, UNKNOWN_PAYER)
    if isinstance(data, ClaimBill):
        lacking = missing(data, event.phi) if profile else ("payer",)
        day = event.time.date()
        codes = tuple(f"guide:{place}" for place in lacking)
        refused = refused_claim(data.claim_id, data.version, data.payer_id, codes, day)
        return refused.model_copy(update={"transaction": REFUSED_HERE}) if lacking else None
    return None


def unanswered(payer_id: str, trace: str, reason: str) -> EligibilityAnswered:
    """No answer will come for an inquiry; `reason` is an AAA03."""
    return EligibilityAnswered(payer_id=payer_id, trace=trace, active=False, benefit_codes=(), reject_codes=(reason,))


def refused_claim(claim_id: str, version: int, payer_id: str, codes: tuple[str, ...], day: date) -> ClaimAcknowledged:
    """A version of a claim that never reached adjudication because its set was refused."""
    return ClaimAcknowledged(
        claim_id=claim_id,
        version=version,
        payer_id=payer_id,
        transaction="999",
        verdict="rejected",
        statuses=codes,
        answered_on=day,
    )


def _kind_and_ref(event: Event[Any, Any]) -> tuple[str, str]:
    data = event.data
    if isinstance(data, ClaimBill):
        return CLAIM, f"{data.claim_id}.{data.version:03d}"
    if isinstance(data, EligibilityInquiry):
        return ELIGIBILITY, data.trace
    if isinstance(data, StatusInquiry):
        return STATUS, f"{data.claim_id}?{data.trace}"
    if isinstance(data, AppealPacket):
        return APPEAL, data.appeal_id
    if isinstance(data, GroupReceived):
        return GROUP_ACK, f"{data.group_control.zfill(9)}.{event.id}"
    if isinstance(data, InterchangeReceived):
        return INTERCHANGE_ACK, f"{data.control_number}.{event.id}"
    raise TypeError(f"{type(data).__name__} is nothing to carry")
