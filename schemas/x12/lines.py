"""Segments as they are sent, by functions made from the elements of their shapes.

`field_texts` gives the elements' texts. A `Line` gives the finished segment, or None where something in it wants a closer look
(a delimiter inside of an element, say): the emitter then looks, and says what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import WRITERS, Element, join
from schemas.x12.generate import made
from schemas.x12.values import DAYS, format_cents, format_decimal

Line = Callable[[Any], str | None]
TEXT, TABLE, COMPOSITE, UNUSED = range(4)
FORMATS: dict[str, Callable[[Any], str]] = {
    "$": format_cents,
    "$?": format_cents,
    "#": format_decimal,
    "D": DAYS.__getitem__,
    "N": str,
    "N?": str,
}


def kind(item: Element) -> int:
    """How an element's text becomes a value: as it is, by a table, by a composite's reader, or not at all."""
    if not item.names:
        return UNUSED
    if len(item.names) == 1 and item.type == "T":
        return TEXT
    return TABLE if item.type in FORMATS else COMPOSITE


def field_texts(elements: Sequence[Element]) -> Callable[[Any, Delimiters], list[str]]:
    """A function of a record and the delimiters that gives the texts of these elements; raises Unwritable."""
    texts = ", ".join(f"t{item.index}" for item in elements)
    return made("write", ["def write(value, delimiters):", *_texts(elements), f" return [{texts}]"], _known(elements))


def field_line(tag: str, elements: Sequence[Element], delimiters: Delimiters) -> Line:
    """The `Line` of a segment whose elements are fields of a record."""
    texts = ", ".join(f"t{item.index}" for item in elements)
    composite = [item.index for item in elements if kind(item) == COMPOSITE]
    repeated = [item.index for item in elements if item.type == "L"]
    lines = [
        "def write(value):",
        " try:",
        *(f" {line}" for line in _texts(elements)),
        f"  line = separated(({tag!r}, {texts}))",
        " except (TypeError, ValueError, AttributeError):",
        "  return None",
        f" if line.count(separator) != {len(elements)} or end in line or not line.isprintable():",
        "  return None",
        *_only_in("component", composite),
        *_only_in("repetition", repeated),
        " return line.rstrip(separator)",
    ]
    known = {
        "delimiters": delimiters,
        "separator": delimiters.element,
        "separated": delimiters.element.join,
        "end": delimiters.segment,
        "component": delimiters.component,
        "repetition": delimiters.repetition,
    }
    return made("write", lines, _known(elements) | known)


def texts_line(
    tag: str, write: Callable[[Any, Delimiters], list[str]], delimiters: Delimiters, composite: bool
) -> Line:
    """The `Line` of a segment with its own writer of texts, which may be `composite`."""
    separator, end, component, repetition = (
        delimiters.element,
        delimiters.segment,
        delimiters.component,
        delimiters.repetition,
    )

    def line(value: Any) -> str | None:
        try:
            texts = write(value, delimiters)
            whole = separator.join((tag, *texts))
        except (TypeError, ValueError, AttributeError):
            return None
        odd = whole.count(separator) != len(texts) or end in whole or not whole.isprintable()
        if odd or repetition in whole or (component in whole and not composite):
            return None
        return whole.rstrip(separator)

    return line


def _only_in(mark: str, places: Sequence[int]) -> Iterator[str]:
    """Lines that give None where a delimiter stands in another element than these."""
    inside = " + ".join(f"t{place}.count({mark})" for place in places)
    yield f" if {mark} in line{f' and line.count({mark}) != {inside}' if inside else ''}:"
    yield "  return None"


def _known(elements: Sequence[Element]) -> dict[str, Any]:
    """The formats that `_texts` names."""
    formats = {
        item.index: FORMATS.get(item.type, str) if kind(item) == TABLE else WRITERS[item.type] for item in elements
    }
    return {"join": join} | {f"to{place}": known for place, known in formats.items()}


def _texts(elements: Sequence[Element]) -> Iterator[str]:
    """Lines that give `t1`, `t2` … the texts of the fields of `value`."""
    for item in elements:
        yield from _text(item)
    for item in elements[:-1]:
        if item.constant:
            yield f" t{item.index} = {item.constant!r} if t{item.index + 1} else ''"


def _text(item: Element) -> Iterator[str]:
    place, sort = item.index, kind(item)
    if sort == UNUSED:
        yield f" t{place} = ''"
    elif sort == TEXT:
        yield f" t{place} = value.{item.names[0]}"
    elif sort == TABLE:
        absent = "v is None or v == 0" if item.empty == 0 and not item.required else "v is None"
        yield f" v = value.{item.names[0]}"
        yield f" t{place} = '' if {absent} else to{place}(v)"
    elif len(item.names) == 1:
        empty = f"'' if value.{item.names[0]} == () else " if item.type in "LCI" else ""
        yield f" t{place} = {empty}to{place}(value.{item.names[0]}, delimiters)"
    else:
        parts = ", ".join(f"value.{name}" for name in item.names)
        yield f" t{place} = join([{parts}], delimiters.component)"


TYPES = {"$": "cents as int", "#": "a Decimal", "D": "a datetime.date", "N": "an int", "P": "a Procedure"}
TYPES |= {"T": "a str", "L": "a tuple of str", "C": "a tuple of str", "I": "a tuple of int"}


def mistyped(shape: Any, value: Any, delimiters: Delimiters) -> tuple[str, str]:
    """The element that cannot be written because of its field's type, and what to say; all of the segment where it is made
    by a writer of its own. Names the type, never the value."""
    for item in getattr(shape, "elements", ()):
        try:
            delimiters.element.join(field_texts([item])(value, delimiters))
        except (TypeError, ValueError, AttributeError):
            names = [(name, type(getattr(value, name, None)).__name__) for name in item.names]
            held = ", ".join(f"{name} holds {found}" for name, found in names)
            place = f"{shape.tag}{item.index:02d}"
            return place, f"{place} cannot be written: {held}; give {TYPES[item.type[0]]}"
    kinds = "cents as int, dates as datetime.date, quantities as Decimal, all else as str"
    return shape.tag, f"a field of {shape.tag} has another type than its record declares; give {kinds}"
