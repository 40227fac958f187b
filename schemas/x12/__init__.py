"""The HIPAA X12 005010 codec: `read` and `write` interchanges of typed records.

`read(data)` gives a `Reading`; `for tx in read(data).transactions()` gives typed transaction sets, each with `.diagnostics`;
nothing is raised for what a file holds. `write(interchange)` gives bytes, or raises `X12WriteError` with the diagnostics.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schemas.x12.acknowledge import answers_group, make999, make_ta1, verdict
    from schemas.x12.balance import balance_claim, balance_line, balance_payment
    from schemas.x12.balance_837 import balance_submission
    from schemas.x12.delimiters import Delimiters
    from schemas.x12.diagnostics import Diagnostic, X12WriteError, errors
    from schemas.x12.enclosure import Enclosure, enclose, enclosed
    from schemas.x12.reading import Reading, read
    from schemas.x12.records.acks import (
        Ack999,
        ClaimAck277CA,
        ClaimStatusCA,
        ElementError,
        LineStatus,
        ProviderAck,
        ReceiverAck,
        SegmentError,
        SetAck,
        SourceAck,
        Status,
    )
    from schemas.x12.records.base import TransactionSet, Unit
    from schemas.x12.records.claim import (
        BillingProvider,
        Claim837,
        Claim837D,
        Claim837I,
        Claim837P,
        Claims837,
        Claims837D,
        Claims837I,
        Claims837P,
        Drug,
        Form,
        LineAdjudication,
        OtherPayer,
        Patient,
        RawDetail,
        ServiceLine,
        Subscriber,
    )
    from schemas.x12.records.eligibility import (
        Benefit,
        BenefitInfo,
        EligibilityAnswer,
        EligibilityInquiry,
        EligibilityQuery,
        Inquiry270,
        Relation,
        RequestRejection,
        Response271,
        ServiceDelivery,
    )
    from schemas.x12.records.envelope import Group, Interchange, InterchangeAck
    from schemas.x12.records.information import (
        AdditionalInformation275,
        AdditionalInformation275v5010,
        InformationRequest,
        InformationRequest277,
        InformationRequest277v5010,
        RequestedLine,
        ResponseAddress,
        SubmittedDocument,
    )
    from schemas.x12.records.other import UnknownSet
    from schemas.x12.records.parts import (
        Adjustment,
        Amount,
        Attachment,
        Contact,
        Dated,
        Diagnosis,
        Note,
        Party,
        Procedure,
        Quantity,
        RawSegment,
        Reference,
        Trace,
    )
    from schemas.x12.records.remittance import (
        ClaimPayment835,
        ProviderAdjustment,
        ProviderSummary,
        Remittance835,
        ServicePayment,
    )
    from schemas.x12.records.review import Decision, Review, Review278, ReviewedService
    from schemas.x12.records.status import (
        ClaimInquiry,
        ClaimStatus,
        PendingStatus277,
        StatusAnswer,
        StatusInquiry,
        StatusRequest276,
        StatusResponse277,
    )
    from schemas.x12.writer import write

# Imported when first asked for: a command that reads one kind of file need not load the others.
_MODULES = {
    "schemas.x12.acknowledge": "answers_group make999 make_ta1 verdict",
    "schemas.x12.balance": "balance_claim balance_line balance_payment",
    "schemas.x12.balance_837": "balance_submission",
    "schemas.x12.delimiters": "Delimiters",
    "schemas.x12.diagnostics": "Diagnostic X12WriteError errors",
    "schemas.x12.enclosure": "Enclosure enclose enclosed",
    "schemas.x12.reading": "Reading read",
    "schemas.x12.records.acks": "Ack999 ClaimAck277CA ClaimStatusCA ElementError LineStatus ProviderAck ReceiverAck SegmentError SetAck SourceAck Status",
    "schemas.x12.records.base": "TransactionSet Unit",
    "schemas.x12.records.claim": "BillingProvider Claim837 Claim837D Claim837I Claim837P Claims837 Claims837D Claims837I Claims837P Drug Form LineAdjudication OtherPayer Patient RawDetail ServiceLine Subscriber",
    "schemas.x12.records.eligibility": "Benefit BenefitInfo EligibilityAnswer EligibilityInquiry EligibilityQuery Inquiry270 Relation RequestRejection Response271 ServiceDelivery",
    "schemas.x12.records.envelope": "Group Interchange InterchangeAck",
    "schemas.x12.records.information": "AdditionalInformation275 AdditionalInformation275v5010 InformationRequest InformationRequest277 InformationRequest277v5010 RequestedLine ResponseAddress SubmittedDocument",
    "schemas.x12.records.other": "UnknownSet",
    "schemas.x12.records.parts": "Adjustment Amount Attachment Contact Dated Diagnosis Note Party Procedure Quantity RawSegment Reference Trace",
    "schemas.x12.records.remittance": "ClaimPayment835 ProviderAdjustment ProviderSummary Remittance835 ServicePayment",
    "schemas.x12.records.review": "Decision Review Review278 ReviewedService",
    "schemas.x12.records.status": "ClaimInquiry ClaimStatus PendingStatus277 StatusAnswer StatusInquiry StatusRequest276 StatusResponse277",
    "schemas.x12.writer": "write",
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"schemas.x12 has no {name}")
    return getattr(import_module(_HOMES[name]), name)


__all__ = [
    "Ack999",
    "AdditionalInformation275",
    "AdditionalInformation275v5010",
    "Adjustment",
    "Amount",
    "Attachment",
    "Benefit",
    "BenefitInfo",
    "BillingProvider",
    "Claim837",
    "Claim837D",
    "Claim837I",
    "Claim837P",
    "ClaimAck277CA",
    "ClaimInquiry",
    "ClaimPayment835",
    "ClaimStatus",
    "ClaimStatusCA",
    "Claims837",
    "Claims837D",
    "Claims837I",
    "Claims837P",
    "Contact",
    "Dated",
    "Decision",
    "Delimiters",
    "Diagnosis",
    "Diagnostic",
    "Drug",
    "ElementError",
    "EligibilityAnswer",
    "EligibilityInquiry",
    "EligibilityQuery",
    "Enclosure",
    "Form",
    "Group",
    "InformationRequest",
    "InformationRequest277",
    "InformationRequest277v5010",
    "Inquiry270",
    "Interchange",
    "InterchangeAck",
    "LineAdjudication",
    "LineStatus",
    "Note",
    "OtherPayer",
    "Party",
    "Patient",
    "PendingStatus277",
    "Procedure",
    "ProviderAck",
    "ProviderAdjustment",
    "ProviderSummary",
    "Quantity",
    "RawDetail",
    "RawSegment",
    "Reading",
    "ReceiverAck",
    "Reference",
    "Relation",
    "Remittance835",
    "RequestRejection",
    "RequestedLine",
    "Response271",
    "ResponseAddress",
    "Review",
    "Review278",
    "ReviewedService",
    "SegmentError",
    "ServiceDelivery",
    "ServiceLine",
    "ServicePayment",
    "SetAck",
    "SourceAck",
    "Status",
    "StatusAnswer",
    "StatusInquiry",
    "StatusRequest276",
    "StatusResponse277",
    "SubmittedDocument",
    "Subscriber",
    "Trace",
    "TransactionSet",
    "Unit",
    "UnknownSet",
    "X12WriteError",
    "answers_group",
    "balance_claim",
    "balance_line",
    "balance_payment",
    "balance_submission",
    "enclose",
    "enclosed",
    "errors",
    "make999",
    "make_ta1",
    "read",
    "verdict",
    "write",
]
