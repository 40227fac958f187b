"""Health care services review, request and response: 005010X217 (278)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import ClassVar

from schemas.x12.records.base import TransactionSet, Unit
from schemas.x12.records.claim import RawDetail
from schemas.x12.records.eligibility import Relation, RequestRejection, ServiceDelivery
from schemas.x12.records.parts import Attachment, Dated, Diagnosis, Party, Reference, Trace


@dataclass(slots=True, frozen=True)
class Decision:
    """HCR: action (A1 certified, A2 partly, A3 not certified, A4 pended, A6 modified, C cancelled, CT contact payer, NA none
    needed), authorisation number HCR02, reason HCR03, second surgical opinion HCR04."""

    action: str
    number: str = ""
    reason: str = ""
    second_opinion: str = ""


@dataclass(slots=True)
class ReviewedService:
    """Loop 2000F (HL SS): one service asked for or decided on; `details` hold SV1, SV2, SV3 and TOO by their elements."""

    category: str = ""
    certification: str = ""
    service_type: str = ""
    facility: tuple[str, ...] = ()
    level: str = ""
    traces: list[Trace] = field(default_factory=list)
    rejections: list[RequestRejection] = field(default_factory=list)
    decision: Decision | None = None
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    details: list[RawDetail] = field(default_factory=list)
    deliveries: list[ServiceDelivery] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    providers: list[Party] = field(default_factory=list)
    related_causes: tuple[str, ...] = ()
    condition: str = ""
    prognosis: str = ""
    release: str = ""
    delay_reason: str = ""


@dataclass(slots=True)
class Review(Unit):
    """One patient event (2000E, HL EV) with whom it concerns: payer's reviewer 2010A, requester 2010B, subscriber 2010C,
    dependent 2010D.

    UM: category UM01 (AR admission, HS services, SC specialty), certification UM02 (I initial, 3 cancel, 4 extension, R renewal),
    service_type UM03, facility UM04, related causes UM05, level UM06 (emergency, urgent), condition UM07, prognosis UM08,
    release of information UM09, delay reason UM10. REF*BB is an earlier authorisation number.
    """

    category: str = ""
    certification: str = ""
    service_type: str = ""
    facility: tuple[str, ...] = ()
    level: str = ""
    source: Party | None = None
    requester: Party | None = None
    subscriber: Party | None = None
    subscriber_relation: Relation | None = None
    dependent: Party | None = None
    dependent_relation: Relation | None = None
    traces: list[Trace] = field(default_factory=list)
    rejections: list[RequestRejection] = field(default_factory=list)
    decision: Decision | None = None
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    diagnoses: list[Diagnosis] = field(default_factory=list)
    deliveries: list[ServiceDelivery] = field(default_factory=list)
    details: list[RawDetail] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    providers: list[Party] = field(default_factory=list)
    services: list[ReviewedService] = field(default_factory=list)
    related_causes: tuple[str, ...] = ()
    condition: str = ""
    prognosis: str = ""
    release: str = ""
    delay_reason: str = ""


@dataclass(slots=True)
class Review278(TransactionSet):
    """278: BHT01 0007, BHT02 13 request or 11 response, BHT06 18 response without further updates, 19 with."""

    SET_ID: ClassVar[str] = "278"
    VERSION: ClassVar[str] = "005010X217"
    FUNCTIONAL_ID: ClassVar[str] = "HI"

    structure: str = "0007"
    purpose: str = "13"
    reference_id: str = ""
    date: dt.date | None = None
    time: str = ""
    type: str = ""
    reviews: list[Review] = field(default_factory=list)

    @property
    def is_response(self) -> bool:
        """BHT02 11."""
        return self.purpose == "11"
