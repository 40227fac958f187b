"""One element of a segment: its name, type, size and usage, read from a short text such as `charge:$1-18!!`.

`name:TYPE[min-max][!|!!]` where `!` means that the guide requires it and `!!` that the record is useless without it;
`-` is an element the record does not hold, `=X` a constant. Types: T text, $ cents ($? may be absent), # decimal, N integer
(N? may be absent), D date, P procedure (P? may be absent), L repetitions, C components, I integer components. A name with
`/` spreads the components over several fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemas.x12.delimiters import Delimiters
from schemas.x12.finding_codes import Code
from schemas.x12.records.parts import Procedure
from schemas.x12.values import CENTS, DATES, DECIMALS, format_cents, format_date, format_decimal

_SPEC = re.compile(r"(?P<name>[a-z0-9_/]+)(?::(?P<type>[A-Z$#]\??)(?P<low>\d+)?(?:-(?P<high>\d+))?)?(?P<need>!{0,2})$")
EMPTY: dict[str, Any] = {"T": "", "$": 0, "$?": None, "#": None, "N": 0, "N?": None, "D": None, "P?": None}
EMPTY |= {"P": Procedure(), "L": (), "C": (), "I": ()}


@dataclass(slots=True, frozen=True)
class Problem:
    """Something wrong with one segment, before it is known where the segment stood."""

    code: Code
    element: int
    essential: bool
    message: str
    snip: int = 1


@dataclass(slots=True)
class Element:
    """One position of a segment; `names` are the record fields it fills (none: unused; several: components)."""

    index: int
    names: tuple[str, ...]
    type: str = "T"
    low: int = 0
    high: int = 0
    required: bool = False
    essential: bool = False
    constant: str = ""

    @property
    def empty(self) -> Any:
        """The value of an absent element."""
        return EMPTY[self.type]


def element(index: int, text: str) -> Element:
    """Compiles one element's text; raises ValueError for a text that is no such description."""
    if text == "-":
        return Element(index, ())
    if text.startswith("="):
        return Element(index, (), constant=text[1:])
    match = _SPEC.match(text)
    if match is None:
        raise ValueError(f"no element description: {text!r}")
    low, high = int(match["low"] or 0), int(match["high"] or match["low"] or 0)
    need = match["need"]
    return Element(index, tuple(match["name"].split("/")), match["type"] or "T", low, high, bool(need), need == "!!")


def components(text: str, delimiters: Delimiters) -> list[str]:
    """The components of a composite, also where the sender did not use the separator that ISA16 announced."""
    separator = delimiters.component
    if separator and separator in text:
        return text.split(separator)
    for other in ":>|":
        if other in text and other != delimiters.element:
            return text.split(other)
    return [text]


def read_procedure(text: str, delimiters: Delimiters) -> Procedure:
    """C003."""
    parts = components(text, delimiters)
    size = len(parts)
    if size < 3:
        return Procedure(parts[0], parts[1] if size > 1 else "")
    modifiers = tuple(part for part in parts[2:6] if part)
    return Procedure(parts[0], parts[1], modifiers, parts[6] if size > 6 else "", parts[7] if size > 7 else "")


def format_procedure(value: Procedure, delimiters: Delimiters) -> str:
    """C003 with empty components at the end left out. Raises Unwritable for more than four modifiers."""
    separator, modifiers = delimiters.component, value.modifiers
    behind = (value.description, value.code_end)
    if behind == NOTHING_BEHIND:
        text = separator.join((value.qualifier, value.code, *modifiers))
        if text.count(separator) == len(modifiers) + 1 < 6 and not text.endswith(separator):
            return text
    if len(modifiers) > 4:
        raise Unwritable
    filled = (*modifiers, "", "", "", "")[:4]
    return join([value.qualifier, value.code, *filled, *behind], separator)


NOTHING_BEHIND = ("", "")


class Unwritable(ValueError):
    """A composite or repetition that would be read as something else; carries nothing of its content."""


def join(parts: list[str], separator: str) -> str:
    """Joins and drops what is empty at the end. Raises Unwritable where a part holds the separator, or stands alone and
    holds one that readers split by when ISA16 is not what the sender used."""
    text = separator.join(parts)
    if text.count(separator) >= (len(parts) or 1):
        raise Unwritable
    text = text.rstrip(separator)
    if separator not in text and (":" in text or ">" in text or "|" in text):
        raise Unwritable
    return text


def trimmed(parts: list[str]) -> tuple[str, ...]:
    """Without what is empty at the end: it says nothing, and is not written."""
    while parts and not parts[-1]:
        parts = parts[:-1]
    return tuple(parts)


def _integers(text: str, delimiters: Delimiters) -> tuple[int, ...]:
    return tuple(int(part) for part in components(text, delimiters) if part)


READERS: dict[str, Callable[[str, Delimiters], Any]] = {
    "T": lambda text, _: text,
    "$": lambda text, _: CENTS[text],
    "$?": lambda text, _: CENTS[text],
    "#": lambda text, _: DECIMALS[text],
    "N": lambda text, _: int(text),
    "N?": lambda text, _: int(text),
    "D": lambda text, _: DATES[text],
    "P": read_procedure,
    "P?": read_procedure,
    "L": lambda text, d: trimmed(text.split(d.repetition)) if d.repetition else (text,),
    "C": lambda text, d: trimmed(components(text, d)),
    "I": _integers,
}
WRITERS: dict[str, Callable[[Any, Delimiters], str]] = {
    "T": lambda value, _: value,
    "$": lambda value, _: format_cents(value),
    "$?": lambda value, _: "" if value is None else format_cents(value),
    "#": lambda value, _: "" if value is None else format_decimal(value),
    "N": lambda value, _: str(value),
    "N?": lambda value, _: "" if value is None else str(value),
    "D": lambda value, _: "" if value is None else format_date(value),
    "P": format_procedure,
    "P?": lambda value, d: "" if value is None else format_procedure(value, d),
    "L": lambda value, d: join(list(value), d.repetition),
    "C": lambda value, d: join(list(value), d.component),
    "I": lambda value, d: str(value[0]) if len(value) == 1 else d.component.join(map(str, value)),
}
AN_AMOUNT = "an amount (at most 12 digits before the point and 2 behind it)"
KINDS = {"$": AN_AMOUNT, "#": "a number", "N": "a whole number", "D": "a date (CCYYMMDD)", "I": "line pointers"}
