"""277CA and 277: where a claim stands at the payer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from deploy.local.payers.answers.files import payer_party
from deploy.local.payers.model.payer import PayerModel
from schemas.x12 import (
    ClaimAck277CA,
    ClaimStatus,
    ClaimStatusCA,
    Dated,
    Party,
    ProviderAck,
    Quantity,
    ReceiverAck,
    Reference,
    SourceAck,
    Status,
    StatusAnswer,
    StatusInquiry,
    StatusResponse277,
    Trace,
)

ACCEPTED = "A2:20:PR"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One claim's place in a 277CA. `status` is a composite; `control` the payer's number where it was taken in."""

    claim_id: str
    status: str
    billing_npi: str
    billing_name: str
    last: str
    first: str
    member_id: str
    charge: int
    service_date: date
    received_on: date
    control: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the payer works on it."""
        return self.status.startswith("A2")


def claim_ack(payer: PayerModel, submitter: str, rows: Sequence[Acknowledged], day: date, batch: str) -> ClaimAck277CA:
    """One 277CA for all claims that are acknowledged on a day."""
    taken = sum(row.accepted for row in rows)
    receiver = ReceiverAck(
        receiver=Party("41", "2", last=submitter, id_qualifier="46", id=submitter),
        traces=[Trace("2", batch)],
        statuses=[_status("A1:19:PR", day, sum(row.charge for row in rows))],
        quantities=_counts(taken, len(rows) - taken, ("90", "AA")),
        providers=[_provider(list(of), day) for _, of in groupby(rows, key=attrgetter("billing_npi"))],
    )
    received = max(row.received_on for row in rows)
    source = SourceAck(
        source=payer_party(payer),
        traces=[Trace("1", batch)],
        dates=[Dated("050", received), Dated("009", day)],
        receivers=[receiver],
    )
    return ClaimAck277CA(reference_id=batch, date=day, time="0600", sources=[source])


def _provider(rows: list[Acknowledged], day: date) -> ProviderAck:
    taken = sum(row.accepted for row in rows)
    return ProviderAck(
        provider=Party("85", "2", last=rows[0].billing_name, id_qualifier="XX", id=rows[0].billing_npi),
        traces=[Trace("1", "0")],
        quantities=_counts(taken, len(rows) - taken, ("QA", "QC")),
        claims=[_claim(row, day) for row in rows],
    )


def _counts(accepted: int, rejected: int, codes: tuple[str, str]) -> list[Quantity]:
    pairs = zip(codes, (accepted, rejected), strict=True)
    return [Quantity(code, Decimal(number)) for code, number in pairs if number]


def _claim(row: Acknowledged, day: date) -> ClaimStatusCA:
    return ClaimStatusCA(
        patient=Party("QC", "1", last=row.last, first=row.first, id_qualifier="MI", id=row.member_id),
        traces=[Trace("2", row.claim_id)],
        statuses=[_status(row.status, day, row.charge)],
        references=[Reference("1K", row.control)] if row.control else [],
        dates=[Dated("472", row.service_date)],
    )


def _status(composite: str, day: date, cents: int) -> Status:
    category, code, entity = (*composite.split(":"), "", "")[:3]
    action = "WQ" if category in ("A1", "A2") else "U"
    return Status(category, code, entity, date=day, action=action, cents=cents)


def claim_status(
    payer: PayerModel, inquiry: StatusInquiry, statuses: Sequence[tuple[str, int, str]], day: date
) -> StatusAnswer:
    """The 277 of one subject: for each claim asked about its composite, charge and payer control number."""
    claims = [
        ClaimStatus(
            trace=Trace("2", claim.trace.number if claim.trace else ""),
            statuses=[_bare(composite, charge, day)],
            references=_numbers(control, claim.references),
            dates=claim.dates,
        )
        for claim, (composite, charge, control) in zip(inquiry.claims, statuses, strict=True)
    ]
    return StatusAnswer(
        source=payer_party(payer),
        receiver=inquiry.receiver,
        provider=inquiry.provider,
        subscriber=inquiry.subscriber.named() if inquiry.subscriber else None,
        dependent=inquiry.dependent.named() if inquiry.dependent else None,
        claims=claims,
    )


def _bare(composite: str, charge: int, day: date) -> Status:
    category, code, entity = (*composite.split(":"), "", "")[:3]
    return Status(category, code, entity, date=day, cents=charge)


def _numbers(control: str, asked: Sequence[Reference]) -> list[Reference]:
    kept = [ref for ref in asked if ref.qualifier == "EJ"]
    return [*([Reference("1K", control)] if control else []), *kept]


def status_response(subjects: Sequence[StatusAnswer], day: date, batch: str) -> StatusResponse277:
    """One 277 for all inquiries that are answered on a day."""
    return StatusResponse277(reference_id=batch, date=day, time="0600", subjects=list(subjects))
