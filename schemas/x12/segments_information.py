"""Segments of the attachment guides (275)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schemas.x12.binary import from_octets, is_base64, to_octets
from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import Problem
from schemas.x12.lines import Line
from schemas.x12.patterns import Patterns
from schemas.x12.shapes import Fields, Texts

BGN = Fields("BGN", "purpose:T2! reference_id:T1-80! date:D! time:T4-8 time_code:T2 original_reference:T1-80")
CAT = Fields("CAT", "report:T2! format:T2!")
EFI = Fields("EFI", "security:T2!")
NX1 = Texts("NX1")
OOI = Fields("OOI", "object_id:T1-80! object_type:T1-3! object_name:T1-256")


FILTER = Problem("malformed_element", 1, True, "BDS01 is no filter (ASC, B64); ask the sender how to read the data")


BASE64 = Problem(
    "malformed_element", 3, True, "BDS03 is no base64 as BDS01 says; ask the sender for the document again"
)


class Octets:
    """BIN (BIN01 length, BIN02 data) or BDS (BDS01 filter, BDS02 length, BDS03 data): its value is (filter, bytes)."""

    def __init__(self, tag: str, length: int) -> None:
        self.tag, self._length = tag, length

    def read(self, texts: list[str], delimiters: Delimiters) -> tuple[Any, list[Problem]]:
        e = [*texts, "", "", ""]
        declared, data = e[self._length], e[self._length + 1]
        said = int(declared) if declared.isdecimal() and len(declared) < 11 else -1
        if said >= 0 and not data[said:].strip("\r\n"):
            data = data[:said]
        octets = to_octets(data)
        size = len(data)
        problems = [] if size == said else [self._problem(declared, size > said)]
        if not size:
            problems.append(self._absent())
        if self._length == 1:
            return ("", octets), problems
        if not (len(e[1]) == 3 and e[1].isalnum() and e[1].isascii()):
            problems.append(FILTER)
        elif e[1] == "B64" and not is_base64(octets):
            problems.append(BASE64)
        return (e[1], octets), problems

    def write(self, value: Any, delimiters: Delimiters) -> list[str]:
        kind, octets = value
        texts = [str(len(octets)), from_octets(octets)]
        return [kind, *texts] if self._length > 1 else texts

    def line(self, delimiters: Delimiters) -> Line:
        return lambda value: None

    def pattern(self, patterns: Patterns, codes: Sequence[str]) -> str | None:
        return None

    def _problem(self, declared: str, longer: bool) -> Problem:
        said = declared if declared.isdecimal() and len(declared) < 11 else "no number of"
        place = f"{self.tag}{self._length:02d}"
        text = f"{place} says {said} bytes, but {'more' if longer else 'fewer'} stand; ask the sender for the document again"
        return Problem("binary_longer" if longer else "binary_shorter", self._length, True, text)

    def _absent(self) -> Problem:
        place = self._length + 1
        text = f"{self.tag}{place:02d} holds no data; ask the sender for the document"
        return Problem("missing_element", place, True, text)


BIN = Octets("BIN", 1)
BDS = Octets("BDS", 2)
