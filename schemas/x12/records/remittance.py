"""Health care claim payment/advice: 005010X221A1 (835). One ST is one payment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import ClassVar

from schemas.x12.records.base import TransactionSet, Unit
from schemas.x12.records.parts import Adjustment, Amount, Contact, Dated, Party, Procedure, Quantity, Reference


@dataclass(slots=True)
class ServicePayment:
    """Loop 2110, SVC: one adjudicated service line. Cents are signed; `paid` is SVC03.

    `submitted` is SVC06, what was billed when the payer changed the code; `units` SVC05 (1 when empty), `submitted_units`
    SVC07; `remarks` the RARCs of LQ*HE, `reject_codes` those of LQ*RX.
    """

    procedure: Procedure = field(default_factory=Procedure)
    charge: int = 0
    paid: int = 0
    revenue_code: str = ""
    units: Decimal | None = None
    submitted: Procedure | None = None
    submitted_units: Decimal | None = None
    dates: list[Dated] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    reject_codes: list[str] = field(default_factory=list)
    position: int = field(default=0, compare=False)

    @property
    def line_control_number(self) -> str:
        """REF*6R: the provider's own number of this line, as sent in the 837."""
        return next((ref.value for ref in self.references if ref.qualifier == "6R"), "")

    @property
    def service_date(self) -> dt.date | None:
        """DTM*472, else the start of the period (DTM*150)."""
        found = {entry.qualifier: entry.date for entry in self.dates}
        return found.get("472") or found.get("150")

    @property
    def service_date_end(self) -> dt.date | None:
        """DTM*151, else the service date."""
        return next((entry.date for entry in self.dates if entry.qualifier == "151"), None) or self.service_date

    @property
    def allowed(self) -> int | None:
        """AMT*B6, allowed amount in cents."""
        return next((amount.cents for amount in self.amounts if amount.qualifier == "B6"), None)


@dataclass(slots=True)
class ProviderSummary:
    """Loop 2000: LX and, for Medicare Part A, TS3 and TS2 as they came (element texts in order)."""

    number: str = "1"
    ts3: tuple[str, ...] = ()
    ts2: tuple[str, ...] = ()


@dataclass(slots=True)
class ClaimPayment835(Unit):
    """Loop 2100, CLP: the payer's answer to one claim. All amounts are signed cents.

    claim_id CLP01, status CLP02 (1-4 processed/denied, 19-21 crossed over, 22 reversal, 23 not ours, 25 predetermination),
    charge CLP03, paid CLP04, patient_responsibility CLP05, filing_indicator CLP06, payer_control_number CLP07,
    facility_code CLP08, frequency CLP09, drg CLP11, drg_weight CLP12, discharge_fraction CLP13.
    `adjustments` are the claim level CAS only; those of lines are in `lines`. `inpatient` (MIA) and `outpatient` (MOA)
    keep the element texts; `remarks` are their RARCs. `ordinal` counts the claims of the ST from 0.
    """

    claim_id: str = ""
    status: str = ""
    charge: int = 0
    paid: int = 0
    patient_responsibility: int = 0
    filing_indicator: str = ""
    payer_control_number: str = ""
    facility_code: str = ""
    frequency: str = ""
    patient_status: str = ""
    drg: str = ""
    drg_weight: str = ""
    discharge_fraction: str = ""
    adjustments: list[Adjustment] = field(default_factory=list)
    patient: Party | None = None
    subscriber: Party | None = None
    corrected_patient: Party | None = None
    rendering: Party | None = None
    crossover_carrier: Party | None = None
    corrected_payer: Party | None = None
    other_subscriber: Party | None = None
    inpatient: tuple[str, ...] = ()
    outpatient: tuple[str, ...] = ()
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    lines: list[ServicePayment] = field(default_factory=list)
    summary: ProviderSummary | None = None
    ordinal: int = field(default=0, compare=False)

    @property
    def remarks(self) -> list[str]:
        """RARCs at claim level: MIA05, MIA20-23 and MOA03-07."""
        inpatient = [self.inpatient[i - 1] for i in (5, 20, 21, 22, 23) if i <= len(self.inpatient)]
        return [code for code in (*inpatient, *self.outpatient[2:7]) if code]

    @property
    def all_adjustments(self) -> Iterator[Adjustment]:
        """Claim level adjustments, then those of every line."""
        yield from self.adjustments
        for line in self.lines:
            yield from line.adjustments

    @property
    def service_date(self) -> dt.date | None:
        """Earliest of DTM*232 and the lines' service dates."""
        days = [entry.date for entry in self.dates if entry.qualifier in ("232", "472") and entry.date]
        days += [day for line in self.lines if (day := line.service_date)]
        return min(days, default=None)

    @property
    def content_hash(self) -> str:
        """sha256 of the claim's segments as read, white space around them taken out."""
        return sha256("~".join(token.strip() for token in self.raw).encode()).hexdigest()


@dataclass(slots=True)
class ProviderAdjustment:
    """One pair of PLB: reason PLB03-1, reference PLB03-2, cents PLB04 (positive lowers the payment)."""

    provider_id: str
    fiscal_period: dt.date | None
    reason: str
    reference: str
    cents: int
    position: int = field(default=0, compare=False)


@dataclass(slots=True)
class Remittance835(TransactionSet):
    """One payment (check, EFT or advice only).

    BPR: handling BPR01, amount BPR02 in cents, credit_debit BPR03, method BPR04 (ACH, CHK, NON …), date BPR16;
    TRN: trace TRN02, trace_payer_id TRN03, trace_supplement TRN04. `claims` is a list after `read`; a lazy, once-only
    iterable when streaming. `provider_adjustments` (PLB) stand behind the claims, so they are complete only after them.
    """

    SET_ID: ClassVar[str] = "835"
    VERSION: ClassVar[str] = "005010X221A1"
    FUNCTIONAL_ID: ClassVar[str] = "HP"

    handling: str = "I"
    amount: int = 0
    credit_debit: str = "C"
    method: str = "CHK"
    payment_format: str = ""
    sender_dfi_qualifier: str = ""
    sender_dfi: str = ""
    sender_account_qualifier: str = ""
    sender_account: str = ""
    originator_id: str = ""
    originator_supplement: str = ""
    receiver_dfi_qualifier: str = ""
    receiver_dfi: str = ""
    receiver_account_qualifier: str = ""
    receiver_account: str = ""
    date: dt.date | None = None
    trace_type: str = "1"
    trace: str = ""
    trace_payer_id: str = ""
    trace_supplement: str = ""
    currency: tuple[str, ...] = ()
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    payer: Party | None = None
    payee: Party | None = None
    claims: list[ClaimPayment835] = field(default_factory=list)
    provider_adjustments: list[ProviderAdjustment] = field(default_factory=list)

    @property
    def payer_identity(self) -> str:
        """Who pays: TRN03, else N104 of the payer, else its name (DOMAIN §4, check identity)."""
        payer = self.payer
        return self.trace_payer_id or (payer.id or payer.last if payer else "")

    @property
    def identity(self) -> tuple[str, str, int, str]:
        """Check identity: payer, TRN02, BPR02 in cents, BPR16 as ISO date (empty when absent)."""
        return self.payer_identity, self.trace, self.amount, self.date.isoformat() if self.date else ""
