"""HL trees of the inquiry and answer sets: people's levels above, and flat subjects as the records have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from schemas.x12.description import BIRTH, CITY, NOWHERE, SPECIALTY, STREET, Loop, Place, Seg, add, seg, spread
from schemas.x12.records.parts import Dated, Party, Reference, Trace
from schemas.x12.segments import DMG, N3, N4, NM1, PER, PRV, REF
from schemas.x12.segments_claim import HL

Part = Seg | Loop


class Level:
    """A record while its HL is written, with what hangs below it: the HLs of the next level, and claims."""

    __slots__ = ("below", "claims", "record")

    def __init__(self, record: Any, below: Sequence[Any] = (), claims: Sequence[Any] = ()) -> None:
        self.record, self.below, self.claims = record, below, claims


BELOW = Place(lambda record, value, position: None, lambda level: level.below)
CLAIMS = Place(lambda record, value, position: None, lambda level: level.claims)


@dataclass(slots=True)
class Branch:
    """One HL above the subjects: whom it names, and what was said at that level."""

    party: Party | None = None
    traces: list[Trace] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    statuses: list[Any] = field(default_factory=list)
    quantities: list[Any] = field(default_factory=list)
    amounts: list[Any] = field(default_factory=list)
    rejections: list[Any] = field(default_factory=list)
    below: list[Any] = field(default_factory=list)


def named(loop_id: str, codes: str, place: Place, required: bool = True, references: str = "", *more: Part) -> Loop:
    """The NM1 loop of a level, with address, birth, numbers and contacts."""
    first = codes.split()[0] if codes else ""
    rules: tuple[Part, ...] = (
        seg(REF, add("references"), codes=references),
        seg(N3, STREET, limit=1),
        seg(N4, CITY, limit=1),
        seg(PER, add("contacts"), limit=3),
        *more,
        seg(PRV, SPECIALTY, limit=1),
        seg(DMG, BIRTH, limit=1),
    )
    return Loop(loop_id, lambda: Party(first), place, seg(NM1, spread(), codes=codes), rules, required, 1)


def level(
    loop_id: str, code: str, record: Callable[[], Any], place: Place, body: Iterable[Part], required: bool = False
) -> Loop:
    """An HL loop."""
    return Loop(loop_id, record, place, seg(HL, NOWHERE, codes=code), tuple(body), required, level=code)


def neighbours(items: Iterable[Any], key: Callable[[Any], Any]) -> list[tuple[Any, list[Any]]]:
    """Runs of equal key, in order."""
    return [(name, list(run)) for name, run in groupby(items, key)]


def into(attribute: str, collect: Callable[[Any], list[Any]]) -> Place:
    """Reads into a list of the level; writes what `collect` says."""
    return Place(add(attribute).bind, collect, covers=(attribute,))
