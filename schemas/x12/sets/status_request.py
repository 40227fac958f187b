"""276, 005010X212."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from schemas.x12.description import Loop, SetDescription, add, put, seg, spread
from schemas.x12.records.status import ClaimInquiry, StatusInquiry, StatusRequest276
from schemas.x12.rules.inquiry import STATUS, judge_subjects
from schemas.x12.segments import AMT, BHT, DTP, REF, TRN
from schemas.x12.sets.levels import Branch, Part, into
from schemas.x12.sets.status_common import line, members, settle_birth, subject, tree, upper, walk


@dataclass(slots=True)
class Member(StatusInquiry):
    """A subscriber's or dependent's HL while reading."""

    below: list[Any] = field(default_factory=list)
    birth: Any = ()


def _claim(suffix: str) -> Loop:
    rules: tuple[Part, ...] = (
        seg(REF, add("references"), limit=1, codes="1K BLT LU XZ EJ D9 G1 6P"),
        seg(AMT, add("amounts"), limit=1, codes="T3"),
        seg(DTP, add("dates"), limit=1, codes="472"),
        line(suffix),
    )
    return Loop(f"2200{suffix}", ClaimInquiry, add("claims"), seg(TRN, put("trace")), rules)


def flatten(record: Any) -> None:
    """From the HL tree to one subject per patient asked about."""
    subjects = []
    for source, receiver, provider, member, dependent in walk(record.subjects):
        found = subject(StatusInquiry, dependent or member)
        found.source, found.receiver = source.party, receiver.party
        found.provider = provider.party if provider else None
        if member is not None:
            settle_birth(member, member.subscriber)
            found.subscriber = member.subscriber
        if dependent is not None:
            settle_birth(dependent, dependent.dependent)
        subjects.append(found)
    record.subjects = subjects


def _levels(record: Any) -> list[Branch]:
    return tree(record, StatusInquiry, lambda item, where: {})


PROVIDER = upper("2000C", "19", "1P", (members(Member, _claim, True),))
RECEIVER = upper("2000B", "21", "41", (PROVIDER,))
SOURCE = upper("2000A", "20", "PR", (RECEIVER,), into("subjects", _levels))
STATUS_REQUEST = SetDescription(
    "276",
    StatusRequest276.VERSION,
    StatusRequest276,
    (seg(BHT, spread(), "R", 1), SOURCE),
    finish=flatten,
    whole=partial(judge_subjects, STATUS),
    versions=("005010X212E1", "004010X093A1", "004010X093"),
)
