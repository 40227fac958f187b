"""Does a changed event still fit what was released? Old readers must read new events, new readers old ones."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
LIMITS = (
    "type",
    "const",
    "enum",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
)
"""Keywords whose every change is told: whether a new pattern admits more or less, a person must judge."""


def breaks(released: Schema, now: Schema) -> list[str]:
    """What no longer fits, each with its place; empty: compatible both ways. Descriptions and defaults may change."""
    return list(_walk("", released, now, released.get("$defs", {}), now.get("$defs", {})))


def _walk(place: str, old: Schema, new: Schema, old_defs: Schema, new_defs: Schema) -> Iterator[str]:
    old, new = _resolved(old, old_defs), _resolved(new, new_defs)
    for limit in LIMITS:
        if old.get(limit) != new.get(limit):
            yield f"{place or '/'}: {limit} was {old.get(limit)}, is {new.get(limit)}"
    yield from _fields(place, old, new, old_defs, new_defs)
    if "items" in old and "items" in new:
        yield from _walk(f"{place}/*", old["items"], new["items"], old_defs, new_defs)
    if isinstance(old.get("additionalProperties"), Mapping) and isinstance(new.get("additionalProperties"), Mapping):
        yield from _walk(f"{place}/*", old["additionalProperties"], new["additionalProperties"], old_defs, new_defs)
    choices = old.get("anyOf", []), new.get("anyOf", [])
    if len(choices[0]) != len(choices[1]):
        yield f"{place or '/'}: had {len(choices[0])} alternatives, has {len(choices[1])}"
    for before, after in zip(*choices, strict=False):
        yield from _walk(place, before, after, old_defs, new_defs)


def _fields(place: str, old: Schema, new: Schema, old_defs: Schema, new_defs: Schema) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    required, required_now = set(old.get("required", [])), set(new.get("required", []))
    for name in before:
        if name not in after:
            yield f"{place}/{name}: was taken away"
            continue
        if name in required - required_now:
            yield f"{place}/{name}: may be absent now, old readers need it"
        if name in required_now - required:
            yield f"{place}/{name}: is required now, old events may lack it"
        yield from _walk(f"{place}/{name}", before[name], after[name], old_defs, new_defs)
    for name in sorted(required_now - set(before)):
        yield f"{place}/{name}: is new and required; give it a default"


def _resolved(schema: Schema, defs: Schema) -> Schema:
    while "$ref" in schema:
        schema = defs[schema["$ref"].rsplit("/", 1)[1]]
    return schema
