"""Request for additional information (277RFAI: 006020X313, 005010X213) and the answer (275: 006020X314, 005010X210)."""

from __future__ import annotations

import datetime as dt
from base64 import b64decode
from dataclasses import dataclass, field
from typing import ClassVar

from schemas.x12.binary import is_base64
from schemas.x12.enclosure import Enclosure, enclosed
from schemas.x12.records.acks import LineStatus, Status
from schemas.x12.records.base import TransactionSet, Unit
from schemas.x12.records.claim import RawDetail
from schemas.x12.records.parts import Attachment, Contact, Dated, Party, Reference, Trace


@dataclass(slots=True)
class ResponseAddress:
    """Loop 2210D: how (PWK01 report, PWK02 transmission) and to whom (PER, N1 with N3 and N4) the payer wants the answer."""

    attachment: Attachment | None = None
    contacts: list[Contact] = field(default_factory=list)
    party: Party | None = None


@dataclass(slots=True)
class RequestedLine(LineStatus):
    """Loop 2220D: a service line about which the payer asks (SVC, STC, REF*FJ, DTP*472), with its PWK of loop 2225D;
    `details` hold TOO by its elements."""

    details: list[RawDetail] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(slots=True)
class InformationRequest(Unit):
    """Loop 2200D with its parents: what the payer wants to know about one claim.

    `trace` is TRN*1, the payer's claim control number: the 275 gives it back as TRN*2. Each STC asks one question: category
    R0-R16, a LOINC code (`code_list` LOI), modifiers of the question in `more`. References: EJ our CLM01, BLT type of bill,
    EA medical record, D9 clearinghouse trace. Dates: 472 service, 106 answer by.
    """

    source: Party | None = None
    receiver: Party | None = None
    provider: Party | None = None
    patient: Party | None = None
    trace: Trace | None = None
    statuses: list[Status] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    addresses: list[ResponseAddress] = field(default_factory=list)
    lines: list[RequestedLine] = field(default_factory=list)

    @property
    def claim_id(self) -> str:
        """REF*EJ: our CLM01."""
        return next((ref.value for ref in self.references if ref.qualifier == "EJ"), "")

    @property
    def due(self) -> dt.date | None:
        """DTP*106: the day by which the payer wants the answer."""
        return next((item.date for item in self.dates if item.qualifier == "106"), None)

    @property
    def questions(self) -> list[Status]:
        """All that is asked, of the claim and of its lines."""
        return [*self.statuses, *(status for line in self.lines for status in line.statuses)]


@dataclass(slots=True)
class InformationRequest277(TransactionSet):
    """277RFAI, 006020X313: BHT01 0085, BHT02 08, BHT06 RQ."""

    SET_ID: ClassVar[str] = "277"
    VERSION: ClassVar[str] = "006020X313"
    FUNCTIONAL_ID: ClassVar[str] = "HN"

    structure: str = "0085"
    purpose: str = "08"
    reference_id: str = ""
    date: dt.date | None = None
    time: str = ""
    type: str = "RQ"
    requests: list[InformationRequest] = field(default_factory=list)


@dataclass(slots=True)
class InformationRequest277v5010(InformationRequest277):
    """277RFAI, 005010X213."""

    VERSION: ClassVar[str] = "005010X213"


@dataclass(slots=True)
class SubmittedDocument(Unit):
    """Loop 2000A (LX) with 2100A, 2100B and 2110B: one document of a 275.

    `trace` is TRN*2 with the payer's number of the 277RFAI, or TRN*1 with our PWK06 where nobody asked; `statuses` repeat
    the question (STC). DTP: 472 line's service date, 368 day submitted. CAT: report (AE), format (HL an HL7 document, IA an
    image, TX text, MB a binary object). `security` is EFI01 (05), `object_*` OOI (006020). `filter` is BDS01 (ASC, B64; empty
    in 005010's BIN); `content` the data as they stand in BIN02 or BDS03.
    """

    number: str = "1"
    trace: Trace | None = None
    statuses: list[Status] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    report: str = "AE"
    format: str = "HL"
    object_id: str = ""
    object_type: str = ""
    object_name: str = ""
    security: str = ""
    filter: str = ""
    content: bytes = field(default=b"", repr=False)

    @property
    def document(self) -> bytes | None:
        """The content with BDS01's filter taken off; None when B64 data are no base64."""
        if self.filter != "B64":
            return self.content
        return b64decode(b"".join(self.content.split())) if is_base64(self.content) else None

    @property
    def enclosure(self) -> Enclosure | None:
        """The document taken out of its MIME entity; None as with `document`."""
        found = self.document
        return None if found is None else enclosed(found)

    @property
    def submitted(self) -> dt.date | None:
        """DTP*368."""
        return next((item.date for item in self.dates if item.qualifier == "368"), None)


@dataclass(slots=True)
class AdditionalInformation275(TransactionSet):
    """275, 006020X314: one claim's documents. BGN01 11 answers a 277RFAI, 02 comes unasked.

    `patient.references` hold EJ (our CLM01; X1 in 006020), EA, BLT, D9; `patient.dates` DTP*472. The provider's address,
    PRV and REF stand in loop 1100C (NX1).
    """

    SET_ID: ClassVar[str] = "275"
    VERSION: ClassVar[str] = "006020X314"
    FUNCTIONAL_ID: ClassVar[str] = "PI"

    purpose: str = "11"
    reference_id: str = ""
    date: dt.date | None = None
    time: str = ""
    time_code: str = ""
    original_reference: str = ""
    payer: Party | None = None
    submitter: Party | None = None
    provider: Party | None = None
    patient: Party | None = None
    documents: list[SubmittedDocument] = field(default_factory=list)

    @property
    def claim_id(self) -> str:
        """REF*EJ, else REF*X1 of the patient: our CLM01."""
        return (self.patient.reference("EJ") or self.patient.reference("X1")) if self.patient else ""


@dataclass(slots=True)
class AdditionalInformation275v5010(AdditionalInformation275):
    """275, 005010X210: the data in BIN."""

    VERSION: ClassVar[str] = "005010X210"
