"""The public contract with partners: what they publish, and what we answer. Topics `partner.<id>.*`.

Partner topics are read by intake alone. Their events carry patients in clear inside `data`: the broker's ACL lets
one partner write one topic, intake encrypts what it accepts before it rests anywhere of ours.
"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, StringConstraints

from schemas.document import Phi
from schemas.events.envelope import EventData
from schemas.events.values import Cents, Document, Person, Provider, Value

Modifier = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2}$")]
DiagnosisCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9][0-9A-Z]{1,5}$")]
"""ICD-10-CM without the dot."""


class Strict(Phi):
    """A part of the public contract: unknown fields are refused, so that a typing error is seen and not lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ServiceLine(Strict):
    """One charge (837P loop 2400)."""

    procedure: str = Field(default="", pattern=r"^([A-Z0-9]{5})?$")
    """HCPCS or CPT code; empty while the line is uncoded."""
    modifiers: tuple[Modifier, ...] = Field(default=(), max_length=4)
    units: int = Field(default=1, ge=1, le=9999)
    charge_cents: Cents = Field(ge=0, le=999_999_999)
    """The charge of the whole line, integer cents."""
    service_date: date
    diagnosis_pointers: tuple[int, ...] = Field(default=(1,), min_length=1, max_length=4)
    """Positions in the encounter's diagnoses, from 1."""
    place_of_service: str | None = Field(default=None, pattern=r"^[0-9]{2}$")
    """CMS place of service code, where it differs from the encounter's."""
    ndc: str | None = Field(default=None, pattern=r"^[0-9]{11}$")


class Coverage(Strict):
    """One insurance of the patient, as the front desk knows it."""

    payer_id: str = Field(min_length=1, max_length=80)
    member_id: str = Field(min_length=1, max_length=80)
    group_number: str | None = Field(default=None, max_length=50)
    relationship: str = Field(default="self", pattern=r"^(self|spouse|child|other)$")
    subscriber: Person | None = None
    """Required unless the patient is the subscriber."""
    priority: int = Field(default=1, ge=1, le=11)
    authorization: str | None = Field(default=None, max_length=50)
    """Prior authorisation number that this payer gave (REF*G1)."""
    referral: str | None = Field(default=None, max_length=50)


class Patient(Strict):
    """Who was treated."""

    patient_number: str = Field(min_length=1, max_length=50)
    """The partner's own number of the patient."""
    person: Person


class Guarantor(Strict):
    """Who pays the patient's share; the patient where absent."""

    guarantor_number: str = Field(min_length=1, max_length=50)
    person: Person


class EncounterSubmitted(EventData):
    """A coded encounter, or a later revision of one. `subject` is the partner's own key; `id` is unique for ever."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    TYPE: ClassVar[str] = "overturn.partner.encounter.v1"
    TOPIC: ClassVar[str] = "partner.{partner}.encounters.v1"

    encounter_number: str = Field(min_length=1, max_length=50)
    revision: int = Field(default=1, ge=1, le=999)
    """A higher revision replaces the encounter as a whole (a correction)."""
    patient: Patient
    guarantor: Guarantor | None = None
    coverages: tuple[Coverage, ...] = Field(default=(), max_length=3)
    """Empty: self-pay."""
    billing_provider: Provider
    rendering_provider: Provider
    referring_provider: Provider | None = None
    place_of_service: str = Field(pattern=r"^[0-9]{2}$")
    diagnoses: tuple[DiagnosisCode, ...] = Field(default=(), max_length=24)
    lines: tuple[ServiceLine, ...] = Field(min_length=1, max_length=200)
    emergency: bool = False
    advance_notice_signed: bool = False
    """The patient signed an advance notice of non-coverage (modifier GA)."""
    documents: tuple[Document, ...] = Field(default=(), max_length=50)


class EncounterCancelled(EventData):
    """The encounter did not take place or must not be billed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    TYPE: ClassVar[str] = "overturn.partner.encounter_cancelled.v1"
    TOPIC: ClassVar[str] = "partner.{partner}.encounters.v1"

    encounter_number: str = Field(min_length=1, max_length=50)
    reason: str = Field(pattern=r"^(cancelled|entered_in_error|not_billable)$")


class Reason(Value):
    """Why an event was refused: code, JSON pointer into the event, and what to do. Never a value of the event."""

    code: str
    path: str
    remedy: str


class EncounterRejected(EventData):
    """Our answer to an event that intake refused; keyed by the partner's event id."""

    TYPE: ClassVar[str] = "overturn.partner.rejection.v1"
    TOPIC: ClassVar[str] = "partner.{partner}.rejections.v1"

    event_id: str
    reasons: tuple[Reason, ...] = Field(min_length=1)
    topic_partition: int
    topic_offset: int


class CorrectionRequested(EventData):
    """We need a corrected revision of an encounter; the partner answers with a higher `revision`, or not at all."""

    TYPE: ClassVar[str] = "overturn.partner.correction_requested.v1"
    TOPIC: ClassVar[str] = "partner.{partner}.requests.v1"

    event_id: str
    """Id of the partner's own event that we accepted last for this encounter."""
    account: str
    cause: str = Field(pattern=r"^(held|rejected|denied)$")
    codes: tuple[str, ...]
    """Machine-readable: our edit codes, 277CA status codes (`A7:164`), or CARC and RARC (`CO-16`, `M51`)."""
    answer_by: date
