"""From validation errors to reasons that a partner's machine can read; never a value of the event in them."""

from collections.abc import Mapping
from inspect import isclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from schemas.events.partner import Reason
from schemas.partner.rejections import reason

MAX_REASONS = 20
"""Told at once; a list of 200 wrong lines says no more than its first 20."""

LENGTHS = {
    "string_too_short": "at least {min_length} characters",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} items",
    "too_long": "at most {max_length} items",
}
RANGES = {
    "greater_than_equal": "a number of at least {ge}",
    "greater_than": "a number above {gt}",
    "less_than_equal": "a number of at most {le}",
    "less_than": "a number below {lt}",
}
TYPES = {
    "string_type": "a text",
    "int_type": "an integer",
    "int_from_float": "an integer",
    "bool_type": "true or false",
    "model_type": "an object",
    "dict_type": "an object",
    "tuple_type": "a list",
    "date_type": "a date as YYYY-MM-DD",
    "datetime_type": "an instant as RFC 3339 with a zone",
}
FORMATS = {
    "string_pattern_mismatch": "text that matches {pattern}",
    "literal_error": "{expected}",
    "timezone_aware": "an instant with a zone",
}


def reasons(error: ValidationError, model: type[BaseModel], root: str = "") -> tuple[Reason, ...]:
    """One reason a fault, at most MAX_REASONS; `root` is the JSON pointer of the part that `model` describes."""
    faults = error.errors(include_url=False, include_input=False)
    found = dict.fromkeys(_reason(fault, model, root) for fault in faults)
    return tuple(found)[:MAX_REASONS]


def pointer(root: str, location: tuple[int | str, ...]) -> str:
    """A JSON pointer (RFC 6901) to a place below `root`."""
    escaped = (str(step).replace("~", "~0").replace("/", "~1") for step in location)
    return "/".join((root, *escaped))


def _reason(fault: Mapping[str, Any], model: type[BaseModel], root: str) -> Reason:
    kind, location, context = fault["type"], fault["loc"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        # the unknown name itself could hold anything, a patient's name too: only its parent is named
        known = ", ".join(_part(model, location[:-1]).model_fields)
        return reason("unknown_field", pointer(root, location[:-1]), fields=known)
    path = pointer(root, location)
    if kind == "missing":
        return reason("missing", path)
    for code, table in (("wrong_length", LENGTHS), ("out_of_range", RANGES), ("wrong_type", TYPES)):
        if kind in table:
            return reason(code, path, expected=table[kind].format(**context))
    return reason("wrong_format", path, expected=_form(kind, context))


def _form(kind: str, context: Mapping[str, Any]) -> str:
    if kind in FORMATS:
        return FORMATS[kind].format(**context)
    if kind.startswith("datetime"):
        return TYPES["datetime_type"]
    return TYPES["date_type"] if kind.startswith("date") else "a value of the contract's form"


def _part(model: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel]:
    for step in location:
        if isinstance(step, str):
            model = _model(model.model_fields[step].annotation) or model
    return model


def _model(annotation: object) -> type[BaseModel] | None:
    if isclass(annotation) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model(part))), None)
