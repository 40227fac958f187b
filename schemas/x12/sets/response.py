"""271, 005010X279A1."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from schemas.x12.description import Loop, Place, SetDescription, add, extend, put, seg, spread
from schemas.x12.records.eligibility import Benefit, EligibilityAnswer, Response271
from schemas.x12.segments import BHT, DTP, HI, REF, TRN
from schemas.x12.segments_status import AAA, EB, HSD, III, INS, LE, LS, MSG
from schemas.x12.sets.inquiry import MEMBER_IDS, RECEIVERS, SOURCES
from schemas.x12.sets.levels import Branch, Level, Part, into, level, named, neighbours

ENTITIES = "13 1I 1P 2B 36 73 FA GP GW I3 IL LR OC P3 P4 P5 PR PRP SEP TTP VER VN VY X3 Y2"


@dataclass(slots=True)
class Member(EligibilityAnswer):
    """A subscriber's or dependent's HL while reading."""

    below: list[Any] = field(default_factory=list)


def rejections(before: str, behind: str, who: str, write: str) -> Place:
    """AAA of one level: `before` its name segment or `behind` it; `write` is the loop that this line writes."""

    def bind(record: Any, value: Any, _: int) -> None:
        record.rejections.append(replace(value, level=behind if getattr(record, who) is not None else before))

    return Place(
        bind, lambda record: [item for item in record.rejections if item.level == write], covers=("rejections",)
    )


def _levels(record: Response271) -> list[Any]:
    levels = []
    for (source, said), items in neighbours(record.subjects, lambda item: (item.source, _at(item, "2000A", "2100A"))):
        receivers = [
            Branch(who, rejections=why, below=_members(some))
            for (who, why), some in neighbours(items, lambda item: (item.receiver, _at(item, "2100B")))
            if who is not None
        ]
        levels.append(Branch(source, rejections=said, below=receivers))
    return levels


def _at(subject: EligibilityAnswer, *levels: str) -> list[Any]:
    return [item for item in subject.rejections if item.level in levels]


def _members(subjects: list[Any]) -> list[Level]:
    members = []
    for (subscriber, traces, relation), items in neighbours(
        [item for item in subjects if item.subscriber is not None],
        lambda item: (item.subscriber, item.subscriber_traces, item.subscriber_relation),
    ):
        own = [item for item in items if item.dependent is None]
        dependents = [item for item in items if item.dependent is not None]
        members += [Level(item) for item in own[:-1]]
        empty = EligibilityAnswer(subscriber=subscriber, subscriber_traces=traces, subscriber_relation=relation)
        members.append(Level(own[-1] if own else empty, dependents))
    return members


def flatten(record: Any) -> None:
    """From the HL tree to one answer per patient; a source or receiver that only rejects gives one without patient."""
    subjects: list[EligibilityAnswer] = []
    for source in record.subjects:
        if not source.below:
            subjects.append(_answer(Member(), source, Branch()))
        for receiver in source.below:
            if not receiver.below:
                subjects.append(_answer(Member(), source, receiver))
            for member in receiver.below:
                if member.benefits or member.rejections or not member.below:
                    subjects.append(_answer(member, source, receiver))
                for dependent in member.below:
                    dependent.subscriber, dependent.subscriber_traces = member.subscriber, member.subscriber_traces
                    dependent.subscriber_relation = member.subscriber_relation
                    subjects.append(_answer(dependent, source, receiver))
    record.subjects = subjects


def _answer(member: Member, source: Branch, receiver: Branch) -> EligibilityAnswer:
    answer = EligibilityAnswer(**{item.name: getattr(member, item.name) for item in fields(EligibilityAnswer)})
    answer.source, answer.receiver = source.party, receiver.party
    answer.rejections = [*source.rejections, *receiver.rejections, *member.rejections]
    return answer


def _person(suffix: str, code: str, attribute: str) -> tuple[Part, ...]:
    at = f"2100{suffix}"
    benefit = Loop(
        f"2110{suffix}",
        lambda: Benefit(""),
        add("benefits"),
        seg(EB, spread()),
        (
            seg(HSD, add("deliveries"), limit=9),
            seg(REF, add("references"), codes="18 1L 1W 49 6P 9F ALS CLI F6 FO G1 IG M7 N6 NQ"),
            seg(DTP, add("dates")),
            seg(AAA, _benefit_rejections(f"2110{suffix}"), limit=9),
            seg(MSG, add("messages"), limit=10),
            seg(III, add("infos")),
            seg(LS, Place(lambda record, value, position: None, lambda record: [("2120",)] if record.entities else [])),
            named(f"2120{suffix}", ENTITIES, add("entities"), False),
            seg(LE, Place(lambda record, value, position: None, lambda record: [("2120",)] if record.entities else [])),
        ),
    )
    who = "subscriber" if suffix == "C" else "dependent"
    person = named(at, code, put(attribute), True, MEMBER_IDS)
    return (
        seg(TRN, add(f"{who}_traces"), limit=3),
        person,
        seg(AAA, rejections(at, at, attribute, at), limit=9),
        seg(INS, put(f"{who}_relation"), limit=1),
        seg(HI, extend("diagnoses", 8, lambda item: 0), limit=1),
        seg(DTP, add("dates")),
        benefit,
    )


def _benefit_rejections(at: str) -> Place:
    def bind(record: Any, value: Any, _: int) -> None:
        record.rejections.append(replace(value, level=at))

    return Place(bind, lambda record: record.rejections, covers=("rejections",))


DEPENDENT = level("2000D", "23", Member, into("below", lambda record: record.below), _person("D", "03", "dependent"))
SUBSCRIBER = level(
    "2000C", "22", Member, into("below", lambda record: record.below), (*_person("C", "IL", "subscriber"), DEPENDENT)
)
RECEIVER = level(
    "2000B",
    "21",
    Branch,
    into("below", lambda record: record.below),
    (
        named("2100B", RECEIVERS, put("party"), True, "0B 1C 1J 4A CT EL EO HPI JD N5 N7 Q4 SY TJ"),
        seg(AAA, rejections("2100B", "2100B", "party", "2100B"), limit=9),
        SUBSCRIBER,
    ),
)
SOURCE = level(
    "2000A",
    "20",
    Branch,
    into("subjects", _levels),
    (
        seg(AAA, rejections("2000A", "2100A", "party", "2000A"), limit=9, anywhere=True),
        named("2100A", SOURCES, put("party")),
        seg(AAA, rejections("2000A", "2100A", "party", "2100A"), limit=9, anywhere=True),
        RECEIVER,
    ),
    True,
)
RESPONSE = SetDescription(
    "271",
    Response271.VERSION,
    Response271,
    (seg(BHT, spread(), "R", 1), SOURCE),
    finish=flatten,
    versions=("005010X279", "004010X092A1", "004010X092"),
)
