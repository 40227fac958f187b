"""denials.v1: what triage decided. Key: account. Owner: denial_triage."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.events.claims import DeniedAmount
from schemas.events.envelope import EventData
from schemas.events.values import Cents, Document

WAYS = (
    "new_claim",
    "replacement",
    "reopening",
    "documents",
    "reconsideration",
    "appeal",
    "next_payer",
    "bill_patient",
    "write_off",
)
"""DOMAIN §6; at most one open way per denied amount."""


class DenialOpened(EventData):
    """Denied cents stand on a claim: category, whose fault, worth, ways and deadlines."""

    TYPE: ClassVar[str] = "overturn.denial.opened.v1"
    TOPIC: ClassVar[str] = "denials.v1"

    denial_id: str
    claim_id: str
    payer_id: str
    denied: tuple[DeniedAmount, ...]
    cents: Cents
    category: str
    preventable: bool
    first_answer: bool
    """False: denied later (second payer, or a takeback)."""
    ways: tuple[str, ...]
    priority: int
    """Expected value in cents per day left; higher first."""
    deadline: date


class WayChosen(EventData):
    """Go this way for this denial. Readers act on their own ways only."""

    TYPE: ClassVar[str] = "overturn.denial.way_chosen.v1"
    TOPIC: ClassVar[str] = "denials.v1"

    denial_id: str
    claim_id: str
    payer_id: str
    way: str
    attempt: int = 1
    cents: Cents
    denied: tuple[DeniedAmount, ...]
    category: str
    deadline: date
    """Last day on which the payer takes this way."""
    denied_on: date
    level: int = 1
    payer_control_number: str = ""
    accepted_on: date | None = None
    evidence: tuple[Document, ...] = ()
    chosen_by: str = Field(default="triage", pattern=r"^(triage|person)$")


class DecisionWanted(EventData):
    """Only a person can say how the denial goes on; the answer is ChooseWay. Asked again after `answer_by`."""

    TYPE: ClassVar[str] = "overturn.denial.decision_wanted.v1"
    TOPIC: ClassVar[str] = "denials.v1"

    denial_id: str
    claim_id: str
    payer_id: str
    category: str
    cents: Cents
    proposed: str = Field(default="", pattern=r"^(write_off)?$")
    """write_off: nothing else is left and more is at stake than triage may give up; empty: the table knows no way."""
    asked: int = Field(ge=1)
    """1: for the first time since the last way ended."""
    answer_by: date


class DenialClosed(EventData):
    """No open way is left, or the money came."""

    TYPE: ClassVar[str] = "overturn.denial.closed.v1"
    TOPIC: ClassVar[str] = "denials.v1"

    denial_id: str
    claim_id: str
    payer_id: str
    how: str = Field(
        pattern=r"^(recovered|recovered_in_part|adjusted|billed_patient|written_off|withdrawn|next_payer)$"
    )
    """adjusted: a later answer denies nothing any more and paid nothing for it (patient share, contractual)."""
    way: str
    recovered: Cents
    closed_on: date
