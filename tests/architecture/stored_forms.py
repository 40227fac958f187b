"""What every stored document looks like, a line a field: `python -m tests.architecture.stored_forms` notes it anew."""

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deploy.local.fleet import service_names
from schemas.document import Aggregate

NOTED = Path(__file__).with_name("stored_forms.txt")
REQUIRED = " required"
Schema = Mapping[str, Any]


def aggregates() -> Iterator[tuple[str, type[Aggregate]]]:
    """Service and class of every document."""
    for service in service_names():
        for stored in importlib.import_module(f"services.{service}.store").DOCUMENTS:
            yield service, stored.aggregate


def form(service: str, aggregate: type[Aggregate]) -> dict[str, str]:
    """By path, under service, class and schema number: the type of a field, and whether it must be there."""
    schema = aggregate.model_json_schema()
    root = f"{service} {aggregate.__name__} {aggregate.SCHEMA}"
    return {root + path: what for path, what in _fields("", schema, schema.get("$defs", {}))}


def lines(service: str, aggregate: type[Aggregate]) -> list[str]:
    """The form as it is noted: a heading, then a line a field."""
    fields = form(service, aggregate)
    return [kind(next(iter(fields))), *(f"{path[path.index('/') :]}: {what}" for path, what in sorted(fields.items()))]


def _fields(place: str, part: Schema, named: Schema) -> Iterator[tuple[str, str]]:
    for one in _alternatives(part, named):
        for name, field in one.get("properties", {}).items():
            must = REQUIRED if name in one.get("required", ()) else ""
            yield f"{place}/{name}", "|".join(sorted({_type(kind) for kind in _alternatives(field, named)})) + must
            yield from _fields(f"{place}/{name}", field, named)
        for inner in (one.get("items"), one.get("additionalProperties")):
            if isinstance(inner, Mapping):
                yield f"{place}/*", "|".join(sorted({_type(kind) for kind in _alternatives(inner, named)}))
                yield from _fields(f"{place}/*", inner, named)


def _alternatives(part: Schema, named: Schema) -> list[Schema]:
    while "$ref" in part:
        part = named[part["$ref"].rsplit("/", 1)[1]]
    return [one for choice in part.get("anyOf", ()) for one in _alternatives(choice, named)] or [part]


def _type(part: Schema) -> str:
    told = [str(part[key]) for key in ("type", "format", "enum", "const", "pattern") if key in part]
    return " ".join(told) or "any"


def noted() -> dict[str, str]:
    """The forms as they were noted last."""
    found: dict[str, str] = {}
    root = ""
    for line in NOTED.read_text("utf-8").splitlines():
        if line.startswith("/"):
            path, what = line.split(": ", 1)
            found[root + path] = what
        else:
            root = line
    return found


def now() -> dict[str, str]:
    """The forms as the code has them."""
    return {path: what for found in aggregates() for path, what in form(*found).items()}


def misread(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What of documents noted before a reader of now would lose or refuse, though the schema number is the same."""
    kinds = {kind(path) for path in before} & {kind(path) for path in after}
    told = []
    for path, what in before.items():
        told_now = after.get(path, "gone")
        if kind(path) in kinds and not _admits(told_now, what):
            told.append(f"{path}: was {what}, is {told_now}")
    for path, what in after.items():
        around = path.rpartition("/")[0]
        if path not in before and what.endswith(REQUIRED) and (around in before or around in kinds):
            told.append(f"{path}: is new and required")
    return told


def _admits(now: str, before: str) -> bool:
    """Whether a field of now takes every value of the field before; one that was there always may be absent now."""
    optional = now.endswith(REQUIRED) <= before.endswith(REQUIRED)
    return optional and set(before.removesuffix(REQUIRED).split("|")) <= set(now.removesuffix(REQUIRED).split("|"))


def kind(path: str) -> str:
    """Service, class and schema number of a path."""
    return path.partition("/")[0]


if __name__ == "__main__":
    NOTED.write_text("\n".join(line for found in aggregates() for line in lines(*found)) + "\n", "utf-8")
