"""encounters.v1: encounters that intake accepted. Key: account."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.document import Phi
from schemas.events.envelope import EventData
from schemas.events.values import Cents, Document, Person, Provider, Value


class BilledLine(Value):
    """One charge of the encounter; `control` is the line's REF*6R on every version of the claim."""

    control: str
    procedure: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    charge: Cents
    service_date: date
    diagnosis_pointers: tuple[int, ...] = (1,)
    place_of_service: str
    ndc: str | None = None


class PayerCoverage(Value):
    """A coverage without its PHI; the member is in `EncounterPhi.members` at the same position."""

    payer_id: str
    relationship: str
    priority: int
    authorization: str | None = None
    referral: str | None = None


class Member(Phi):
    """The PHI of a coverage."""

    member_id: str
    group_number: str | None = None
    subscriber: Person


class EncounterPhi(Phi):
    """Who the patient and the guarantor are, and their memberships, in the order of `coverages`."""

    encounter_number: str
    patient_number: str
    patient: Person
    guarantor: Person
    members: tuple[Member, ...] = ()


class EncounterAccepted(EventData):
    """A valid encounter, or a valid higher revision of one."""

    TYPE: ClassVar[str] = "overturn.encounter.accepted.v1"
    TOPIC: ClassVar[str] = "encounters.v1"
    PHI: ClassVar[type[Phi] | None] = EncounterPhi

    partner: str
    partner_event_id: str
    revision: int
    patient_key: str
    """Keyed hash of partner and patient number: the key of eligibility."""
    guarantor_key: str
    """Keyed hash of partner and guarantor number: the key of patient collections."""
    coverages: tuple[PayerCoverage, ...]
    billing_provider: Provider
    rendering_provider: Provider
    referring_provider: Provider | None = None
    place_of_service: str
    diagnoses: tuple[str, ...]
    lines: tuple[BilledLine, ...]
    emergency: bool = False
    advance_notice_signed: bool = False
    documents: tuple[Document, ...] = ()
    no_claim: str | None = Field(default=None, pattern=r"^(self_pay|uncoded)$")
    """Set where the encounter makes no claim: it is counted, and a self-pay charge goes to the patient."""


class EncounterWithdrawn(EventData):
    """The partner cancelled an accepted encounter."""

    TYPE: ClassVar[str] = "overturn.encounter.withdrawn.v1"
    TOPIC: ClassVar[str] = "encounters.v1"

    partner: str
    reason: str


class EncounterReceived(EventData):
    """intake's own hop: a valid partner event, re-keyed from the partner's event id to the account."""

    TYPE: ClassVar[str] = "overturn.intake.encounter_received.v1"
    TOPIC: ClassVar[str] = "intake.accounts.v1"
    PHI: ClassVar[type[Phi] | None] = EncounterPhi

    encounter: EncounterAccepted
    topic_partition: int = 0
    topic_offset: int = 0


class CancellationReceived(EventData):
    """intake's own hop: a cancellation, re-keyed to the account."""

    TYPE: ClassVar[str] = "overturn.intake.cancellation_received.v1"
    TOPIC: ClassVar[str] = "intake.accounts.v1"

    partner: str
    partner_event_id: str
    reason: str
    topic_partition: int = 0
    topic_offset: int = 0


class RefusalReceived(EventData):
    """intake's own hop: a decodable but invalid event of a known encounter, so that the account can be counted."""

    TYPE: ClassVar[str] = "overturn.intake.refusal_received.v1"
    TOPIC: ClassVar[str] = "intake.accounts.v1"

    partner: str
    partner_event_id: str
    codes: tuple[str, ...]
