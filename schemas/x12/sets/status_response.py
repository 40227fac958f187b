"""277, 005010X212."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from schemas.x12.description import Loop, Place, SetDescription, add, put, seg, spread
from schemas.x12.records.status import ClaimStatus, StatusAnswer, StatusResponse277
from schemas.x12.segments import BHT, DTP, PER, REF, STC, TRN
from schemas.x12.sets.levels import Branch, Part, into
from schemas.x12.sets.status_common import line, members, subject, tree, upper, walk


@dataclass(slots=True)
class Member(StatusAnswer):
    """A subscriber's or dependent's HL while reading."""

    below: list[Any] = field(default_factory=list)


def _claim(suffix: str) -> Loop:
    rules: tuple[Part, ...] = (
        seg(STC, add("statuses"), "R"),
        seg(REF, add("references"), limit=1, codes="1K BLT EJ XZ VV D9 G1"),
        seg(DTP, add("dates"), limit=1, codes="472"),
        line(suffix, seg(STC, add("statuses"), "R")),
    )
    return Loop(f"2200{suffix}", ClaimStatus, add("claims"), seg(TRN, put("trace")), rules)


def flatten(record: Any) -> None:
    """From the HL tree to one answer per patient; a receiver or provider turned away gives one without patient."""
    subjects = []
    for source, receiver, provider, member, dependent in walk(record.subjects):
        found = subject(StatusAnswer, dependent or member)
        found.source, found.receiver = source.party, receiver.party
        found.receiver_traces, found.receiver_statuses = receiver.traces, receiver.statuses
        if provider is not None:
            found.provider = provider.party
            found.provider_traces, found.provider_statuses = provider.traces, provider.statuses
        if member is not None:
            found.subscriber = member.subscriber
        subjects.append(found)
    record.subjects = subjects


def _levels(record: Any) -> list[Branch]:
    def said(item: Any, where: str) -> dict[str, Any]:
        return {"traces": getattr(item, f"{where}_traces"), "statuses": getattr(item, f"{where}_statuses")}

    return tree(record, StatusAnswer, said)


def party_contact() -> Place:
    """PER behind the payer's name is the payer's contact."""

    def bind(record: Any, value: Any, _: int) -> None:
        if record.party is not None and value is not None:
            record.party.contacts.append(value)

    return Place(bind, lambda record: record.party.contacts if record.party else [])


WORDS = (seg(TRN, add("traces"), limit=1), seg(STC, add("statuses")))
PROVIDER = upper("2000C", "19", "1P", (*WORDS, members(Member, _claim, False)))
RECEIVER = upper("2000B", "21", "41", (*WORDS, PROVIDER))
SOURCE = upper("2000A", "20", "PR", (seg(PER, party_contact(), limit=1), RECEIVER), into("subjects", _levels))
STATUS_RESPONSE = SetDescription(
    "277",
    StatusResponse277.VERSION,
    StatusResponse277,
    (seg(BHT, spread(), "R", 1), SOURCE),
    finish=flatten,
    versions=("005010X212E1", "004010X093A1", "004010X093"),
)
