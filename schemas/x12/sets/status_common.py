"""What 276 and 277 (005010X212) share: the HL tree of payer, receiver, provider, subscriber and dependent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from schemas.x12.description import Loop, Place, add, again, party, seg, spread
from schemas.x12.records.acks import LineStatus
from schemas.x12.records.parts import Party
from schemas.x12.segments import DMG, DTP, NM1, REF
from schemas.x12.segments_status import SVC
from schemas.x12.sets.levels import Branch, Level, Part, into, level, neighbours


def line(suffix: str, *more: Part) -> Loop:
    """Loop 2210/2220: one service line."""
    rules = (*more, seg(REF, add("references"), codes="FJ"), seg(DTP, add("dates"), codes="472"))
    loop_id = f"2220{suffix}" if more else f"2210{suffix}"
    return Loop(loop_id, LineStatus, add("lines"), seg(SVC, spread()), rules)


def birth(attribute: str) -> Place:
    """DMG stands before the name: kept on the HL's record until the name is known."""

    def bind(record: Any, pairs: Any, _: int) -> None:
        record.birth = pairs

    def collect(record: Any) -> list[Any]:
        person = getattr(record, attribute)
        return [person] if person is not None and (person.birth_date or person.sex) else []

    return Place(bind, collect)


def settle_birth(member: Any, person: Party | None) -> None:
    """Gives the birth date and sex that stood before the name to the person."""
    if person is not None:
        for name, value in member.birth:
            setattr(person, name, value)


def tree(record: Any, empty: Callable[..., Any], said: Callable[[Any, str], dict[str, Any]]) -> list[Any]:
    """Flat subjects to levels; `said(subject, level)` gives what stands at receiver and provider level."""
    levels = []
    for source, items in neighbours(record.subjects, lambda item: item.source):
        receivers = []
        for (who, words), some in neighbours(items, lambda item: (item.receiver, said(item, "receiver"))):
            providers = [
                Branch(name, below=_members(few, empty), **more)
                for (name, more), few in neighbours(
                    [item for item in some if item.provider is not None],
                    lambda item: (item.provider, said(item, "provider")),
                )
            ]
            receivers.append(Branch(who, below=providers, **words))
        levels.append(Branch(source, below=receivers))
    return levels


def _members(subjects: Iterable[Any], empty: Callable[..., Any]) -> list[Level]:
    members = []
    for subscriber, items in neighbours(
        [item for item in subjects if item.subscriber is not None], lambda item: item.subscriber
    ):
        own = [item for item in items if item.dependent is None]
        dependents = [item for item in items if item.dependent is not None]
        members += [Level(item) for item in own[:-1]]
        members.append(Level(own[-1] if own else empty(subscriber=subscriber), dependents))
    return members


def walk(sources: Iterable[Branch]) -> Iterable[tuple[Branch, Branch, Branch | None, Any, Any]]:
    """(source, receiver, provider, subscriber's HL, dependent's HL) for every leaf of the tree."""
    for source in sources:
        for receiver in source.below:
            if not receiver.below:
                yield source, receiver, None, None, None
            for provider in receiver.below:
                if not provider.below:
                    yield source, receiver, provider, None, None
                for member in provider.below:
                    if member.claims or not member.below:
                        yield source, receiver, provider, member, None
                    for dependent in member.below:
                        yield source, receiver, provider, member, dependent


def subject(kind: type[Any], leaf: Any) -> Any:
    """A subject of the public kind with the fields of the HL that was read."""
    if leaf is None:
        return kind()
    return kind(**{item.name: getattr(leaf, item.name) for item in fields(kind)})


def members(member: Callable[[], Any], claim: Callable[[str], Loop], born: bool) -> Loop:
    """HL 22 with its claims and its dependents' HL 23; `born`: the guide has a DMG before the name (276 only)."""

    def rules(suffix: str, code: str, attribute: str) -> tuple[Part, ...]:
        rest = (seg(NM1, party(attribute), "R", 1, code), claim(suffix))
        return (seg(DMG, birth(attribute), limit=1), *rest) if born else rest

    place = into("below", lambda record: record.below)
    dependent = again(level("2000E", "23", member, place, rules("E", "QC", "dependent")), leaf=True)
    return level("2000D", "22", member, place, (*rules("D", "IL", "subscriber"), dependent))


def upper(loop_id: str, code: str, names: str, body: Iterable[Part], place: Place | None = None) -> Loop:
    """HL 20, 21 or 19."""
    where = place or into("below", lambda record: record.below)
    return level(loop_id, code, Branch, where, (seg(NM1, party("party"), "R", 1, names), *body), code == "20")
