"""Eligibility inquiry and response: 005010X279A1 (270, 271)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from schemas.x12.records.base import TransactionSet, Unit
from schemas.x12.records.parts import Amount, Dated, Diagnosis, Party, Procedure, Reference, Trace


@dataclass(slots=True)
class EligibilityQuery:
    """EQ of 2110C/2110D: service type codes (EQ01, "30" = health benefit plan coverage) or a procedure (EQ02)."""

    service_types: tuple[str, ...] = ()
    procedure: Procedure | None = None
    coverage_level: str = ""
    insurance_type: str = ""
    diagnosis_pointers: tuple[str, ...] = ()
    amounts: list[Amount] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class Relation:
    """INS: whether subscriber (INS01 Y), relationship code (INS02, 18 self, 01 spouse, 19 child), maintenance type and
    reason (INS03 001 with INS04 25 = identification was changed), student status, birth sequence."""

    subscriber: str = "Y"
    relationship: str = "18"
    maintenance_type: str = ""
    maintenance_reason: str = ""
    birth_sequence: str = ""


@dataclass(slots=True)
class EligibilityInquiry(Unit):
    """One question: payer (2100A), provider who asks (2100B), subscriber (2100C), dependent (2100D) when that is the patient."""

    source: Party | None = None
    receiver: Party | None = None
    subscriber: Party | None = None
    dependent: Party | None = None
    subscriber_traces: list[Trace] = field(default_factory=list)
    dependent_traces: list[Trace] = field(default_factory=list)
    relation: Relation | None = None
    diagnoses: list[Diagnosis] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    queries: list[EligibilityQuery] = field(default_factory=list)

    @property
    def traces(self) -> list[Trace]:
        """TRN of the patient's level, where the patient is the dependent if there is one."""
        return self.dependent_traces if self.dependent else self.subscriber_traces


@dataclass(slots=True)
class Inquiry270(TransactionSet):
    """270: BHT01 0022, BHT02 13 request, BHT03 the submitter's transaction id."""

    SET_ID: ClassVar[str] = "270"
    VERSION: ClassVar[str] = "005010X279A1"
    FUNCTIONAL_ID: ClassVar[str] = "HS"

    structure: str = "0022"
    purpose: str = "13"
    reference_id: str = ""
    date: dt.date | None = None
    time: str = ""
    type: str = ""
    subjects: list[EligibilityInquiry] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class RequestRejection:
    """AAA: why a request could not be answered; `level` is the loop it stood in (2000A, 2100A, 2100B, 2100C, 2110C …),
    `valid` AAA01, `reason` AAA03 (42, 71, 72, 73, 75 …), `follow_up` AAA04 (C correct, N do not resubmit, R, S, Y …)."""

    level: str
    valid: str = "N"
    reason: str = ""
    follow_up: str = ""


@dataclass(slots=True, frozen=True)
class ServiceDelivery:
    """HSD: quantity qualifier and quantity, unit and frequency, period qualifier and count, pattern codes."""

    quantity_qualifier: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    sample: str = ""
    period_qualifier: str = ""
    periods: str = ""
    pattern: str = ""
    time_code: str = ""


@dataclass(slots=True, frozen=True)
class BenefitInfo:
    """III: further information on a benefit (place of service under qualifier ZZ)."""

    qualifier: str
    code: str = ""
    category: str = ""
    text: str = ""


@dataclass(slots=True)
class Benefit:
    """EB of 2110C/2110D with what follows it.

    information EB01 (1 active, 6 inactive, A coinsurance, B copay, C deductible, G stop loss, R other payer, CB, I, U …),
    coverage_level EB02, service_types EB03, insurance_type EB04, plan EB05, period EB06, cents EB07, percent EB08 (0-1),
    authorization EB11 (Y, N, U), in_network EB12 (Y, N, U, W), entities = loop 2120 (other payers, primary care …).
    """

    information: str
    coverage_level: str = ""
    service_types: tuple[str, ...] = ()
    insurance_type: str = ""
    plan: str = ""
    period: str = ""
    cents: int | None = None
    percent: Decimal | None = None
    quantity_qualifier: str = ""
    quantity: Decimal | None = None
    authorization: str = ""
    in_network: str = ""
    procedure: Procedure | None = None
    diagnosis_pointers: tuple[str, ...] = ()
    deliveries: list[ServiceDelivery] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    rejections: list[RequestRejection] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    infos: list[BenefitInfo] = field(default_factory=list)
    entities: list[Party] = field(default_factory=list)


@dataclass(slots=True)
class EligibilityAnswer(Unit):
    """One answer, shaped as the question was. `rejections` are all AAA above the benefits; a subject without benefits
    and with a rejection was not found or not answered."""

    source: Party | None = None
    receiver: Party | None = None
    subscriber: Party | None = None
    dependent: Party | None = None
    subscriber_traces: list[Trace] = field(default_factory=list)
    dependent_traces: list[Trace] = field(default_factory=list)
    subscriber_relation: Relation | None = None
    dependent_relation: Relation | None = None
    diagnoses: list[Diagnosis] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    rejections: list[RequestRejection] = field(default_factory=list)
    benefits: list[Benefit] = field(default_factory=list)

    @property
    def traces(self) -> list[Trace]:
        """TRN of the patient's level; the payer gives back the number of the 270 under type 2."""
        return self.dependent_traces if self.dependent else self.subscriber_traces


@dataclass(slots=True)
class Response271(TransactionSet):
    """271: BHT01 0022, BHT02 11 response, BHT03 as in the 270."""

    SET_ID: ClassVar[str] = "271"
    VERSION: ClassVar[str] = "005010X279A1"
    FUNCTIONAL_ID: ClassVar[str] = "HB"

    structure: str = "0022"
    purpose: str = "11"
    reference_id: str = ""
    date: dt.date | None = None
    time: str = ""
    type: str = ""
    subjects: list[EligibilityAnswer] = field(default_factory=list)
