"""patient_collections' topics: account → guarantor, and what became of the guarantor's balance."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.document import Phi
from schemas.events.envelope import EventData
from schemas.events.values import Cents, Person


class GuarantorPhi(Phi):
    """Whom to bill."""

    guarantor: Person


class AccountBalance(EventData):
    """What the patient owes on an account now, or why it must not be asked for. Key: guarantor."""

    TYPE: ClassVar[str] = "overturn.patient.account_balance.v1"
    TOPIC: ClassVar[str] = "patient_collections.guarantors.v1"
    PHI: ClassVar[type[Phi] | None] = GuarantorPhi

    account: str
    owed: Cents
    """The claims' patient cents (self-pay charges too); may fall."""
    held: bool
    """Another payer, an appeal or a denial may still change it: no statement."""
    hold_reasons: tuple[str, ...] = ()
    service_date: date
    revision: int
    """Of the account's document: an older one changes nothing."""


class StatementIssued(EventData):
    """A statement went to the guarantor's door. Key: guarantor."""

    TYPE: ClassVar[str] = "overturn.patient.statement_issued.v1"
    TOPIC: ClassVar[str] = "patients.v1"

    statement_id: str
    cycle: int
    cents: Cents
    issued_on: date
    due_on: date


class PatientPaymentApplied(EventData):
    """Patient cash found its accounts, or is unapplied. Key: guarantor."""

    TYPE: ClassVar[str] = "overturn.patient.payment_applied.v1"
    TOPIC: ClassVar[str] = "patients.v1"

    payment_id: str
    cents: Cents
    applied: Cents
    unapplied: Cents
    received_on: date


class CollectionEnded(EventData):
    """Nothing more will be asked on this balance: paid, forgiven, or bad debt. Key: guarantor."""

    TYPE: ClassVar[str] = "overturn.patient.collection_ended.v1"
    TOPIC: ClassVar[str] = "patients.v1"

    how: str = Field(pattern=r"^(paid|forgiven|bad_debt)$")
    cents: Cents
    ended_on: date
