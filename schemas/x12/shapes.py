"""Shapes: how the elements of one segment become a value and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol

from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import KINDS, READERS, WRITERS, Element, Problem, element, join


class Shape(Protocol):
    """Reads the elements of a segment (tag first) into a value, with its problems; writes a value as element texts."""

    tag: str

    def read(self, texts: list[str], delimiters: Delimiters) -> tuple[Any, list[Problem]]:
        """The value and what is wrong with it; never raises."""

    def write(self, value: Any, delimiters: Delimiters) -> list[str]:
        """Element texts without the tag; empty ones at the end are dropped by the writer."""


class Fields:
    """A segment whose elements are named fields. With `record` its value is one record, else (name, value) pairs of what is
    present, to be spread over the record of the loop."""

    def __init__(self, tag: str, spec: str, record: Callable[..., Any] | None = None) -> None:
        self.tag = tag
        self.elements: list[Element] = [element(index, text) for index, text in enumerate(spec.split(), 1)]
        self.names = [name for item in self.elements for name in item.names]
        self.record = record
        self.defaults = {
            name: "" if len(item.names) > 1 else item.empty for item in self.elements for name in item.names
        }

    def read(self, texts: list[str], delimiters: Delimiters) -> tuple[Any, list[Problem]]:
        problems: list[Problem] = []
        pairs: list[tuple[str, Any]] = []
        count = len(texts)
        for item in self.elements:
            text = texts[item.index] if item.index < count else ""
            if not item.names:
                if text and not item.constant:
                    problems.append(_unused(self.tag, item))
                continue
            if text:
                self._present(item, text, delimiters, pairs, problems)
            elif item.required:
                problems.append(missing(self.tag, item))
        if count > len(self.elements) + 1 and any(texts[len(self.elements) + 1 :]):
            problems.append(_too_many(self.tag, len(self.elements)))
        return (tuple(pairs) if self.record is None else self.record(**{**self.defaults, **dict(pairs)})), problems

    def _present(
        self,
        item: Element,
        text: str,
        delimiters: Delimiters,
        pairs: list[tuple[str, Any]],
        problems: list[Problem],
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
        if item.high and item.type == "T" and not item.low <= len(text) <= item.high:
            problems.append(_length(self.tag, item, len(text)))

    def write(self, value: Any, delimiters: Delimiters) -> list[str]:
        texts: list[str] = []
        constant = ""
        for item in self.elements:
            if len(item.names) == 1:
                content = getattr(value, item.names[0])
                absent = content == 0 and item.type in ("$", "N") and not item.required
                text = "" if absent else WRITERS[item.type](content, delimiters)
                if constant and text:
                    texts[-1] = constant
                texts.append(text)
            elif item.names:
                texts.append(join([getattr(value, name) for name in item.names], delimiters.component))
            else:
                texts.append("")
            constant = item.constant
        return texts


class Texts:
    """A segment kept as the tuple of its element texts."""

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def read(self, texts: list[str], delimiters: Delimiters) -> tuple[Any, list[Problem]]:
        return tuple(texts[1:]), []

    def write(self, value: Any, delimiters: Delimiters) -> list[str]:
        return list(value)


class Special:
    """A segment with its own reader and writer. `reader(texts, delimiters)` raises ValueError("n message") for element n."""

    def __init__(
        self,
        tag: str,
        reader: Callable[[list[str], Delimiters], Any],
        writer: Callable[[Any, Delimiters], list[str]],
        empty: Callable[[], Any],
        essential: bool = False,
    ) -> None:
        self.tag = tag
        self._reader, self._writer, self._empty, self._essential = reader, writer, empty, essential

    def read(self, texts: list[str], delimiters: Delimiters) -> tuple[Any, list[Problem]]:
        try:
            return self._reader(texts, delimiters), []
        except (ValueError, IndexError, OverflowError) as error:
            match = re.match(r"(\d+) (.*)", str(error))
            place, text = (
                (int(match[1]), match[2]) if match else (1, "cannot be read; ask the sender to correct the segment")
            )
            problem = Problem("malformed_element", place, self._essential, f"{self.tag}{place:02d} {text}")
            return self._empty(), [problem]

    def write(self, value: Any, delimiters: Delimiters) -> list[str]:
        return self._writer(value, delimiters)


def missing(tag: str, item: Element) -> Problem:
    """A required element that is absent."""
    place = f"{tag}{item.index:02d}"
    message = f"{place} ({item.names[0].replace('_', ' ')}) is required and absent; ask the sender to supply it"
    return Problem("missing_element", item.index, item.essential, message)


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


def _too_many(tag: str, count: int) -> Problem:
    message = f"{tag} has more than the {count} elements that the guide defines; the rest is kept but not used"
    return Problem("too_many_elements", count + 1, False, message)
