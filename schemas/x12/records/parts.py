"""Records that several transaction sets share.

All but `Party` are frozen: the reader gives equal segments one and the same object; use `dataclasses.replace`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(slots=True, frozen=True)
class Reference:
    """REF: an identification number under its qualifier (REF01, REF02, REF03, REF04)."""

    qualifier: str
    value: str = ""
    description: str = ""
    composite: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class Contact:
    """PER: whom to ask; `numbers` are (qualifier, number) pairs such as ("TE", "8005551212")."""

    function: str
    name: str = ""
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, frozen=True)
class Dated:
    """DTP or DTM: a date, or a range with `end`, under its qualifier; `text` keeps what is no plain date (times too)."""

    qualifier: str
    date: dt.date | None = None
    end: dt.date | None = None
    text: str = ""


@dataclass(slots=True, frozen=True)
class Amount:
    """AMT: a monetary amount in cents under its qualifier; it informs and never balances."""

    qualifier: str
    cents: int = 0


@dataclass(slots=True, frozen=True)
class Quantity:
    """QTY: a quantity under its qualifier."""

    qualifier: str
    value: Decimal | None = None
    unit: str = ""


@dataclass(slots=True, frozen=True)
class Trace:
    """TRN: a trace number, who gave it (TRN03), and its type (1 ours, 2 theirs)."""

    type: str
    number: str = ""
    originator: str = ""
    supplement: str = ""


@dataclass(slots=True, frozen=True)
class Adjustment:
    """One triplet of a CAS segment: group (CO, PR, OA, PI, CR), CARC, signed cents, quantity."""

    group: str
    carc: str
    cents: int
    quantity: Decimal | None = None


@dataclass(slots=True, frozen=True)
class Procedure:
    """The composite medical procedure identifier (C003): qualifier HC, AD, NU, N4, ER, IV, WK …, code, up to four modifiers."""

    qualifier: str = ""
    code: str = ""
    modifiers: tuple[str, ...] = ()
    description: str = ""
    code_end: str = ""


@dataclass(slots=True, frozen=True)
class Diagnosis:
    """One composite of HI (C022): qualifier ABK, ABF, BK, BR, BE, BH …, code, with its date, amount (cents), present-on-admission."""

    qualifier: str
    code: str
    date: dt.date | None = None
    end: dt.date | None = None
    cents: int | None = None
    quantity: Decimal | None = None
    present_on_admission: str = ""


@dataclass(slots=True, frozen=True)
class Note:
    """NTE: free text under its reference code (ADD, DCP, TPO …)."""

    code: str
    text: str = ""


@dataclass(slots=True, frozen=True)
class Attachment:
    """PWK: what supports the claim (PWK01 report type), how it is sent (PWK02) and its control number (PWK06)."""

    report: str
    transmission: str = ""
    control_number: str = ""
    id_qualifier: str = ""
    description: str = ""


@dataclass(slots=True, frozen=True)
class RawSegment:
    """A segment that the description does not name, kept as it stood; `position` counts from ISA = 1 in the file."""

    position: int
    text: str


@dataclass(slots=True)
class Party:
    """Anyone named by NM1 or N1 with what follows it: N3/N4 address, DMG, PRV, REF, PER, DTP.

    `entity` is NM101/N101 (85 billing, 87 pay-to, IL subscriber, QC patient, PR payer, PE payee, 82 rendering …),
    `kind` NM102 (1 person, 2 organisation; empty after N1), `last` holds the organisation's name as well. `delivery` is the
    835 payee's RDM by its elements.
    """

    entity: str
    kind: str = "2"
    last: str = ""
    first: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""
    id_qualifier: str = ""
    id: str = ""
    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    subdivision: str = ""
    birth_date: dt.date | None = None
    sex: str = ""
    provider_role: str = ""
    taxonomy: str = ""
    references: list[Reference] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    delivery: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name as people write it: first middle last, or the organisation."""
        return " ".join(part for part in (self.first, self.middle, self.last) if part)

    def named(self) -> Party:
        """The same as a name segment alone has it: no address, birth, numbers or contacts."""
        first, middle, prefix, suffix = self.first, self.middle, self.prefix, self.suffix
        return Party(self.entity, self.kind, self.last, first, middle, prefix, suffix, self.id_qualifier, self.id)

    def reference(self, qualifier: str) -> str:
        """The first REF02 under `qualifier`, or an empty string."""
        return next((ref.value for ref in self.references if ref.qualifier == qualifier), "")
