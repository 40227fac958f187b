"""Something to carry → the text that a file takes over of it, made when it comes.

A claim or an inquiry becomes the segments of a set of its own, a packet its JSON. What cannot be written ends here, alone:
`Unsendable`. Whether the guide would have it so is judged when the lane closes (`closing`), many at a time.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from schemas.events.envelope import Event
from schemas.events.lanes import GroupReceived, InterchangeReceived
from schemas.events.payer_outbound import AppealPacket, ClaimBill, EligibilityInquiry, StatusInquiry
from schemas.x12 import Claims837P, Delimiters, Diagnostic, Inquiry270, StatusRequest276, TransactionSet, X12WriteError
from schemas.x12.envelopes import ack_texts
from schemas.x12.writer import compose
from services.clearinghouse.domain import envelope270, envelope276, envelope837, envelope999
from services.clearinghouse.domain.lane import Sender

DELIMITERS = Delimiters()
COMPANION_SNIP = 7
MAX_CODES = 20
"""Codes kept of one refusal."""


class Unsendable(Exception):
    """It cannot be written. `codes` say why: `guide:2010AA N403`, `writer:KeyError`; never a value."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


def text_of(event: Event[Any, Any], sender: Sender) -> str:
    """What a file takes over of what the event asks to carry; raises Unsendable, whatever goes wrong."""
    try:
        return TEXTS[type(event.data)](event, sender)
    except X12WriteError as refused:
        raise Unsendable(spoken(refused.diagnostics)) from None
    except Exception as error:  # noqa: BLE001 - one that cannot be written may hold up no other
        raise Unsendable((f"writer:{type(error).__name__}",)) from None


def spoken(findings: Iterable[Diagnostic]) -> tuple[str, ...]:
    """Findings as codes: `guide:` loop and element, `companion:` rule."""
    return tuple(dict.fromkeys(_codes(findings)))[:MAX_CODES]


def _codes(findings: Iterable[Diagnostic]) -> Iterator[str]:
    for finding in findings:
        if finding.snip == COMPANION_SNIP:
            yield f"companion:{finding.code}"
        else:
            yield f"guide:{' '.join(filter(None, (finding.loop, finding.element)))}"


def _segments(transaction: TransactionSet) -> str:
    made = compose(transaction, DELIMITERS)
    if made.diagnostics:
        raise X12WriteError(made.diagnostics)
    return DELIMITERS.segment.join(made.segments)


def _claim(event: Event[Any, Any], sender: Sender) -> str:
    return _segments(Claims837P(claims=[envelope837.claim(event.data, event.phi, sender)]))


def _eligibility(event: Event[Any, Any], sender: Sender) -> str:
    return _segments(Inquiry270(subjects=[envelope270.subject(event.data, event.phi, sender)]))


def _status(event: Event[Any, Any], sender: Sender) -> str:
    return _segments(StatusRequest276(subjects=[envelope276.subject(event.data, event.phi, sender)]))


def _group_ack(event: Event[Any, Any], _: Sender) -> str:
    return _segments(envelope999.group_ack(event.data))


def _interchange_ack(event: Event[Any, Any], _: Sender) -> str:
    return DELIMITERS.element.join(ack_texts(envelope999.interchange_ack(event.data)))


def _packet(event: Event[Any, Any], _: Sender) -> str:
    people = event.phi.model_dump(mode="json") if event.phi is not None else {}
    return json.dumps({"data": event.data.model_dump(mode="json"), "phi": people}, ensure_ascii=False)


TEXTS: dict[type[Any], Callable[[Event[Any, Any], Sender], str]] = {
    ClaimBill: _claim,
    EligibilityInquiry: _eligibility,
    StatusInquiry: _status,
    AppealPacket: _packet,
    GroupReceived: _group_ack,
    InterchangeReceived: _interchange_ack,
}
