"""The quick pass over claims: their structure by one regular expression, their sums by another, and no record until somebody looks.

A claim that passes has no findings. Anything odd leaves it to the full reader: what is said about a claim is always said there.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any, NamedTuple

from schemas.x12.coded import Coder
from schemas.x12.compile import Node
from schemas.x12.cursor import AHEAD, Cursor
from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Quick
from schemas.x12.patterns import Patterns, alternatives
from schemas.x12.pieces import Pieces
from schemas.x12.quick_facts import DOUBTFUL, END, OTHER, Fact
from schemas.x12.rules.rule import never
from schemas.x12.structure import Structure
from schemas.x12.values import LIMIT

RUN = 16  # so many claims at most are judged together: those behind a doubtful one are judged again
Level = tuple[str, str]
# Where a unit with its lead begins in a text, where the unit itself does (it may have no lead), and where it ends
Place = tuple[int, int, int]


class Known(dict[str, Fact]):
    """Segment text to fact, of the first that were met: DOUBTFUL where its codes are not sound, END where it opens a claim.
    `judged` are the codes (`Quick.sums`) that were found sound, `heads` sound segments without their last element, where
    `Quick.again` makes the fact of one that differs in that alone."""

    __slots__ = ("coder", "delimiters", "element", "heads", "judged", "opening", "quick")

    def __init__(self, coder: Coder, delimiters: Delimiters, quick: Quick, opening: str) -> None:
        super().__init__()
        self.coder, self.delimiters, self.quick, self.opening = coder, delimiters, quick, opening
        self.element = delimiters.element
        self.judged: set[Hashable] = set()
        self.heads: dict[str, Fact] = {}

    def clear(self) -> None:
        """Forgets everything."""
        super().clear()
        self.judged.clear()
        self.heads.clear()

    def __missing__(self, text: str) -> Fact:
        head, _, last = text.rpartition(self.element)
        like = self.heads.get(head)
        fact = self._look(text, head) if like is None else self.quick.again[like[0]](like, last)
        if len(self) < LIMIT:
            self[text] = fact
        return fact

    def _look(self, text: str, head: str) -> Fact:
        texts = text.split(self.element)
        sums = self.quick.sums.get(texts[0])
        codes, fact = sums(texts) if sums is not None else (None, (OTHER, 0, 0, text))
        if codes not in self.judged and not self._sound(texts, codes):
            return END if texts[0] == self.opening else DOUBTFUL
        if codes is not None and fact[0] in self.quick.again and len(self.heads) < LIMIT:
            self.heads[head] = fact
        return fact

    def _sound(self, texts: list[str], codes: Hashable) -> bool:
        """Whether no rule looks closer at such a segment, and its codes are known on the day of the set."""
        coder, tag = self.coder, texts[0]
        odd = coder.odd.get(tag)
        if odd is not None and odd(texts, self.delimiters):
            return False
        if tag in coder.coded and coder.problems(texts, self.delimiters):
            return False
        if codes is not None and len(self.judged) < LIMIT:
            self.judged.add(codes)
        return True


class Run(NamedTuple):
    """Sound units one behind another: the text they stand in, their places there, the values of `Quick.taken` of each, and the
    facts of all; `more` where another may follow."""

    text: str
    places: list[Place]
    values: list[tuple[Any, ...]]
    facts: list[Fact]
    more: bool


class Scanner:
    """The quick pass for one kind of unit and choice of delimiters."""

    def __init__(self, pieces: Pieces, quick: Quick, pattern: re.Pattern[str], unit: Node, host: Node) -> None:
        delimiters, coder = pieces.delimiters, pieces.coder
        patterns = Patterns(delimiters)
        opening = unit.loop.header.tag
        lead = quick.lead.get(host.loop.id)
        self.lead = lead(delimiters) if lead is not None else never
        absent = set() if lead is not None else {bar.partition("*")[0] for bar in quick.barred}
        tags = {opening, *quick.facts, *coder.coded, *coder.odd} - absent
        marks = alternatives(tag.replace("*", delimiters.element) for tag in tags)
        facts = f"{patterns.end}({marks}{patterns.element}{patterns.all})"
        self.match, self.find = pattern.match, re.compile(facts).findall
        self.judge, self.end = quick.judge, delimiters.segment
        self.known = Known(coder, delimiters, quick, opening)
        pieces.leaning.append(self.known)

    def scan(self, cursor: Cursor, level: Level | None) -> Run | None:
        """The units that begin at the cursor's `start` (or with their host's lead, numbered `level` and on), and the cursor
        behind them; None, and nothing moved, when in doubt."""
        if len(cursor.text) - cursor.start < AHEAD:
            cursor.look_ahead()
        text, begin = cursor.text, cursor.start
        places = self._places(text, begin, level)
        more = len(places) == RUN or (bool(places) and len(text) - places[-1][2] < AHEAD)
        while places:
            stop = places[-1][2]
            facts = [*map(self.known.__getitem__, self.find(self.end + text[begin:stop]))]
            values = self.judge([*facts, END])
            if len(values) == len(places):
                cursor.start = cursor.place = stop
                return Run(text, places, values, facts, more)
            del places[len(values) :]
            more = False
        return None

    def _places(self, text: str, at: int, level: Level | None) -> list[Place]:
        """The units one behind another whose structure is sound."""
        match, end, places = self.match, self.end, list[Place]()
        while len(places) < RUN and (found := match(text, at)) is not None:
            start = at
            if found.end(1) > 0:
                start = text.rfind(end, at, found.end(1)) + 1
                if level is not None:
                    if found.groups()[1:] != level:
                        break
                    level = str(int(level[0]) + 1), level[1]
                if self.lead is not never and self.lead(text[at:start]):
                    break
            stop = text.rfind(end, start, found.end()) + 1
            places.append((at, start, stop))
            at = stop
        return places


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
        delimiters = self.pieces.delimiters
        marks = (delimiters.element, delimiters.component, delimiters.segment)
        if not all(mark.isascii() and len(mark) == 1 and not mark.isalnum() for mark in marks) or len(set(marks)) < 3:
            return None
        leading = not self.watched or host.loop.id in self.quick.lead
        pattern = Structure(delimiters, self.quick.barred).unit(node, host, leading)
        return None if pattern is None else Scanner(self.pieces, self.quick, pattern, node, host)
