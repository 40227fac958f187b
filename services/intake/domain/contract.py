"""Is a partner's event valid by the public contract? Also behind `overturn encounters validate`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from schemas.events.envelope import EventData
from schemas.events.partner import EncounterSubmitted, Reason
from schemas.partner.envelope import MAX_BYTES, PARTNER_EVENTS, PartnerEnvelope, partner_source
from schemas.partner.rejections import reason
from services.intake.domain.duplicate_keys import doubled
from services.intake.domain.faults import MAX_REASONS, pointer, reasons

ExtraValues = Literal["ignore", "forbid"]
M = TypeVar("M", bound=BaseModel)
HEADING = tuple(PartnerEnvelope.model_fields)
"""Attributes that the contract knows; an extension attribute may be anything."""
CONTENT = ("type", "source", "subject", "data")


@dataclass(frozen=True, slots=True)
class Checked:
    """What the contract says of one event: `data` where it is valid, otherwise at least one reason."""

    data: EventData | None = None
    reasons: tuple[Reason, ...] = ()
    encounter_number: str | None = None
    """Where readable, of an invalid event too."""


def check(value: Mapping[str, Any], partner: str, text: bytes = b"") -> Checked:
    """Check one JSON object that lies on `partner`'s topic; finds every fault of its part, not only the first.

    `text` is the JSON that it was read from; where it is given, a key that stands twice is a fault, told alone.
    """
    body = value.get("data")
    bare = {name: value[name] for name in HEADING if name in value}
    if isinstance(body, Mapping):
        bare["data"] = {}  # it is read by its own model: the envelope only needs to know that there is one
    heading = _read(PartnerEnvelope, _json(bare), "", "ignore")
    if not isinstance(heading, PartnerEnvelope):
        return Checked(reasons=heading, encounter_number=_number(value))
    if heading.source != partner_source(partner):
        return Checked(reasons=(reason("wrong_partner", "/source", source=partner_source(partner)),))
    model = PARTNER_EVENTS.get(heading.type)
    if model is None:
        return Checked(reasons=(reason("unknown_type", "/type", types=", ".join(PARTNER_EVENTS)),))
    if text and (twice := doubled(text, value)) is not None:
        return Checked(reasons=(reason("duplicate_key", pointer("", twice)),), encounter_number=_number(value))
    compact = _json(body)
    data = _read(model, compact, "/data", "forbid")
    if not isinstance(data, EventData):
        return Checked(reasons=data, encounter_number=_number(value))
    # in compact JSON only an escape or DEL itself may stand for a control character
    unprintable = _unprintable(body, ("data",)) if b"\\" in compact or b"\x7f" in compact else ()
    faults = (*_across(data), *unprintable)[:MAX_REASONS]
    return Checked(data=None if faults else data, reasons=faults, encounter_number=_number(value))


def too_large(value: Mapping[str, Any], size: int) -> Checked | None:
    """The refusal of an event of `size` bytes, None where the contract allows the size."""
    if size <= MAX_BYTES:
        return None
    return Checked(reasons=(reason("too_large", "", limit=f"{MAX_BYTES:,}"),), encounter_number=_number(value))


def content(value: Mapping[str, Any], text: bytes = b"") -> str:
    """What makes two events the same: type, subject and data in canonical form; the time of sending does not.

    `text`, the JSON that it was read from, stands for an event nested deeper than any of the contract.
    """
    kept = {name: value.get(name) for name in CONTENT}
    try:
        return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:
        return text.decode() or json.dumps(kept, sort_keys=True, ensure_ascii=False)


def _json(value: object) -> bytes:
    """Compact JSON; nothing where it is nested so deep that it is no event of ours anyway."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # deeper than 254, or a number that only Python's own reader takes for an integer
        try:
            return json.dumps(value, ensure_ascii=False).encode()
        except RecursionError:
            return b""


def _read(model: type[M], text: bytes, root: str, extra: ExtraValues) -> M | tuple[Reason, ...]:
    try:
        # strict JSON: a number in quotes is a text
        return model.model_validate_json(text, strict=True, extra=extra)
    except ValidationError as error:
        return reasons(error, model, root)


def _across(data: EventData) -> Iterator[Reason]:
    """Rules over several fields."""
    if not isinstance(data, EncounterSubmitted):
        return
    for position, coverage in enumerate(data.coverages):
        if coverage.relationship != "self" and coverage.subscriber is None:
            yield reason("subscriber_required", f"/data/coverages/{position}/subscriber")


def _unprintable(value: object, at: tuple[int | str, ...]) -> Iterator[Reason]:
    """Texts with control characters: no X12 element and no letter can carry them."""
    if isinstance(value, str):
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
            yield reason("control_characters", pointer("", at))
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _unprintable(part, (*at, name))
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield from _unprintable(part, (*at, position))


def _number(value: Mapping[str, Any]) -> str | None:
    data = value.get("data")
    number = data.get("encounter_number") if isinstance(data, dict) else None
    return number if isinstance(number, str) and 1 <= len(number) <= 50 else None
