"""The quick pass over a claim: its structure by one regular expression, its sums by another, and no record until somebody looks.

A claim that passes has no findings. Anything odd leaves it to the full reader: what is said about a claim is always said there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from typing import Any

from schemas.x12.coded import Coder
from schemas.x12.compile import Node
from schemas.x12.cursor import AHEAD, Cursor
from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Quick
from schemas.x12.patterns import Patterns, alternatives
from schemas.x12.pieces import Pieces
from schemas.x12.rules.rule import never
from schemas.x12.structure import Structure
from schemas.x12.values import LIMIT

BLANKS = " \r\n"


DOUBT, LINE, ADJUSTMENT, OTHER = range(4)
# What a segment adds to the sums: its kind and two numbers (LINE: charge, and payment or last pointer; ADJUSTMENT: sum and
# patient's share; DIAGNOSES: how many)
Sums = tuple[int, int, int]
# A sound unit: its text, the values of `Quick.taken`, its facts, and the text of the host's lead where one stands before it
Passed = tuple[str, tuple[Any, ...], list[str], str]


def nothing(_: list[str]) -> Hashable | None:
    """All of a segment must be looked at."""
    return None


class Known(dict[str, Sums]):
    """The facts that were met, equal ones looked at once: what they add, DOUBT where their codes are not sound. `headers` are
    the opening segments that were found sound, by what that depends on, `judged` other segments by their codes."""

    __slots__ = ("coder", "codes", "delimiters", "depends", "headers", "judged", "sums")

    def __init__(self, coder: Coder, delimiters: Delimiters, quick: Quick) -> None:
        super().__init__()
        self.coder, self.delimiters, self.sums, self.depends = coder, delimiters, quick.sums, quick.depends
        self.codes = quick.codes
        self.headers: set[Hashable] = set()
        self.judged: set[Hashable] = set()

    def clear(self) -> None:
        """Forgets everything."""
        super().clear()
        self.headers.clear()
        self.judged.clear()

    def opens(self, header: list[str]) -> bool:
        """As `sound`, for the opening segment."""
        key = self.depends(header)
        if key in self.headers:
            return True
        sound = self.sound(header)
        if sound and len(self.headers) < LIMIT:
            self.headers.add(key)
        return sound

    def __missing__(self, fact: str) -> Sums:
        texts = fact.split(self.delimiters.element)
        codes = self.codes.get(texts[0], nothing)(texts)
        if codes in self.judged:
            found = self.sums(texts)
        elif not self.sound(texts):
            found = (DOUBT, 0, 0)
        else:
            found = self.sums(texts)
            if codes and len(self.judged) < LIMIT:
                self.judged.add(codes)
        if len(self) >= LIMIT:
            super().clear()
        self[fact] = found
        return found

    def sound(self, texts: list[str]) -> bool:
        """Whether no rule looks closer at such a segment, and its codes are known on the day of the set."""
        coder, tag = self.coder, texts[0]
        odd = coder.odd.get(tag)
        if odd is not None and odd(texts, self.delimiters):
            return False
        return tag not in coder.coded or not coder.problems(texts, self.delimiters)


class Scanner:
    """The quick pass for one kind of unit and choice of delimiters."""

    def __init__(self, delimiters: Delimiters, quick: Quick, pattern: re.Pattern[str], coder: Coder, host: str) -> None:
        patterns = Patterns(delimiters)
        tags = {*quick.facts, *coder.coded, *coder.odd} - {bar.partition("*")[0] for bar in quick.barred}
        marks = alternatives(tag.replace("*", delimiters.element) for tag in tags)
        facts = f"{patterns.end}({marks}{patterns.element}{patterns.all})"
        self.match, self.find = pattern.match, re.compile(facts).findall
        self.lead: Callable[[list[list[str]]], bool] = quick.lead.get(host, never)
        self.judge, self.end, self.element = quick.judge, delimiters.segment, delimiters.element
        self.known = Known(coder, delimiters, quick)

    def scan(self, cursor: Cursor, level: tuple[str, str] | None) -> Passed | None:
        """The unit that begins at the cursor's `start` (or with its host's lead, numbered `level`), and the cursor behind it;
        None, and nothing moved, when in doubt."""
        text, end, begin = cursor.text, self.end, cursor.start
        if len(text) - begin < AHEAD:
            cursor.look_ahead()
            text, begin = cursor.text, cursor.start
        found = self.match(text, begin)
        if found is None:
            return None
        start = begin
        if found.start(1) >= 0:
            if level is not None and found.groups()[1:] != level:
                return None
            start = text.rfind(end, start, found.end(1)) + 1
        stop = text.rfind(end, start, found.end()) + 1
        whole = text[start:stop]
        facts = self.find(whole)
        values = self.judge(whole[: whole.find(end)].lstrip(BLANKS).split(self.element), facts, self.known)
        if values is None or not whole.isascii():
            return None
        lead = text[begin:start]
        if lead and not (lead.isascii() and (self.lead is never or not self.lead(self.split(lead)))):
            return None
        cursor.start = cursor.place = stop
        return whole, values, facts, lead

    def split(self, text: str) -> list[list[str]]:
        """Segments and elements of a text."""
        return [segment.lstrip(BLANKS).split(self.element) for segment in text.split(self.end)[:-1]]


class Scanners(dict[int, Scanner | None]):
    """The quick pass for each kind of unit (by `id` of the node around it) of one set, where one can be made that is safe."""

    __slots__ = ("pieces", "quick", "watched")

    def __init__(self, pieces: Pieces, quick: Quick, watched: bool) -> None:
        super().__init__()
        self.pieces, self.quick, self.watched = pieces, quick, watched

    def of(self, node: Node, host: Node) -> Scanner | None:
        """Made when first used."""
        if id(host) not in self:
            self[id(host)] = self._made(node, host)
        return self[id(host)]

    def _made(self, node: Node, host: Node) -> Scanner | None:
        delimiters, coder = self.pieces.delimiters, self.pieces.coder
        marks = (delimiters.element, delimiters.component, delimiters.segment)
        if not all(mark.isascii() and len(mark) == 1 and not mark.isalnum() for mark in marks) or len(set(marks)) < 3:
            return None
        leading = not self.watched or host.loop.id in self.quick.lead
        pattern = Structure(delimiters, self.quick.barred).unit(node, host, leading)
        if pattern is None:
            return None
        made = Scanner(delimiters, self.quick, pattern, coder, host.loop.id)
        self.pieces.leaning.append(made.known)
        return made
