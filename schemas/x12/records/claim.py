"""Health care claims: 837P (005010X222A1), 837I (005010X223A2), 837D (005010X224A2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from schemas.x12.records.base import TransactionSet, Unit
from schemas.x12.records.parts import (
    Adjustment,
    Amount,
    Attachment,
    Dated,
    Diagnosis,
    Note,
    Party,
    Procedure,
    Quantity,
    Reference,
)


@dataclass(slots=True)
class BillingProvider:
    """Loop 2000A: `provider` 2010AA (NM1*85; tax id REF*EI or SY), `taxonomy` PRV*BI, pay-to address and plan."""

    provider_role: str = "BI"
    taxonomy: str = ""
    provider: Party | None = None
    currency: str = ""
    pay_to: Party | None = None
    pay_to_plan: Party | None = None


@dataclass(slots=True)
class Subscriber:
    """Loop 2000B: SBR (sequence SBR01 P/S/T …, relationship SBR02 18 when the subscriber is the patient, group number
    SBR03, group name SBR04, insurance type SBR05, filing indicator SBR09), PAT, `person` 2010BA, `payer` 2010BB."""

    sequence: str = "P"
    relationship: str = ""
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    coordination: str = ""
    filing_indicator: str = ""
    death_date: dt.date | None = None
    weight: Decimal | None = None
    pregnant: str = ""
    person: Party | None = None
    payer: Party | None = None


@dataclass(slots=True)
class Patient:
    """Loop 2000C: PAT01 relationship to the subscriber (01 spouse, 19 child …) and the person of 2010CA."""

    relationship: str = ""
    death_date: dt.date | None = None
    weight: Decimal | None = None
    pregnant: str = ""
    person: Party | None = None


@dataclass(slots=True)
class OtherPayer:
    """Loop 2320: another payer of this claim (SBR, CAS, AMT*D paid, AMT*A8 non-covered, AMT*EAF remaining, OI, MIA, MOA),
    its subscriber (2330A) and itself (2330B: id = NM109, adjudication date DTP*573, its number REF*F8, REF*G1)."""

    sequence: str = "P"
    relationship: str = "18"
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    coordination: str = ""
    filing_indicator: str = ""
    adjustments: list[Adjustment] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    assignment: str = "Y"
    release: str = "Y"
    signature_source: str = ""
    inpatient: tuple[str, ...] = ()
    outpatient: tuple[str, ...] = ()
    person: Party | None = None
    payer: Party | None = None
    providers: list[Party] = field(default_factory=list)

    @property
    def adjudication_date(self) -> dt.date | None:
        """DTP*573 of 2330B."""
        return (
            next((entry.date for entry in self.payer.dates if entry.qualifier == "573"), None) if self.payer else None
        )

    def amount(self, qualifier: str) -> int | None:
        """Cents of AMT under `qualifier`: D payer paid, A8 total non-covered, EAF remaining patient liability."""
        return next((entry.cents for entry in self.amounts if entry.qualifier == qualifier), None)


@dataclass(slots=True)
class LineAdjudication:
    """Loop 2430, SVD: what another payer (SVD01 = NM109 of its 2330B) did with this line; `paid` SVD02, DTP*573, AMT*EAF."""

    payer_id: str
    paid: int = 0
    procedure: Procedure | None = None
    revenue_code: str = ""
    units: Decimal | None = None
    bundled_line: str = ""
    adjustments: list[Adjustment] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    remaining: int | None = None


@dataclass(slots=True)
class Drug:
    """Loop 2410: LIN03 under LIN02 (N4 = 11-digit NDC), CTP04 quantity, CTP05 unit (F2, GR, ME, ML, UN), REF*XZ."""

    code: str
    qualifier: str = "N4"
    quantity: Decimal | None = None
    unit: str = ""
    references: list[Reference] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class RawDetail:
    """A segment kept by its element texts because few callers look inside: CR1, CRC, CR3, CN1, HCP, MEA, PS1, CL1, FRM …"""

    tag: str
    elements: tuple[str, ...] = ()


@dataclass(slots=True)
class Form:
    """Loop 2440, LQ: a supporting form (LQ01 AS or UT, LQ02 its number) with its answers (FRM) in `details`."""

    code_list: str = ""
    code: str = ""
    details: list[RawDetail] = field(default_factory=list)


@dataclass(slots=True)
class ServiceLine:
    """Loop 2400: one line. `number` is LX01, `control_number` REF*6R (ours, kept across versions), charge in cents.

    Professional SV1: unit (UN, MJ), units, place_of_service SV105, pointers SV107 (1-12), emergency SV109, epsdt, family.
    Institutional SV2: revenue_code SV201, procedure SV202, non_covered SV207. Dental SV3: oral_cavity SV304,
    prosthesis SV305, teeth TOO (tooth, surfaces). `details` holds further segments by their element texts.
    """

    procedure: Procedure = field(default_factory=Procedure)
    charge: int = 0
    unit: str = "UN"
    units: Decimal | None = None
    place_of_service: str = ""
    pointers: tuple[int, ...] = ()
    emergency: str = ""
    epsdt: str = ""
    family_planning: str = ""
    copay_exempt: str = ""
    revenue_code: str = ""
    non_covered: int | None = None
    oral_cavity: tuple[str, ...] = ()
    prosthesis: str = ""
    teeth: list[tuple[str, ...]] = field(default_factory=list)
    number: int = 0
    attachments: list[Attachment] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    details: list[RawDetail] = field(default_factory=list)
    drug: Drug | None = None
    providers: list[Party] = field(default_factory=list)
    adjudications: list[LineAdjudication] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    position: int = field(default=0, compare=False)

    @property
    def control_number(self) -> str:
        """REF*6R, our line number that the 835 gives back."""
        return next((ref.value for ref in self.references if ref.qualifier == "6R"), "")

    @property
    def service_date(self) -> dt.date | None:
        """DTP*472, first day."""
        return next((entry.date for entry in self.dates if entry.qualifier == "472"), None)

    @property
    def service_date_end(self) -> dt.date | None:
        """DTP*472, last day."""
        entry = next((entry for entry in self.dates if entry.qualifier == "472"), None)
        return (entry.end or entry.date) if entry else None


@dataclass(slots=True)
class Claim837(Unit):
    """Loop 2300 with its parents. `claim_id` CLM01, charge CLM02 in cents, facility_code and frequency CLM05-1/-3
    (frequency 1 original, 7 replacement, 8 void; 7 and 8 need REF*F8 = the payer's number).

    `references`: F8 payer control number, G1 prior authorisation, 9F referral, D9 clearinghouse trace, EA record number,
    4N, EW, P4 …; `diagnoses` HI in order (pointers count from 1); `patient_paid` AMT*F5 in cents; `providers` 2310 loops
    by NM101 (DN referring, P3, 82 rendering, 77 facility, DQ supervising, 71 attending, 72 operating …).
    """

    claim_id: str = ""
    charge: int = 0
    facility_code: str = ""
    facility_qualifier: str = "B"
    frequency: str = "1"
    signature: str = "Y"
    assignment: str = "A"
    benefits_assigned: str = "Y"
    release: str = "Y"
    signature_source: str = ""
    related_causes: tuple[str, ...] = ()
    special_program: str = ""
    delay_reason: str = ""
    billing: BillingProvider = field(default_factory=BillingProvider)
    subscriber: Subscriber = field(default_factory=Subscriber)
    patient: Patient | None = None
    dates: list[Dated] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    patient_paid: int | None = None
    references: list[Reference] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    details: list[RawDetail] = field(default_factory=list)
    diagnoses: list[Diagnosis] = field(default_factory=list)
    providers: list[Party] = field(default_factory=list)
    other_payers: list[OtherPayer] = field(default_factory=list)
    lines: list[ServiceLine] = field(default_factory=list)
    ordinal: int = field(default=0, compare=False)

    def reference(self, qualifier: str) -> str:
        """The first REF02 of loop 2300 under `qualifier`, or an empty string."""
        return next((ref.value for ref in self.references if ref.qualifier == qualifier), "")

    def provider(self, entity: str) -> Party | None:
        """The claim level provider with this NM101: 82 rendering, DN referring, 77 service facility, DQ supervising …"""
        return next((party for party in self.providers if party.entity == entity), None)

    @property
    def payer_control_number(self) -> str:
        """REF*F8: the payer's number of the claim that this one replaces or voids."""
        return self.reference("F8")

    @property
    def prior_authorization(self) -> str:
        """REF*G1."""
        return self.reference("G1")

    @property
    def patient_person(self) -> Party | None:
        """Who was treated: the patient of 2010CA, else the subscriber."""
        return self.patient.person if self.patient else self.subscriber.person


@dataclass(slots=True)
class Claim837P(Claim837):
    """A professional claim (CMS-1500)."""


@dataclass(slots=True)
class Claim837I(Claim837):
    """An institutional claim (UB-04): CLM05-1 with CLM05-2 = A is the type of bill; value, occurrence and condition codes
    stand in `diagnoses` under BE, BH, BI, BG; CL1 in `details`."""


@dataclass(slots=True)
class Claim837D(Claim837):
    """A dental claim: DN1 and DN2 in `details`."""


@dataclass(slots=True)
class Claims837(TransactionSet):
    """One 837 ST: BHT (structure 0019, purpose BHT02 00 original, reference_id BHT03, type BHT06 CH or RP), submitter 1000A,
    receiver 1000B. Claims with equal parents in a row share their HL; the writer numbers HL itself."""

    SET_ID: ClassVar[str] = "837"
    FUNCTIONAL_ID: ClassVar[str] = "HC"

    structure: str = "0019"
    purpose: str = "00"
    reference_id: str = ""
    date: dt.date | None = None
    time: str = ""
    type: str = "CH"
    submitter: Party | None = None
    receiver: Party | None = None


@dataclass(slots=True)
class Claims837P(Claims837):
    """837P, 005010X222A1."""

    VERSION: ClassVar[str] = "005010X222A1"
    claims: list[Claim837P] = field(default_factory=list)


@dataclass(slots=True)
class Claims837I(Claims837):
    """837I, 005010X223A2."""

    VERSION: ClassVar[str] = "005010X223A2"
    claims: list[Claim837I] = field(default_factory=list)


@dataclass(slots=True)
class Claims837D(Claims837):
    """837D, 005010X224A2."""

    VERSION: ClassVar[str] = "005010X224A2"
    claims: list[Claim837D] = field(default_factory=list)
