"""What is written of one set so far, and why it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from schemas.x12.binary import TAGS as BINARY
from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Loop, Seg, SetDescription
from schemas.x12.diagnostics import Diagnostic, X12WriteError
from schemas.x12.elements import Unwritable
from schemas.x12.finding_codes import Code
from schemas.x12.lines import mistyped
from schemas.x12.loss import lost, unwritten
from schemas.x12.shapes import COMPOSITES, Fields, Shape

ODD = "\x00"


class Emitter:
    """Takes the segments of a set: `lines` in order, `levels` how many HLs are among them, `findings` why they must not leave."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.lines: list[str] = []
        self.findings: list[Diagnostic] = []
        self.levels = 0

    def whole(self, rule: Seg | Loop | SetDescription, record: Any) -> None:
        """Refuses a record that holds what none of its segments writes."""
        for name in unwritten(rule, record):
            text = f"{name} has no segment here and would be lost; take it out, or put it where the guide has a place"
            loop = rule.id if isinstance(rule, Loop) else ""
            self._refuse("not_written", text, loop, name)

    def compare(self, sent: Any, read: Any) -> None:
        """Refuses subjects that do not come back: a part whose parent is missing has no level to stand in."""
        for path in lost(sent, read):
            text = f"{path} would be lost: the guide has no segment for it, or a party of a level above it is absent"
            self._refuse("not_written", text, "", path)

    def lost(self, attribute: str) -> None:
        """Refuses a list that holds more than its lines have written."""
        text = f"{attribute} holds an entry whose qualifier has no place in this loop; remove or requalify it"
        self._refuse("unexpected_qualifier", text, "", attribute)

    def segment(self, shape: Shape, value: Any, loop: str) -> str:
        """One segment, looked at closely; elements that are empty at the end are left out.

        Raises X12WriteError for a field of another type than the record declares: of that nothing can be sent.
        """
        delimiters = self.delimiters
        try:
            texts = shape.write(value, delimiters)
            whole = delimiters.element.join((shape.tag, *texts))
        except Unwritable:
            self._forbidden(shape, loop)
            texts = self._as_it_is(shape, value)
            whole = delimiters.element.join((shape.tag, *texts))
        except (TypeError, ValueError, AttributeError):
            raise self._mistyped(shape, value, loop) from None
        if shape.tag in BINARY:
            return whole
        line = whole.rstrip(delimiters.element)
        if (
            whole.count(delimiters.element) > len(texts)
            or delimiters.segment in line
            or not line.isprintable()
            and self._unprintable(line)
        ):
            self._forbidden(shape, loop)
        elif delimiters.component in line or delimiters.repetition in line:
            self._guard(shape, texts, loop)
        return line

    def _refuse(self, code: Code, text: str, loop: str, element: str) -> None:
        place = len(self.lines) + 2
        self.findings.append(Diagnostic(code, "error", 2, place, text, loop, element, "transaction"))

    def _unprintable(self, line: str) -> bool:
        marks = (self.delimiters.element, self.delimiters.component, self.delimiters.repetition)
        return not "".join(letter for letter in line if letter not in marks).isprintable()

    def _as_it_is(self, shape: Shape, value: Any) -> list[str]:
        """What an unchecked write sends all the same; the segment's tag alone where nothing can be made of it."""
        try:
            texts = shape.write(value, replace(self.delimiters, component=ODD, repetition=ODD))
        except Unwritable:
            return []
        return [text.replace(ODD, self.delimiters.component) for text in texts]

    def _guard(self, shape: Shape, texts: list[str], loop: str) -> None:
        component, repetition = self.delimiters.component, self.delimiters.repetition
        if isinstance(shape, Fields):
            plain = "".join([texts[index - 1] for index in shape.plain])
            single = "".join([texts[index - 1] for index in shape.single])
        else:
            single = "".join(texts)
            plain = "" if shape.tag in COMPOSITES else single
        if component in plain or repetition in single:
            self._forbidden(shape, loop)

    def _forbidden(self, shape: Shape, loop: str) -> None:
        what = f"{shape.tag} holds a delimiter, a control character or more than it has places for"
        text = f"{what}; take it out or choose other delimiters"
        place = len(self.lines) + 2
        self.findings.append(Diagnostic("delimiter_in_data", "error", 1, place, text, loop, shape.tag, "transaction"))

    def _mistyped(self, shape: Shape, value: Any, loop: str) -> X12WriteError:
        """Names the element whose field is of another type than the record declares."""
        element, text = mistyped(shape, value, self.delimiters)
        place = len(self.lines) + 2
        return X12WriteError([Diagnostic("value_mistyped", "error", 1, place, text, loop, element, "transaction")])
