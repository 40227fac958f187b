"""The HL tree of payer, receiver, provider and patient (20, 21, 19, PT) that 277RFAI and 277 pending share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from schemas.x12.description import Loop, add, again, party, put, seg
from schemas.x12.segments import DTP, NM1, PER, REF, STC, TRN
from schemas.x12.sets.levels import Branch, Part, into, level, neighbours
from schemas.x12.sets.status_common import upper
from schemas.x12.sets.status_response import party_contact

ABOVE = ("source", "receiver", "provider")
NUMBERS = "EJ BLT EA D9 1K XZ VV"


def claim(record: Callable[[], Any], place: str, *more: Part) -> Loop:
    """Loop 2200D: TRN, STC, the claim's numbers and dates, then what the guide adds."""
    rules: tuple[Part, ...] = (
        seg(STC, add("statuses"), "R"),
        seg(REF, add("references"), codes=NUMBERS),
        seg(DTP, add("dates"), codes="472 106 050"),
    )
    return Loop("2200D", record, add(place), seg(TRN, put("trace")), (*rules, *more), True)


def tree(subjects: str, patient: Callable[[], Any], named: str, below: Part, collect: Callable[[Any], Any]) -> Loop:
    """The four levels; `collect` gives the patients' records of one provider's subjects."""
    subscriber = level(
        "2000D", "PT", patient, into("below", collect), (seg(NM1, party(named), "R", 1, "QC"), below), True
    )
    provider = upper("2000C", "19", "1P", (again(subscriber, leaf=True),))
    receiver = upper("2000B", "21", "41", (provider,))
    place = into(subjects, lambda record: branches(getattr(record, subjects), ABOVE))
    return upper("2000A", "20", "PR", (seg(PER, party_contact(), limit=1), receiver), place)


def branches(subjects: Iterable[Any], names: tuple[str, ...]) -> list[Any]:
    """Flat subjects under the parties above them, neighbours of equal parties together; the subjects themselves at the end."""
    if not names:
        return list(subjects)
    name, *rest = names
    present = [item for item in subjects if getattr(item, name) is not None]
    groups = neighbours(present, lambda item: getattr(item, name))
    return [Branch(who, below=branches(items, tuple(rest))) for who, items in groups]


def leaves(sources: Iterable[Branch]) -> Iterator[tuple[Any, Any, Any, Any]]:
    """(source, receiver, provider, patient's HL) for every leaf; the lower ones are None where the tree ends above them."""
    for source in sources:
        for receiver in source.below or [Branch()]:
            for provider in receiver.below or [Branch()]:
                for patient in provider.below or [None]:
                    yield source.party, receiver.party, provider.party, patient
