"""How a state differs from the one that rests, by the paths of an update. Copies share what did not change, so values
are compared by identity."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from schemas.document import Aggregate

News = tuple[dict[str, Any], list[str]]
"""New values by path, and the paths of what went."""


@dataclass(frozen=True, slots=True)
class Entries:
    """How a mapping differs from that which rests: what is new or another value, and the keys that went."""

    new: dict[str, Any]
    gone: frozenset[str]

    @classmethod
    def between(cls, rest: Mapping[str, Any], now: Mapping[str, Any]) -> "Entries":
        """The difference."""
        new = {key: value for key, value in now.items() if key not in rest or value is not rest[key]}
        return cls(new, frozenset(rest.keys() - now.keys()))

    @property
    def addressable(self) -> bool:
        """Whether every key can stand in the path of an update."""
        return all(key.isalnum() for key in (*self.new, *self.gone))


def news(before: Aggregate, after: Aggregate) -> News:
    """The fields of a state that are other values than before; of a keyed mapping its entries, of placed items theirs.

    PHI and a growing field are not among them.
    """
    kind = type(after)
    changed = _changed(before, after) - {"phi", kind.GROWING}
    found: dict[str, Any] = {}
    gone: list[str] = []
    for name in kind.KEYED & changed:
        entries = Entries.between(before.__dict__[name], after.__dict__[name])
        if entries.addressable:
            changed.remove(name)
            new = _shown(after.model_copy(update={name: entries.new}), {name})[name]
            found |= {f"{name}.{key}": value for key, value in new.items()}
            gone += [f"{name}.{key}" for key in entries.gone]
    for name in kind.PLACED & changed:
        items, others = before.__dict__[name], after.__dict__[name]
        if len(items) == len(others):
            changed.remove(name)
            found |= {f"{name}.{path}": value for path, value in _in_places(items, others)}
    return (found | _shown(after, changed), gone) if changed else (found, gone)


def _in_places(before: Sequence[BaseModel], after: Sequence[BaseModel]) -> Iterator[tuple[str, Any]]:
    for at, (old, new) in enumerate(zip(before, after, strict=True)):
        if new is not old:
            for name, value in _shown(new, _changed(old, new)).items():
                yield f"{at}.{name}", value


def _changed(before: BaseModel, after: BaseModel) -> set[str]:
    rest = before.__dict__
    return {name for name, value in after.__dict__.items() if value is not rest.get(name)}


def _shown(model: BaseModel, names: set[str]) -> dict[str, Any]:
    fields: dict[str, Any] = model.__pydantic_serializer__.to_python(model, mode="json", include=names)
    return fields
