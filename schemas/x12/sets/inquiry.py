"""270, 005010X279A1."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

from schemas.x12.description import NOWHERE, Loop, SetDescription, add, extend, put, seg, spread
from schemas.x12.records.eligibility import EligibilityInquiry, EligibilityQuery, Inquiry270
from schemas.x12.rules.inquiry import ELIGIBILITY, judge_subjects
from schemas.x12.segments import AMT, BHT, DTP, HI, REF, TRN
from schemas.x12.segments_status import EQ, III, INS
from schemas.x12.sets.levels import Branch, Level, Part, into, level, named, neighbours

SOURCES = "PR 2B 36 GP P5"
RECEIVERS = "1P 2B 36 80 FA GP P5 PR"
MEMBER_IDS = "SY 18 1L 1W 49 6P CT EA EJ F6 GH HJ IG N6 NQ Y4 3H Q4 MRC"


@dataclass(slots=True)
class Member(EligibilityInquiry):
    """A subscriber's or dependent's HL while reading."""

    below: list[Any] = field(default_factory=list)


def _levels(record: Inquiry270) -> list[Any]:
    return [
        Branch(source, below=[_receiver(who, some) for who, some in neighbours(items, _by_receiver)])
        for source, items in neighbours(record.subjects, lambda subject: subject.source)
    ]


def _by_receiver(subject: Any) -> Any:
    return subject.receiver


def _receiver(party: Any, subjects: list[Any]) -> Branch:
    members = []
    for subscriber, items in neighbours(subjects, lambda item: (item.subscriber, item.subscriber_traces)):
        own = [item for item in items if item.dependent is None]
        dependents = [item for item in items if item.dependent is not None]
        members += [Level(item) for item in own[:-1]]
        top = own[-1] if own else EligibilityInquiry(subscriber=subscriber[0], subscriber_traces=subscriber[1])
        members.append(Level(top, dependents))
    return Branch(party, below=members)


def flatten(record: Any) -> None:
    """From the HL tree to one subject per patient asked about."""
    subjects = []
    for source in record.subjects:
        for receiver in source.below:
            for member in receiver.below:
                if member.queries or not member.below:
                    subjects.append(_subject(member, source.party, receiver.party))
                for dependent in member.below:
                    dependent.subscriber, dependent.subscriber_traces = member.subscriber, member.subscriber_traces
                    subjects.append(_subject(dependent, source.party, receiver.party))
    record.subjects = subjects


def _subject(member: Any, source: Any, receiver: Any) -> EligibilityInquiry:
    subject = EligibilityInquiry(**{item.name: getattr(member, item.name) for item in fields(EligibilityInquiry)})
    subject.source, subject.receiver = source, receiver
    return subject


def _person(suffix: str, code: str, attribute: str) -> tuple[Part, ...]:
    query = Loop(
        f"2110{suffix}",
        EligibilityQuery,
        add("queries"),
        seg(EQ, spread()),
        (
            seg(AMT, add("amounts"), codes="R PB"),
            seg(III, NOWHERE),
            seg(REF, add("references"), codes="9F G1"),
            seg(DTP, add("dates"), codes="291 292 435 472"),
        ),
    )
    return (
        seg(TRN, add("subscriber_traces" if suffix == "C" else "dependent_traces"), limit=2),
        named(f"2100{suffix}", code, put(attribute), True, MEMBER_IDS),
        seg(INS, put("relation"), limit=1),
        seg(HI, extend("diagnoses", 8, lambda item: 0), limit=1),
        seg(DTP, add("dates"), codes="102 291 307 435 472"),
        query,
    )


DEPENDENT = level("2000D", "23", Member, into("below", lambda record: record.below), _person("D", "03", "dependent"))
SUBSCRIBER = level(
    "2000C", "22", Member, into("below", lambda record: record.below), (*_person("C", "IL", "subscriber"), DEPENDENT)
)
RECEIVER = level(
    "2000B",
    "21",
    Branch,
    into("below", lambda record: record.below),
    (named("2100B", RECEIVERS, put("party"), True, "0B 1C 1J 4A CT EL EO HPI JD N5 N7 Q4 SY TJ"), SUBSCRIBER),
    True,
)
SOURCE = level(
    "2000A", "20", Branch, into("subjects", _levels), (named("2100A", SOURCES, put("party")), RECEIVER), True
)
INQUIRY = SetDescription(
    "270",
    Inquiry270.VERSION,
    Inquiry270,
    (seg(BHT, spread(), "R", 1), SOURCE),
    finish=flatten,
    whole=partial(judge_subjects, ELIGIBILITY),
    versions=("005010X279", "004010X092A1", "004010X092"),
)
