"""278, 004010X094A1 and the inquiry 004010X059, for reading: the service provider has a level of its own (HL 19 or PA), the
request stands below it (HL SS)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from schemas.x12.description import NOWHERE, Loop, SetDescription, add, extend, put, seg, spread
from schemas.x12.records.eligibility import Relation
from schemas.x12.records.parts import Dated, Diagnosis, Party
from schemas.x12.records.review import Review, Review278
from schemas.x12.segments import BHT, DTP, HI, PWK, REF, TRN
from schemas.x12.segments_claim import CL1, CR1, CR2, CRC, HL, details
from schemas.x12.segments_status import AAA, HSD, INS, MSG
from schemas.x12.sets.levels import Branch, Part, into, level, named
from schemas.x12.sets.review import CR5, CR6, HCR, MEMBER_IDS, UM, refused, settle

BELOW = into("below", lambda record: record.below)
PROVIDER_IDS = "1G 1J EI N5 N7 SY TJ ZH 0B"


@dataclass(slots=True)
class Member:
    """A subscriber's or dependent's HL with its diagnoses and the levels below it."""

    person: Party | None = None
    relation: Relation | None = None
    rejections: list[Any] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    diagnoses: list[Diagnosis] = field(default_factory=list)
    below: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Provider(Branch):
    """A service provider's HL."""

    messages: list[str] = field(default_factory=list)


SERVICE = level(
    "2000F",
    "SS",
    Review,
    BELOW,
    (
        seg(TRN, add("traces"), limit=3),
        seg(AAA, refused("2000F"), limit=9),
        seg(UM, spread("category"), "R", 1),
        seg(HCR, put("decision"), limit=1),
        seg(REF, add("references"), codes="BB NT"),
        seg(DTP, add("dates")),
        seg(HI, extend("diagnoses", 12, lambda item: 0), limit=1),
        seg(HSD, add("deliveries"), limit=1),
        *(seg(shape, details(shape.tag)) for shape in (CRC, CL1, CR1, CR2, CR5, CR6)),
        seg(PWK, add("attachments"), limit=10),
        seg(MSG, add("messages"), limit=1),
    ),
)
PROVIDER = Loop(
    "2000E",
    Provider,
    BELOW,
    seg(HL, NOWHERE, codes="19 PA"),
    (
        seg(MSG, add("messages"), limit=1),
        named("2010E", "SJ 1T FA P3 DN", put("party"), True, PROVIDER_IDS),
        seg(AAA, refused("2010E"), limit=9),
        SERVICE,
    ),
    level="19",
)


def _member(loop_id: str, name_id: str, code: str, person: str, *below: Loop) -> Loop:
    rules: tuple[Part, ...] = (
        seg(AAA, refused(loop_id), limit=9),
        seg(DTP, add("dates"), anywhere=True),
        seg(HI, extend("diagnoses", 12, lambda item: 0), limit=1),
        named(name_id, person, put("person"), True, MEMBER_IDS),
        seg(INS, put("relation"), limit=1),
    )
    return level(loop_id, code, Member, BELOW, (*rules, *below))


DEPENDENT = _member("2000D", "2010D", "23", "QC", SERVICE, PROVIDER)
SUBSCRIBER = _member("2000C", "2010C", "22", "IL", SERVICE, PROVIDER, DEPENDENT)
REQUESTER = level(
    "2000B",
    "21",
    Branch,
    BELOW,
    (named("2010B", "1P FA", put("party"), True, PROVIDER_IDS), seg(AAA, refused("2010B"), limit=9), SUBSCRIBER),
)
SOURCE = level(
    "2000A",
    "20",
    Branch,
    into("reviews", lambda record: []),
    (named("2010A", "X3", put("party")), seg(AAA, refused("2010A"), limit=9), REQUESTER),
    True,
)


def flatten(record: Any) -> None:
    """One review per service asked for, with the diagnoses of its patient and the provider above it."""
    record.reviews = [
        review
        for source in record.reviews
        for requester in source.below or [Branch()]
        for member in requester.below or [Member()]
        for review in _reviews(source, requester, member)
    ]


def _reviews(source: Branch, requester: Branch, member: Member) -> Iterator[Review]:
    dependents = [below for below in member.below if isinstance(below, Member)]
    if len(dependents) < len(member.below) or not dependents:
        yield from _of(source, requester, member, None)
    for dependent in dependents:
        yield from _of(source, requester, member, dependent)


def _of(source: Branch, requester: Branch, member: Member, dependent: Member | None) -> Iterator[Review]:
    patient = dependent or member
    levels = [below for below in patient.below if not isinstance(below, Member)]
    for level_below in levels or [Provider()]:
        provider = level_below if isinstance(level_below, Provider) else Provider(below=[level_below])
        for found in provider.below or [Review()]:
            review = settle(found, source, requester, member, dependent)
            review.rejections = [*review.rejections, *provider.rejections]
            review.dates = [*patient.dates, *review.dates]
            review.diagnoses = [*patient.diagnoses, *review.diagnoses]
            review.messages = [*provider.messages, *review.messages]
            review.providers = [provider.party] if provider.party else []
            yield review


REVIEW_4010 = SetDescription(
    "278",
    "004010X094A1",
    Review278,
    (seg(BHT, spread(), "R", 1), SOURCE),
    finish=flatten,
    versions=("004010X094A1", "004010X094", "004010X059"),
)
