"""Claim status inquiry and response: 005010X212 (276, 277)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import ClassVar

from schemas.x12.records.acks import LineStatus, Status
from schemas.x12.records.base import TransactionSet, Unit
from schemas.x12.records.parts import Amount, Dated, Party, Reference, Trace


@dataclass(slots=True)
class ClaimInquiry:
    """Loop 2200D/E of the 276: TRN, REF (1K payer's number, BLT, EJ account, XZ, D9), AMT*T3, DTP*472, lines 2210."""

    trace: Trace | None = None
    references: list[Reference] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    lines: list[LineStatus] = field(default_factory=list)


@dataclass(slots=True)
class StatusInquiry(Unit):
    """One patient asked about: payer 2100A, receiver 2100B, provider 2100C, subscriber 2100D, dependent 2100E."""

    source: Party | None = None
    receiver: Party | None = None
    provider: Party | None = None
    subscriber: Party | None = None
    dependent: Party | None = None
    claims: list[ClaimInquiry] = field(default_factory=list)


@dataclass(slots=True)
class StatusRequest276(TransactionSet):
    """276: BHT01 0010, BHT02 13."""

    SET_ID: ClassVar[str] = "276"
    VERSION: ClassVar[str] = "005010X212"
    FUNCTIONAL_ID: ClassVar[str] = "HR"

    structure: str = "0010"
    purpose: str = "13"
    reference_id: str = ""
    date: dt.date | None = None
    time: str = ""
    type: str = ""
    subjects: list[StatusInquiry] = field(default_factory=list)


@dataclass(slots=True)
class ClaimStatus:
    """Loop 2200D/E of the 277: the trace of the 276 (TRN*2), STC, REF, DTP*472, lines 2220."""

    trace: Trace | None = None
    statuses: list[Status] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    lines: list[LineStatus] = field(default_factory=list)

    @property
    def payer_control_number(self) -> str:
        """REF*1K."""
        return next((ref.value for ref in self.references if ref.qualifier == "1K"), "")


@dataclass(slots=True)
class StatusAnswer(Unit):
    """One patient answered. Statuses at receiver (2200B) or provider (2200C) level say why nobody below was looked at."""

    source: Party | None = None
    receiver: Party | None = None
    receiver_traces: list[Trace] = field(default_factory=list)
    receiver_statuses: list[Status] = field(default_factory=list)
    provider: Party | None = None
    provider_traces: list[Trace] = field(default_factory=list)
    provider_statuses: list[Status] = field(default_factory=list)
    subscriber: Party | None = None
    dependent: Party | None = None
    claims: list[ClaimStatus] = field(default_factory=list)


@dataclass(slots=True)
class StatusResponse277(TransactionSet):
    """277: BHT01 0010, BHT02 08, BHT06 DG."""

    SET_ID: ClassVar[str] = "277"
    VERSION: ClassVar[str] = "005010X212"
    FUNCTIONAL_ID: ClassVar[str] = "HN"

    structure: str = "0010"
    purpose: str = "08"
    reference_id: str = ""
    date: dt.date | None = None
    time: str = ""
    type: str = "DG"
    subjects: list[StatusAnswer] = field(default_factory=list)


@dataclass(slots=True)
class PendingStatus277(StatusResponse277):
    """277 pending, 005010X228: nobody asked. BHT01 0085, BHT06 NO; a subject's patient is its `subscriber`, a claim's trace
    the payer's (TRN*1), its REF*EJ our CLM01, DTP*106 or 050 a day the payer names."""

    VERSION: ClassVar[str] = "005010X228"

    structure: str = "0085"
    type: str = "NO"
