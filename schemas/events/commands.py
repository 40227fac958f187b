"""commands.v1: what people (or the actors that stand for them in a simulation) tell services to do.

Key: the document's own key. `source` of the envelope names who; the record's timestamp is the time.
"""

from typing import ClassVar

from pydantic import Field

from schemas.events.envelope import EventData
from schemas.events.values import Cents


class TakePatientPayment(EventData):
    """Money came from a guarantor. Key: guarantor. For patient_collections."""

    TYPE: ClassVar[str] = "overturn.command.take_patient_payment.v1"
    TOPIC: ClassVar[str] = "commands.v1"

    payment_id: str = Field(min_length=1, max_length=80)
    cents: Cents = Field(gt=0, le=999_999_999)
    method: str = Field(pattern=r"^(card|check|cash|portal)$")


class ApproveAppeal(EventData):
    """A person approves or declines an appeal that waits for approval. Key: account. For appeals."""

    TYPE: ClassVar[str] = "overturn.command.approve_appeal.v1"
    TOPIC: ClassVar[str] = "commands.v1"

    denial_id: str
    approve: bool


class ChooseWay(EventData):
    """A person overrules triage. Key: account. For denial_triage."""

    TYPE: ClassVar[str] = "overturn.command.choose_way.v1"
    TOPIC: ClassVar[str] = "commands.v1"

    denial_id: str
    way: str


class ResendClaim(EventData):
    """A person sends again, as it is, a claim that waits for them (lost, rejected or unanswered). Key: account.

    For claim_submission.
    """

    TYPE: ClassVar[str] = "overturn.command.resend_claim.v1"
    TOPIC: ClassVar[str] = "commands.v1"

    claim_id: str


class ReleaseHold(EventData):
    """A person sends a held claim as it is. Key: account. For claim_submission."""

    TYPE: ClassVar[str] = "overturn.command.release_hold.v1"
    TOPIC: ClassVar[str] = "commands.v1"

    claim_id: str
