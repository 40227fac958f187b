"""277RFAI: 006020X313 and 005010X213 have one description."""

from __future__ import annotations

from typing import Any

from schemas.x12.description import CITY, STREET, Loop, SetDescription, add, put, seg, spread
from schemas.x12.records.information import (
    InformationRequest,
    InformationRequest277,
    InformationRequest277v5010,
    RequestedLine,
    ResponseAddress,
)
from schemas.x12.records.parts import Party
from schemas.x12.segments import BHT, DTP, N1, N3, N4, PER, PWK, REF, STC
from schemas.x12.segments_claim import TOO_DETAIL, details
from schemas.x12.segments_status import SVC
from schemas.x12.sets.levels import Branch, neighbours
from schemas.x12.sets.patients import claim, leaves, tree

ADDRESSEE = Loop(
    "2210D",
    lambda: Party("PR", ""),
    put("party"),
    seg(N1, spread(), codes="PR"),
    (seg(N3, STREET, limit=1), seg(N4, CITY, limit=1)),
    limit=1,
)
ADDRESS = Loop(
    "2210D",
    ResponseAddress,
    add("addresses"),
    seg(PWK, put("attachment")),
    (seg(PER, add("contacts"), limit=1), ADDRESSEE),
)
LINE = Loop(
    "2220D",
    RequestedLine,
    add("lines"),
    seg(SVC, spread()),
    (
        seg(STC, add("statuses"), "R"),
        seg(REF, add("references"), codes="FJ"),
        seg(DTP, add("dates"), codes="472 106"),
        seg(TOO_DETAIL, details("TOO")),
        seg(PWK, add("attachments")),
    ),
)
REQUEST = claim(InformationRequest, "below", ADDRESS, LINE)


def flatten(record: Any) -> None:
    """From the HL tree to one request per claim; a level with nothing below it gives one without a claim."""
    requests = []
    for source, receiver, provider, patient in leaves(record.requests):
        for found in (patient.below if patient else ()) or [InformationRequest()]:
            found.source, found.receiver, found.provider = source, receiver, provider
            found.patient = patient.party if patient else None
            requests.append(found)
    record.requests = requests


def _patients(record: Any) -> list[Branch]:
    """A provider's requests under their patients."""
    known = [item for item in record.below if item.patient is not None]
    groups = neighbours(known, lambda item: item.patient)
    return [Branch(who, below=[item for item in items if item.trace is not None]) for who, items in groups]


def _description(kind: type[InformationRequest277], *versions: str) -> SetDescription:
    levels = tree("requests", Branch, "party", REQUEST, _patients)
    return SetDescription(
        "277", kind.VERSION, kind, (seg(BHT, spread(), "R", 1), levels), finish=flatten, versions=versions
    )


INFORMATION_REQUEST = _description(InformationRequest277)
INFORMATION_REQUEST_5010 = _description(InformationRequest277v5010, "005010X213E1")
