"""What rules ask of a claim (837): small questions with the guide's names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from schemas.codes.dated import table
from schemas.codes.procedure_families import family
from schemas.x12.records.claim import Claim837, OtherPayer, RawDetail, ServiceLine
from schemas.x12.records.parts import Attachment, Party

ORDER = {code: place for place, code in enumerate("PSTABCDEFGH")}
SENT_APART = frozenset({"BM", "EL", "EM", "FX", "FT"})
DIAGNOSES = frozenset({"ABK", "ABF", "BK", "BF"})


def dated(record: Any, *qualifiers: str) -> bool:
    """Whether the record has a DTP under one of these qualifiers."""
    return any(entry.qualifier in qualifiers for entry in record.dates)


def detail(record: Any, tag: str) -> RawDetail | None:
    """The first segment of this tag among those that are kept by their elements."""
    return next((item for item in record.details if item.tag == tag), None)


def element(item: RawDetail | None, place: int) -> str:
    """An element of such a segment, from 1; empty where it is absent."""
    return item.elements[place - 1] if item is not None and len(item.elements) >= place else ""


def causes(claim: Claim837) -> tuple[str, ...]:
    """CLM11-1 to 11-3."""
    return claim.related_causes[:3]


def later_payer(claim: Claim837) -> bool:
    """The claim goes to a payer that is not the first (SBR01 of 2000B)."""
    return ORDER.get(claim.subscriber.sequence, 0) > 0


def earlier(claim: Claim837) -> list[OtherPayer]:
    """The payers that come before the one the claim goes to."""
    own = ORDER.get(claim.subscriber.sequence, 0)
    return [payer for payer in claim.other_payers if ORDER.get(payer.sequence, own) < own]


def sequences_differ(claim: Claim837) -> bool:
    """No two payers at the same place; U may stand more than once."""
    places = [claim.subscriber.sequence, *(payer.sequence for payer in claim.other_payers)]
    places = [place for place in places if place in ORDER]
    return len(set(places)) == len(places)


def answered_by_line(claim: Claim837, payer: OtherPayer) -> bool:
    """Every line has a dated 2430 of this payer."""
    name = payer.payer.id if payer.payer else ""
    return bool(claim.lines) and all(
        any(ruling.payer_id == name and dated(ruling, "573") for ruling in line.adjudications) for line in claim.lines
    )


def answered(payer: OtherPayer) -> bool:
    """The payer decided: it paid, or it adjusted."""
    return payer.amount("D") is not None or bool(payer.adjustments)


def attachments(claim: Claim837) -> Iterable[Attachment]:
    """PWK of the claim and of its lines."""
    yield from claim.attachments
    for line in claim.lines:
        yield from line.attachments


def has_provider(claim: Claim837, line: ServiceLine | None, *entities: str) -> bool:
    """A provider loop of the claim, or of the line, with one of these NM101."""
    here: list[Party] = [*claim.providers, *(line.providers if line else ())]
    return any(party.entity in entities for party in here)


def of_family(line: ServiceLine, *names: str) -> bool:
    """The line's procedure belongs to one of these families on its day of service."""
    return family(line.procedure.code, line.service_date) in names


def diagnosis_count(claim: Claim837) -> int:
    """How many diagnoses a line may point at."""
    return sum(item.qualifier in DIAGNOSES for item in claim.diagnoses)


def last_day(claim: Claim837) -> dt.date | None:
    """The day that tells the version of ICD: discharge or end of statement (DTP*434), else the latest day of service."""
    statement = next((entry for entry in claim.dates if entry.qualifier == "434"), None)
    if statement is not None:
        return statement.end or statement.date
    return max((day for line in claim.lines if (day := line.service_date_end)), default=None)


def bill_type(claim: Claim837, column: str) -> str:
    """What the table of bill types says of CLM05-1 of an institutional claim."""
    row = table("bill_types.csv").get(claim.facility_code, last_day(claim) or dt.date.max)
    return row[column] if row else ""


def period_runs_forward(record: Any) -> bool:
    """No period of the record ends before it begins."""
    return all(entry.end is None or entry.date is None or entry.date <= entry.end for entry in record.dates)
