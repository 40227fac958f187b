"""Where in a text the parts of a JSON value stand, so that an error can name a line."""

import re
from collections.abc import Iterator
from contextlib import suppress
from json import JSONDecodeError, JSONDecoder

SPACE = re.compile(r"[ \t\r\n]*")
SCALAR = re.compile(r"[^\s,\]}]+")
DECODER = JSONDecoder()


def lines_by_pointer(text: str, start: int = 0, first_line: int = 1) -> dict[str, int]:
    """The line of every part of the JSON value at `start`, by JSON pointer; the whole value has the pointer "".

    `first_line` is the line of `start`. The text must be valid JSON there; raises JSONDecodeError where it is not. Where
    it is nested too deep to follow, only the parts before that place have a line.
    """
    found: dict[str, int] = {}
    line, counted = first_line, start
    with suppress(RecursionError):
        for pointer, position in _Places(text).walk("", start):
            line, counted = line + text.count("\n", counted, position), position
            found[pointer] = line
    return found


class _Places:
    """A reader that keeps positions instead of values."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.end = 0
        """Where the value read last ends."""

    def walk(self, pointer: str, start: int) -> Iterator[tuple[str, int]]:
        start = self._skip(start)
        yield pointer, start
        opening = self._text[start : start + 1]
        if opening == "{":
            yield from self._members(pointer, start + 1)
        elif opening == "[":
            yield from self._items(pointer, start + 1)
        elif opening == '"':
            _, self.end = DECODER.raw_decode(self._text, start)
        else:
            match = SCALAR.match(self._text, start)
            if match is None:
                raise JSONDecodeError("a value is missing", self._text, start)
            self.end = match.end()

    def _members(self, pointer: str, at: int) -> Iterator[tuple[str, int]]:
        at = self._skip(at)
        while self._text[at : at + 1] == '"':
            name, at = DECODER.raw_decode(self._text, at)
            escaped = name.replace("~", "~0").replace("/", "~1")
            yield from self.walk(f"{pointer}/{escaped}", self._skip(at) + 1)
            at = self._next()
        self._close(at, "}")

    def _items(self, pointer: str, at: int) -> Iterator[tuple[str, int]]:
        at, number = self._skip(at), 0
        while self._text[at : at + 1] not in ("]", ""):
            yield from self.walk(f"{pointer}/{number}", at)
            at, number = self._next(), number + 1
        self._close(at, "]")

    def _next(self) -> int:
        at = self._skip(self.end)
        return self._skip(at + 1) if self._text[at : at + 1] == "," else at

    def _close(self, at: int, bracket: str) -> None:
        if self._text[at : at + 1] != bracket:
            raise JSONDecodeError(f"a {bracket} is missing", self._text, at)
        self.end = at + 1

    def _skip(self, at: int) -> int:
        match = SPACE.match(self._text, at)
        return match.end() if match else at
