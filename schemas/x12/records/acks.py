"""Acknowledgements: 999 (005010X231A1) and 277CA (005010X214)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from schemas.x12.records.base import TransactionSet, Unit
from schemas.x12.records.parts import Amount, Dated, Party, Procedure, Quantity, Reference, Trace


@dataclass(slots=True)
class ElementError:
    """Loop 2110, IK4: element position (IK401-1), component, reference number, error code (IK403), copy of bad data."""

    element: int
    component: int | None = None
    reference: str = ""
    code: str = ""
    value: str = ""
    contexts: list[tuple[str, ...]] = field(default_factory=list)


@dataclass(slots=True)
class SegmentError:
    """Loop 2100, IK3: segment id, its position in the set (ST = 1), loop, error code (IK304)."""

    segment_id: str
    segment_position: int
    loop: str = ""
    code: str = ""
    contexts: list[tuple[str, ...]] = field(default_factory=list)
    elements: list[ElementError] = field(default_factory=list)


@dataclass(slots=True)
class SetAck:
    """Loop 2000, AK2 to IK5: what became of one ST. code A accepted, E with errors (accepted), R/M/W/X rejected."""

    set_id: str = "837"
    set_control_number: str = ""
    version: str = ""
    segments: list[SegmentError] = field(default_factory=list)
    code: str = "A"
    reasons: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """IK501 A or E: the transaction goes on to the payer's editing."""
        return self.code in ("A", "E")


@dataclass(slots=True)
class Ack999(TransactionSet):
    """999: answer to one functional group. AK1 names it (`functional_id`, `group_control_number` = our GS06);
    AK9: code, included, received, accepted, reasons. Sets without an AK2 share the group's code."""

    SET_ID: ClassVar[str] = "999"
    VERSION: ClassVar[str] = "005010X231A1"
    FUNCTIONAL_ID: ClassVar[str] = "FA"

    functional_id: str = "HC"
    group_control_number: str = ""
    group_version: str = ""
    sets: list[SetAck] = field(default_factory=list)
    code: str = "A"
    included: int = 0
    received: int = 0
    accepted: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class Status:
    """STC: category, code and entity of STC01; date, action (WQ accept, U reject), cents, further statuses (STC10, STC11)
    and free text (STC12). `code_list` is STC01-4 (RX for pharmacy, LOI for LOINC); `more` hold category, code and entity, and
    the code list where there is one."""

    category: str
    code: str = ""
    entity: str = ""
    code_list: str = ""
    date: dt.date | None = None
    action: str = ""
    cents: int | None = None
    paid: int | None = None
    paid_date: dt.date | None = None
    method: str = ""
    check_date: dt.date | None = None
    check_number: str = ""
    more: tuple[tuple[str, ...], ...] = ()
    text: str = ""


@dataclass(slots=True)
class LineStatus:
    """Loop 2220: status of one service line (SVC, STC, REF*FJ, DTP*472)."""

    procedure: Procedure = field(default_factory=Procedure)
    charge: int = 0
    paid: int | None = None
    revenue_code: str = ""
    units: str = ""
    statuses: list[Status] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    position: int = field(default=0, compare=False)


@dataclass(slots=True)
class ClaimStatusCA(Unit):
    """Loop 2000D (HL PT): one claim's acknowledgement. `claim_id` is TRN02, our CLM01.

    `statuses` are its STC (A1 received, A2 accepted, A3/A6/A7/A8 rejected, A4 not found, A5 split);
    payer_control_number REF*1K, clearinghouse_trace REF*D9, bill_type REF*BLT.
    """

    patient: Party | None = None
    traces: list[Trace] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    lines: list[LineStatus] = field(default_factory=list)

    @property
    def claim_id(self) -> str:
        """TRN02 under TRN*2: our CLM01."""
        return next((trace.number for trace in self.traces), "")

    @property
    def payer_control_number(self) -> str:
        """REF*1K."""
        return next((ref.value for ref in self.references if ref.qualifier == "1K"), "")

    @property
    def clearinghouse_trace(self) -> str:
        """REF*D9."""
        return next((ref.value for ref in self.references if ref.qualifier == "D9"), "")


@dataclass(slots=True)
class ProviderAck(Unit):
    """Loop 2000C (HL 19): the billing provider's part; `statuses` with A3/A7/A8 here reject all its claims."""

    provider: Party | None = None
    traces: list[Trace] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    claims: list[ClaimStatusCA] = field(default_factory=list)


@dataclass(slots=True)
class ReceiverAck(Unit):
    """Loop 2000B (HL 21): the submitter's part; `traces` hold the batch's BHT03; quantities QTY*90 accepted, QTY*AA rejected,
    amounts AMT*YU and AMT*YY. A rejecting status here rejects the whole ST."""

    receiver: Party | None = None
    traces: list[Trace] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    providers: list[ProviderAck] = field(default_factory=list)


@dataclass(slots=True)
class SourceAck(Unit):
    """Loop 2000A (HL 20): the payer or clearinghouse that answers, its TRN and dates (050 received, 009 processed)."""

    source: Party | None = None
    traces: list[Trace] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    receivers: list[ReceiverAck] = field(default_factory=list)


@dataclass(slots=True)
class ClaimAck277CA(TransactionSet):
    """277CA: per claim acknowledgement (BHT01 0085, BHT06 TH)."""

    SET_ID: ClassVar[str] = "277"
    VERSION: ClassVar[str] = "005010X214"
    FUNCTIONAL_ID: ClassVar[str] = "HN"

    structure: str = "0085"
    purpose: str = "08"
    reference_id: str = ""
    date: dt.date | None = None
    time: str = ""
    type: str = "TH"
    sources: list[SourceAck] = field(default_factory=list)

    @property
    def claims(self) -> Iterator[tuple[SourceAck, ReceiverAck, ProviderAck, ClaimStatusCA]]:
        """Every claim with its three parents."""
        for source in self.sources:
            for receiver in source.receivers:
                for provider in receiver.providers:
                    for claim in provider.claims:
                        yield source, receiver, provider, claim
