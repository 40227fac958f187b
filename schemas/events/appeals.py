"""appeals.v1: appeals and packets of documents. Key: account. Owner: appeals."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.events.envelope import EventData
from schemas.events.values import Cents


class AppealFiled(EventData):
    """A packet went out."""

    TYPE: ClassVar[str] = "overturn.appeal.filed.v1"
    TOPIC: ClassVar[str] = "appeals.v1"

    appeal_id: str
    denial_id: str
    claim_id: str
    payer_id: str
    kind: str
    level: int
    cents: Cents
    filed_on: date
    decision_expected_by: date


class AppealRefused(EventData):
    """Not filed: late, or nothing to send, or no such level, or (`no_member`) the encounter as it stands names no
    membership of this payer; triage chooses another way."""

    TYPE: ClassVar[str] = "overturn.appeal.refused.v1"
    TOPIC: ClassVar[str] = "appeals.v1"

    denial_id: str
    claim_id: str
    payer_id: str
    kind: str
    level: int
    reason: str = Field(pattern=r"^(late|no_evidence|no_such_level|not_approved|nothing_denied|no_member)$")


class AppealClosed(EventData):
    """The payer decided, or its time ran out (`no_decision`)."""

    TYPE: ClassVar[str] = "overturn.appeal.closed.v1"
    TOPIC: ClassVar[str] = "appeals.v1"

    appeal_id: str
    denial_id: str
    claim_id: str
    payer_id: str
    kind: str
    level: int
    decision: str = Field(pattern=r"^(overturned|overturned_in_part|upheld|dismissed|no_decision)$")
    reason: str
    decided_on: date
    next_level_until: date | None = None
    """Last day for the next level, where there is one."""


class ApprovalRequested(EventData):
    """An appeal is ready and waits for a person (amount above the client's limit). Key: account."""

    TYPE: ClassVar[str] = "overturn.appeal.approval_requested.v1"
    TOPIC: ClassVar[str] = "appeals.v1"

    denial_id: str
    claim_id: str
    payer_id: str
    level: int
    cents: Cents
    decide_by: date
