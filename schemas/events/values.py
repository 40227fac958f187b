"""Values that several events share. Money is signed integer cents."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.document import Frozen, Phi

AccountId = Annotated[str, StringConstraints(pattern=r"^[A-Z2-7]{16}$")]
"""Keyed hash of partner and encounter number."""
ClaimId = Annotated[str, StringConstraints(pattern=r"^[A-Z2-7]{16}[0-9]{2}$")]
"""CLM01: account id + two-digit claim number; the same for every version of the claim."""
PayerId = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Cents = int


class Value(Frozen):
    """A frozen value inside an event or a document."""


class Address(Phi):
    """A postal address (X12 N3, N4)."""

    line1: str = Field(min_length=1, max_length=55)
    line2: str | None = Field(default=None, max_length=55)
    city: str = Field(min_length=2, max_length=30)
    state: str = Field(min_length=2, max_length=2)
    postal_code: str = Field(min_length=3, max_length=15)


class Person(Phi):
    """A patient, subscriber or guarantor (X12 NM1, DMG)."""

    last_name: str = Field(min_length=1, max_length=60)
    first_name: str = Field(min_length=1, max_length=35)
    middle_name: str | None = Field(default=None, max_length=25)
    birth_date: date
    sex: str = Field(pattern=r"^[FMU]$")
    address: Address


class Provider(Value):
    """A billing, rendering or referring provider; no PHI. Names may be a person's or an organisation's."""

    npi: str = Field(pattern=r"^[0-9]{10}$")
    name: str = Field(min_length=1, max_length=60)
    first_name: str | None = Field(default=None, max_length=35)
    tax_id: str | None = Field(default=None, pattern=r"^[0-9]{9}$")
    taxonomy: str | None = Field(default=None, max_length=50)
    line1: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None


class Adjustment(Value):
    """One CAS triplet: claim adjustment group, CARC, amount, and the remark codes (RARC) that stand beside it."""

    group: str = Field(pattern=r"^(CO|PR|OA|PI|CR)$")
    carc: str = Field(min_length=1, max_length=5)
    cents: Cents
    quantity: str | None = None


class Ledger(Value):
    """DOMAIN §1: charge = the sum of the others, overpaid taken away. Signed integer cents."""

    charge: Cents = 0
    payer_paid: Cents = 0
    contractual: Cents = 0
    patient: Cents = 0
    next_payer: Cents = 0
    denied: Cents = 0
    unanswered: Cents = 0
    written_off: Cents = 0
    prior_payer_unseen: Cents = 0
    overpaid: Cents = 0

    def balanced(self) -> bool:
        """Whether every cent of the charge has exactly one place."""
        placed = self.payer_paid + self.contractual + self.patient + self.next_payer + self.denied
        return self.charge == placed + self.unanswered + self.written_off + self.prior_payer_unseen - self.overpaid

    def __add__(self, other: "Ledger") -> "Ledger":
        mine, others = self.__dict__, other.__dict__
        return Ledger.model_construct(**{name: cents + others[name] for name, cents in mine.items()})


class Document(Value):
    """A document that the partner holds for an encounter (operative note, authorisation letter, signed ABN …)."""

    kind: str = Field(min_length=1, max_length=40)
    """One of schemas/codes/document_kinds: medical_record, operative_note, authorization_letter, abn, referral …"""
    reference: str = Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")
    """The partner's own number of the document in their archive; a packet names it. It travels in clear: never a file
    name or anything else that tells who the patient is."""
    supports: tuple[str, ...] = ()
    """What it shows, as codes (for example `necessity`, `distinct_service`, `emergency`)."""
