"""Shapes: how the elements of one segment become a value and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import KINDS, READERS, Element, Problem, element, trimmed
from schemas.x12.lines import TABLE, TEXT, UNUSED, Line, field_line, field_texts, kind, texts_line
from schemas.x12.patterns import Patterns
from schemas.x12.values import CENTS, DATES, DECIMALS


class Shape(Protocol):
    """Reads the elements of a segment (tag first) into a value, with its problems; writes a value as element texts.

    `pattern` is what the segment looks like (without terminator) when it has no problems and its qualifier is one of `codes`.
    """

    tag: str

    def read(self, texts: list[str], delimiters: Delimiters) -> tuple[Any, list[Problem]]:
        """The value and what is wrong with it; never raises."""

    def write(self, value: Any, delimiters: Delimiters) -> list[str]:
        """Element texts without the tag; empty ones at the end are dropped by the writer."""

    def line(self, delimiters: Delimiters) -> Line:
        """What makes the finished segment of a value, where nothing in it wants a closer look."""

    def pattern(self, patterns: Patterns, codes: Sequence[str]) -> str | None:
        """As a regular expression; None where only reading tells."""


TABLES: dict[str, Callable[[str], Any]] = {
    "$": CENTS.__getitem__,
    "$?": CENTS.__getitem__,
    "#": DECIMALS.__getitem__,
    "D": DATES.__getitem__,
    "N": int,
    "N?": int,
}
Pairs = list[tuple[str, Any]]
# Segments whose own writers make composites
COMPOSITES = frozenset({"HI", "STC", "PLB", "IK4", "CTX", "TOO", "SV1", "SV2", "SV3", "CTP"})


class Fields:
    """A segment whose elements are named fields. With `record` its value is one record, else (name, value) pairs of what is
    present, to be spread over the record of the loop."""

    def __init__(self, tag: str, spec: str, record: Callable[..., Any] | None = None) -> None:
        self.tag = tag
        self.elements: list[Element] = [element(index, text) for index, text in enumerate(spec.split(), 1)]
        self.names = [name for item in self.elements for name in item.names]
        self.plain = [item.index for item in self.elements if item.type == "T" and len(item.names) == 1]
        self.single = [item.index for item in self.elements if item.type != "L"]
        self.record = record
        self._size = len(self.elements) + 1
        self._reads = [_read_plan(item) for item in self.elements if item.names or not item.constant]
        self._written: Callable[[Any, Delimiters], list[str]] | None = None
        self._empty = {name: _empty(item) for item in self.elements for name in item.names}
        if is_dataclass(record):
            self._empty = {item.name: self._empty[item.name] for item in fields(record) if item.name in self._empty}

    def read(self, texts: list[str], delimiters: Delimiters) -> tuple[Any, list[Problem]]:
        problems: list[Problem] = []
        pairs: Pairs = []
        count = len(texts)
        for index, sort, name, reader, low, high, item in self._reads:
            text = texts[index] if index < count else ""
            if not text:
                if item.required:
                    problems.append(missing(self.tag, item))
            elif sort == TEXT:
                pairs.append((name, text))
                if not low <= len(text) <= high:
                    problems.append(_length(self.tag, item, len(text)))
            elif sort == TABLE:
                try:
                    pairs.append((name, reader(text)))
                except (ValueError, OverflowError):
                    problems.append(_malformed(self.tag, item))
            elif sort == UNUSED:
                problems.append(_unused(self.tag, item))
            else:
                self._composite(item, text, delimiters, pairs, problems)
        if count > self._size and any(texts[self._size :]):
            problems.append(_too_many(self.tag, self._size - 1))
        if self.record is None:
            return tuple(pairs), problems
        return self.record(*{**self._empty, **dict(pairs)}.values()), problems

    def _composite(
        self, item: Element, text: str, delimiters: Delimiters, pairs: Pairs, problems: list[Problem]
    ) -> None:
        try:
            value = READERS[item.type](text, delimiters)
        except (ValueError, OverflowError):
            problems.append(_malformed(self.tag, item))
            return
        if len(item.names) == 1:
            pairs.append((item.names[0], value))
        else:
            pairs.extend((name, part) for name, part in zip(item.names, value, strict=False) if part)

    def write(self, value: Any, delimiters: Delimiters) -> list[str]:
        if self._written is None:
            self._written = field_texts(self.elements)
        return self._written(value, delimiters)

    def line(self, delimiters: Delimiters) -> Line:
        return field_line(self.tag, self.elements, delimiters)

    def pattern(self, patterns: Patterns, codes: Sequence[str]) -> str:
        return patterns.fields(self.tag, self.elements, codes)


def _empty(item: Element) -> Any:
    return "" if len(item.names) > 1 else item.empty


def _read_plan(item: Element) -> tuple[int, int, str, Callable[[str], Any], int, int, Element]:
    """What reading needs of an element, at hand."""
    name = item.names[0] if item.names else ""
    return item.index, kind(item), name, TABLES.get(item.type, str), item.low, item.high or 10**9, item


class Texts:
    """A segment kept as the tuple of its element texts."""

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def read(self, texts: list[str], delimiters: Delimiters) -> tuple[Any, list[Problem]]:
        return trimmed(texts[1:]), []

    def write(self, value: Any, delimiters: Delimiters) -> list[str]:
        return list(value)

    def line(self, delimiters: Delimiters) -> Line:
        return texts_line(self.tag, self.write, delimiters, self.tag in COMPOSITES)

    def pattern(self, patterns: Patterns, codes: Sequence[str]) -> str:
        return f"{self.tag}{patterns.first(codes)}{patterns.rest}"


class Special:
    """A segment with its own reader and writer. `reader(texts, delimiters)` raises ValueError("n message") for element n.
    `pattern(patterns, codes)` is what the reader surely accepts, behind the tag; without it only the full reader can tell.
    `most` is how many elements the guide defines: what stands behind them is told, and where that is money (`essential`) the
    unit is set aside. `needs` names elements that the guide requires and `days` those that hold dates, where the reader can do
    without."""

    def __init__(
        self,
        tag: str,
        reader: Callable[[list[str], Delimiters], Any],
        writer: Callable[[Any, Delimiters], list[str]],
        empty: Callable[[], Any],
        essential: bool = False,
        pattern: Callable[[Patterns, Sequence[str]], str] | None = None,
        most: int = 0,
        needs: Mapping[int, str] | None = None,
        days: Sequence[int] = (),
    ) -> None:
        self.tag = tag
        self._pattern = pattern
        self._most, self._needs, self._days = most, needs or {}, days
        self._reader, self._writer, self._empty, self._essential = reader, writer, empty, essential

    def read(self, texts: list[str], delimiters: Delimiters) -> tuple[Any, list[Problem]]:
        try:
            return self._reader(texts, delimiters), [*self._absent(texts), *self._undated(texts), *self._behind(texts)]
        except (ValueError, IndexError, OverflowError) as error:
            match = re.match(r"(\d+) (.*)", str(error))
            place, text = (
                (int(match[1]), match[2]) if match else (1, "cannot be read; ask the sender to correct the segment")
            )
            problem = Problem("malformed_element", place, self._essential, f"{self.tag}{place:02d} {text}")
            return self._empty(), [problem]

    def _absent(self, texts: list[str]) -> list[Problem]:
        lacks = [(place, name) for place, name in self._needs.items() if not "".join(texts[place : place + 1])]
        return [_missing(self.tag, place, name, False) for place, name in lacks]

    def _undated(self, texts: list[str]) -> list[Problem]:
        return [
            _no_day(self.tag, place)
            for place in self._days
            if "".join(texts[place : place + 1]) and not day(texts, place)
        ]

    def _behind(self, texts: list[str]) -> list[Problem]:
        """What stands behind the last element of the guide: nobody reads it, so somebody is told."""
        if self._most and len(texts) > self._most + 1 and any(texts[self._most + 1 :]):
            return [_too_many(self.tag, self._most, self._essential)]
        return []

    def write(self, value: Any, delimiters: Delimiters) -> list[str]:
        return self._writer(value, delimiters)

    def line(self, delimiters: Delimiters) -> Line:
        return texts_line(self.tag, self._writer, delimiters, self.tag in COMPOSITES)

    def pattern(self, patterns: Patterns, codes: Sequence[str]) -> str | None:
        return None if self._pattern is None else self.tag + self._pattern(patterns, codes)


def missing(tag: str, item: Element) -> Problem:
    """A required element that is absent."""
    return _missing(tag, item.index, item.names[0].replace("_", " "), item.essential)


def _missing(tag: str, place: int, name: str, essential: bool) -> Problem:
    message = f"{tag}{place:02d} ({name}) is required and absent; ask the sender to supply it"
    return Problem("missing_element", place, essential, message)


def day(texts: list[str], place: int) -> dt.date | None:
    """The day in an element; None where there is none that can be read."""
    try:
        return DATES[texts[place]]
    except (ValueError, IndexError):
        return None


def _no_day(tag: str, place: int) -> Problem:
    text = f"{tag}{place:02d} is not {KINDS['D']}; ask the sender to correct it"
    return Problem("malformed_element", place, False, text)


def _malformed(tag: str, item: Element) -> Problem:
    kind = KINDS.get(item.type[0], "readable")
    message = f"{tag}{item.index:02d} ({item.names[0].replace('_', ' ')}) is not {kind}; ask the sender to correct it"
    return Problem("malformed_element", item.index, item.essential or item.type[0] == "$", message)


def _unused(tag: str, item: Element) -> Problem:
    message = f"{tag}{item.index:02d} is not used by the guide but holds data; it is kept but not used, ask the sender"
    return Problem("unused_element", item.index, False, message)


def _length(tag: str, item: Element, size: int) -> Problem:
    message = (
        f"{tag}{item.index:02d} has {size} characters where {item.low}-{item.high} are allowed; shorten or fill it"
    )
    return Problem("element_length", item.index, False, message)


def _too_many(tag: str, count: int, essential: bool = False) -> Problem:
    message = f"{tag} has more than the {count} elements that the guide defines; the rest is not used, ask the sender what it means"
    return Problem("too_many_elements", count + 1, essential, message)
