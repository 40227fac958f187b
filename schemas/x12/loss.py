"""What a record holds and its description has no place for: the writer refuses it, so that nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from schemas.x12.description import Loop, Seg, SetDescription

# NM102 has no place in an N1, and says nothing there.
SILENT = frozenset({"kind"})
NOTHING: tuple[str, ...] = ()
_HOMELESS: dict[int, tuple[type[Any], tuple[str, ...]]] = {}


def unwritten(rule: Seg | Loop | SetDescription, record: Any) -> tuple[str, ...]:
    """The filled fields of `record` that no segment of this loop (or, for a name in one segment, of this segment) writes."""
    known = _HOMELESS.get(id(rule))
    if known is None or known[0] is not type(record):
        known = _HOMELESS[id(rule)] = type(record), tuple(homeless(rule, type(record)))
    names = known[1]
    return tuple([name for name in names if getattr(record, name)]) if names else NOTHING


def homeless(rule: Seg | Loop | SetDescription, kind: type[Any]) -> Iterator[str]:
    """The fields of a kind of record that no segment of this loop, or of this segment, writes."""
    if not is_dataclass(kind):
        return
    homes = set(SILENT)
    if isinstance(rule, Seg):
        homes |= set(getattr(rule.shape, "names", ()))
    else:
        homes |= {name for part in rule.body for name in _homes(part)}
    if isinstance(rule, Loop):
        homes |= {*rule.parents, *_homes(rule.header)}
    yield from (item.name for item in fields(kind) if item.compare and item.name not in homes)


def _homes(part: Seg | Loop) -> Iterator[str]:
    place = part.place
    if isinstance(part, Seg) and place.spreads:
        yield from getattr(part.shape, "names", ())
    yield from (name for name in (place.attribute, place.watch, *place.covers) if name)


def lost(sent: Any, read: Any, path: str = "") -> Iterator[str]:
    """Where something stands in the records that were written and nothing in those that were read back from them."""
    if sent == read:
        return
    if is_dataclass(sent) and is_dataclass(read):
        for item in fields(sent):
            if item.compare and hasattr(read, item.name):
                name = f"{path}.{item.name}" if path else item.name
                yield from lost(getattr(sent, item.name), getattr(read, item.name), name)
    elif isinstance(sent, (list, tuple)) and isinstance(read, (list, tuple)):
        if len(read) < len(sent):
            yield path
        for number, (one, other) in enumerate(zip(sent, read, strict=False)):
            yield from lost(one, other, f"{path}[{number}]")
    elif sent and not read:
        yield path
