"""payer.outbound.v1: what the clearinghouse must carry to a payer. Key: account, or patient for a 270."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.document import Phi
from schemas.events.encounters import BilledLine, Member, PayerCoverage
from schemas.events.envelope import EventData
from schemas.events.values import Adjustment, Cents, Document, Person, Provider, Value


class InquiryPhi(Phi):
    """The member asked about; the patient where they are not the subscriber."""

    patient: Person
    member: Member


class EligibilityInquiry(EventData):
    """A 270 to send. `trace` (TRN02) comes back in the 271: patient key + two digits."""

    TYPE: ClassVar[str] = "overturn.payer.eligibility_inquiry.v1"
    TOPIC: ClassVar[str] = "payer.outbound.v1"
    PHI: ClassVar[type[Phi] | None] = InquiryPhi

    payer_id: str
    trace: str
    relationship: str
    service_date: date
    provider: Provider
    service_types: tuple[str, ...] = ("30",)


class PriorPayment(Value):
    """How an earlier payer adjudicated a line (loop 2430); later issues send secondary claims."""

    payer_id: str
    control: str
    paid: Cents
    adjustments: tuple[Adjustment, ...]
    adjudicated_on: date


class BillPhi(Phi):
    """The people of a claim."""

    patient_number: str
    patient: Person
    members: tuple[Member, ...]
    """In the order of `coverages`."""


class ClaimBill(EventData):
    """A claim to send as 837P; one event a version. The bytes are the clearinghouse's."""

    TYPE: ClassVar[str] = "overturn.payer.claim_bill.v1"
    TOPIC: ClassVar[str] = "payer.outbound.v1"
    PHI: ClassVar[type[Phi] | None] = BillPhi

    claim_id: str
    version: int
    frequency: str = Field(pattern=r"^[178]$")
    """CLM05-3: 1 original, 7 replacement, 8 void."""
    payer_id: str
    payer_control_number: str | None = None
    """REF*F8, required by frequency 7 and 8."""
    charge: Cents
    coverages: tuple[PayerCoverage, ...]
    """Destination payer first."""
    billing_provider: Provider
    rendering_provider: Provider
    referring_provider: Provider | None = None
    place_of_service: str
    diagnoses: tuple[str, ...]
    lines: tuple[BilledLine, ...]
    emergency: bool = False
    prior_payments: tuple[PriorPayment, ...] = ()
    delay_reason: str | None = None


class StatusInquiry(EventData):
    """A 276 to send for a claim that stays unanswered."""

    TYPE: ClassVar[str] = "overturn.payer.status_inquiry.v1"
    TOPIC: ClassVar[str] = "payer.outbound.v1"
    PHI: ClassVar[type[Phi] | None] = InquiryPhi

    claim_id: str
    trace: str
    payer_id: str
    payer_control_number: str | None = None
    charge: Cents
    service_date: date
    provider: Provider


class AppealPhi(Phi):
    """Whose claim is appealed."""

    patient: Person
    member: Member


class AppealPacket(EventData):
    """An appeal, or a set of requested documents, to deliver to the payer's addressee."""

    TYPE: ClassVar[str] = "overturn.payer.appeal_packet.v1"
    TOPIC: ClassVar[str] = "payer.outbound.v1"
    PHI: ClassVar[type[Phi] | None] = AppealPhi

    appeal_id: str
    claim_id: str
    payer_id: str
    payer_control_number: str
    kind: str
    """appeal | documents | reconsideration | reopening."""
    level: int
    addressee: str
    denied: Cents
    lines: tuple[str, ...]
    """Line controls (REF*6R); empty: the whole claim."""
    codes: tuple[str, ...]
    """Group-CARC and RARCs appealed, for example `CO-197`, `M62`."""
    grounds: str
    """A code from schemas/codes/appeal_grounds."""
    statement: str
    """The argument, without PHI."""
    evidence: tuple[Document, ...]
    denied_on: date
