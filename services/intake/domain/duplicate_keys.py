"""An object that names a key twice: readers differ on which value counts, so no partner's event may hold one."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import orjson
from pydantic import BaseModel

from schemas.partner.envelope import PARTNER_EVENTS, PartnerEnvelope

Steps = tuple[str | int, ...]


class _Doubled(dict[str, Any]):
    """An object in which `name` stood twice."""

    name = ""


def doubled(text: bytes, value: Mapping[str, Any]) -> Steps | None:
    """Where a key stands twice, as steps from the root; None: nowhere. `text` is the JSON that `value` was read from.

    The steps end before the first name that the contract does not know: it could be anything, a patient's name too.
    """
    if _compact(value) == text:
        return None  # compact JSON, as most senders write it: nothing was lost in reading
    found: list[_Doubled] = []

    def read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        whole = dict(pairs)
        if len(whole) == len(pairs):
            return whole
        names = [name for name, _ in pairs]
        twice = _Doubled(whole)
        twice.name = next(name for name in names if names.count(name) > 1)
        found.append(twice)
        return twice

    try:
        root = json.loads(text, object_pairs_hook=read)
        return _known(next(_places(root, ()))) if found else None
    except RecursionError:
        return None  # nested far deeper than the contract: refused for that


def _compact(value: Mapping[str, Any]) -> bytes | None:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return None  # nested deeper than it writes


def _places(value: object, at: Steps) -> Iterator[Steps]:
    if isinstance(value, _Doubled):
        yield (*at, value.name)
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _places(part, (*at, name))
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield from _places(part, (*at, position))


def _known(steps: Steps) -> Steps:
    names = _names()
    for place, step in enumerate(steps):
        if isinstance(step, str) and step not in names:
            return steps[:place]
    return steps


@cache
def _names() -> frozenset[str]:
    """Every field name of the contract."""
    models: tuple[type[BaseModel], ...] = (PartnerEnvelope, *PARTNER_EVENTS.values())
    return frozenset(
        name
        for model in models
        for part in _parts(model.model_json_schema(by_alias=True))
        for name in part.get("properties", {})
    )


def _parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield from schema.get("$defs", {}).values()
