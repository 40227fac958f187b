"""278, 005010X217: request and response share one description."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from schemas.x12.description import Place, SetDescription, add, extend, put, seg, spread
from schemas.x12.records.eligibility import Relation
from schemas.x12.records.parts import Party
from schemas.x12.records.review import Decision, Review, Review278, ReviewedService
from schemas.x12.segments import BHT, DTP, HI, PWK, REF, TRN
from schemas.x12.segments_claim import CL1, CR1, CR2, CRC, TOO_DETAIL, detail, details
from schemas.x12.segments_status import AAA, HSD, INS, MSG
from schemas.x12.sets.levels import Branch, Part, into, level, named, neighbours
from schemas.x12.shapes import Fields

UM = Fields(
    "UM",
    "category:T2! certification:T1 service_type:T1-2 facility:C related_causes:C level:T1-3 condition:T1 prognosis:T1 "
    "release:T1 delay_reason:T1-2",
)
HCR = Fields("HCR", "action:T1-2! number:T1-50 reason:T1-30 second_opinion:T1", Decision)
CR5, CR6, SV1, SV2, SV3 = (detail(tag) for tag in ("CR5", "CR6", "SV1", "SV2", "SV3"))
PROVIDERS = "71 72 73 77 AAJ DD DK DN FA G3 P3 QB QV SJ 1T 45 FS ND PW R3"
MEMBER_IDS = "1L 1W 3L 6P A6 EA EJ F6 HJ IG N6 NQ SY Y4 ZZ 18"


@dataclass(slots=True)
class Member:
    """A subscriber's or dependent's HL: the person, and what hangs below."""

    person: Party | None = None
    relation: Relation | None = None
    rejections: Any = ()
    events: Any = ()
    below: Any = ()


def _member() -> Member:
    return Member(None, None, [], [], [])


def refused(at: str) -> Place:
    """AAA at one level: what it says is told with that level's name."""

    def bind(record: Any, value: Any, _: int) -> None:
        record.rejections.append(replace(value, level=at))

    return Place(bind, lambda record: [item for item in record.rejections if item.level == at], watch="rejections")


SERVICE = level(
    "2000F",
    "SS",
    ReviewedService,
    add("services"),
    (
        seg(TRN, add("traces"), limit=3),
        seg(AAA, refused("2000F"), limit=9),
        seg(UM, spread("category"), limit=1),
        seg(HCR, put("decision"), limit=1),
        seg(REF, add("references"), codes="BB NT"),
        seg(DTP, add("dates"), codes="472 007 036 102"),
        *(seg(shape, details(shape.tag), limit=1) for shape in (SV1, SV2, SV3)),
        seg(TOO_DETAIL, details("TOO"), limit=32),
        seg(HSD, add("deliveries"), limit=1),
        seg(PWK, add("attachments"), limit=10),
        seg(MSG, add("messages"), limit=1),
        named("2010F", PROVIDERS, add("providers"), False, "1G 1J EI N5 N7 SY TJ ZH 0B"),
    ),
)
EVENT = level(
    "2000E",
    "EV",
    Review,
    into("events", lambda record: record.events),
    (
        seg(TRN, add("traces"), limit=3),
        seg(AAA, refused("2000E"), limit=9),
        seg(UM, spread("category"), "R", 1),
        seg(HCR, put("decision"), limit=1),
        seg(REF, add("references"), codes="BB NT"),
        seg(DTP, add("dates"), codes="439 484 ABC 431 AAH 435 096 102 007 036"),
        seg(HI, extend("diagnoses", 12, lambda item: 0), limit=1),
        seg(HSD, add("deliveries"), limit=1),
        seg(CRC, details("CRC"), limit=9),
        *(seg(shape, details(shape.tag), limit=1) for shape in (CL1, CR1, CR2, CR5, CR6)),
        seg(PWK, add("attachments"), limit=10),
        seg(MSG, add("messages"), limit=1),
        named("2010E", PROVIDERS, add("providers"), False, "1G 1J EI N5 N7 SY TJ ZH 0B"),
        SERVICE,
    ),
)


def _person(loop_id: str, code: str) -> tuple[Part, ...]:
    return (
        named(loop_id, code, put("person"), True, MEMBER_IDS),
        seg(AAA, refused(loop_id), limit=9),
        seg(INS, put("relation"), limit=1),
        EVENT,
    )


DEPENDENT = level("2000D", "23", _member, into("below", lambda record: record.below), _person("2010D", "QC"))
SUBSCRIBER = level(
    "2000C", "22", _member, into("below", lambda record: record.below), (*_person("2010C", "IL"), DEPENDENT)
)
REQUESTER = level(
    "2000B",
    "21",
    Branch,
    into("below", lambda record: record.below),
    (
        named("2010B", "1P FA", put("party"), True, "1G 1J EI N5 N7 SY TJ ZH"),
        seg(AAA, refused("2010B"), limit=9),
        SUBSCRIBER,
    ),
)


def _levels(record: Review278) -> list[Any]:
    levels = []
    for (source, said), items in neighbours(record.reviews, lambda item: (item.source, _at(item, "2000A", "2010A"))):
        requesters = [
            Branch(who, rejections=why, below=_members(some))
            for (who, why), some in neighbours(items, lambda item: (item.requester, _at(item, "2010B")))
            if who is not None
        ]
        levels.append(Branch(source, rejections=said, below=requesters))
    return levels


def _at(review: Review, *levels: str) -> list[Any]:
    return [item for item in review.rejections if item.level in levels]


def _members(reviews: list[Review]) -> list[Member]:
    members = []
    insured = [item for item in reviews if item.subscriber is not None]
    for (person, relation, said), items in neighbours(
        insured, lambda item: (item.subscriber, item.subscriber_relation, _at(item, "2010C"))
    ):
        dependents = [
            Member(who, kin, why, _events(some), [])
            for (who, kin, why), some in neighbours(
                [item for item in items if item.dependent is not None],
                lambda item: (item.dependent, item.dependent_relation, _at(item, "2010D")),
            )
        ]
        own = _events(item for item in items if item.dependent is None)
        members.append(Member(person, relation, said, own, dependents))
    return members


def _events(reviews: Iterable[Review]) -> list[Review]:
    """Those that hold more than a refusal above the event."""
    return [item for item in reviews if item.category or item.traces or item.decision or _at(item, "2000E")]


def flatten(record: Any) -> None:
    """From the HL tree to one review per patient event; refusals above an event are told with it."""
    reviews: list[Review] = []
    for source in record.reviews:
        if not source.below:
            reviews.append(settle(None, source, Branch(), _member(), None))
        for requester in source.below:
            if not requester.below:
                reviews.append(settle(None, source, requester, _member(), None))
            for member in requester.below:
                for event in member.events or ([] if member.below else [None]):
                    reviews.append(settle(event, source, requester, member, None))
                for dependent in member.below:
                    for event in dependent.events or [None]:
                        reviews.append(settle(event, source, requester, member, dependent))
    record.reviews = reviews


def settle(event: Review | None, source: Branch, requester: Branch, member: Any, dependent: Any) -> Review:
    """A review with the parties of the levels above it, and what was refused there."""
    review = event or Review()
    review.source, review.requester = source.party, requester.party
    review.subscriber, review.subscriber_relation = member.person, member.relation
    above = [*source.rejections, *requester.rejections, *member.rejections]
    if dependent is not None:
        review.dependent, review.dependent_relation = dependent.person, dependent.relation
        above += dependent.rejections
    review.rejections = [*above, *review.rejections]
    return review


SOURCE = level(
    "2000A",
    "20",
    Branch,
    into("reviews", _levels),
    (named("2010A", "X3", put("party")), seg(AAA, refused("2010A"), limit=9), REQUESTER),
    True,
)
REVIEW = SetDescription(
    "278",
    Review278.VERSION,
    Review278,
    (seg(BHT, spread(), "R", 1), SOURCE),
    finish=flatten,
    versions=("005010X217E1",),
)
