"""Applies a companion guide: a walk over the segments of a set that knows in which loop each stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

from schemas.x12 import catalogue
from schemas.x12.companion import Guide, GuideRule
from schemas.x12.compile import QUALIFIER, Node
from schemas.x12.delimiters import Delimiters
from schemas.x12.diagnostics import Diagnostic
from schemas.x12.elements import components
from schemas.x12.finding_codes import GuideCode
from schemas.x12.grammar import Grammar
from schemas.x12.pieces import ENVELOPE, clean
from schemas.x12.source import Source

Texts = list[str]


def examine(data: bytes | BinaryIO, guide: Guide, file: str = "") -> Iterator[Diagnostic]:
    """What a file lacks of what the guide wants; sets of other kinds or versions are passed over. Segments count as in `read`."""
    position = 0
    for section in Source(data, keep=False).sections():
        if not section.readable:
            continue
        walk: Walk | None = None
        version = ""
        for token in section.segments:
            texts = clean(token).split(section.delimiters.element)
            if texts == [""]:
                continue
            position += 1
            if texts[0] == "GS":
                version = texts[8] if len(texts) > 8 else ""
            elif texts[0] == "ST":
                grammar = _meant(guide, texts, version)
                walk = Walk(guide, grammar, section.delimiters, position, file) if grammar else None
            elif walk is not None and texts[0] in ENVELOPE:
                yield from walk.end()
                walk = None
            elif walk is not None:
                yield from walk.step(texts, position)
        if walk is not None:
            yield from walk.end()


def judge_lines(lines: Iterable[str], guide: Guide, delimiters: Delimiters) -> list[Diagnostic]:
    """As `examine`, for the segments of one set between ST and SE; ST counts as 1."""
    walk = Walk(guide, guide.grammar, delimiters, 1, "")
    found: list[Diagnostic] = []
    for position, line in enumerate(lines, 2):
        found += walk.step(line.split(delimiters.element), position)
    return [*found, *walk.end()]


def _meant(guide: Guide, texts: Texts, version: str) -> Grammar | None:
    said = (texts[3] if len(texts) > 3 else "") or version
    if texts[1:2] != [guide.set_id] or not said:
        return None
    grammar = catalogue.find(guide.set_id, said)
    return grammar if grammar is guide.grammar else None


@dataclass(slots=True)
class Instance:
    """A loop that is open: where it began, and how often which segment and which loop stood in it."""

    node: Node
    opened: int
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)


class Walk:
    """One set, segment by segment."""

    def __init__(self, guide: Guide, grammar: Grammar, delimiters: Delimiters, position: int, file: str) -> None:
        self.guide, self.qualified, self.delimiters, self.file = guide, grammar.qualified, delimiters, file
        self.open = [Instance(grammar.root, position)]

    def step(self, texts: Texts, position: int) -> Iterator[Diagnostic]:
        """The next segment: loops that it closes, and what the rules say of it."""
        tag, place = texts[0], QUALIFIER.get(texts[0], 1)
        qualifier = texts[place] if place < len(texts) else ""
        table = self.open[-1].node.table
        step = table.get(f"{tag}*{qualifier}" if tag in self.qualified else tag) or table.get(tag)
        if step is None:
            return
        for _ in range(step.pops):
            yield from self._close()
        here = self.open[-1]
        if step.node is not None:
            for above in self.open:
                above.counts.update(_keys(step.node.loop.id, tag, qualifier))
            here = Instance(step.node, position)
            self.open.append(here)
        here.counts.update(_keys(here.node.loop.id, tag, qualifier))
        for rule in self.guide.rules:
            meant = rule.loop == here.node.loop.id and rule.tag == tag and rule.qualifier in ("", qualifier)
            if meant and self._breaks(rule, texts):
                yield self._finding(rule, position)

    def end(self) -> Iterator[Diagnostic]:
        """The set is over: every loop closes."""
        while self.open:
            yield from self._close()

    def _close(self) -> Iterator[Diagnostic]:
        """What was required in the loop that ends, or stood in it too often."""
        closed = self.open[-1]
        for rule in self.guide.rules:
            if rule.element or not self._counted_in(rule, closed.node):
                continue
            count = closed.counts[rule.loop, rule.tag, rule.qualifier]
            if (rule.required and not count) or (rule.most is not None and count > rule.most):
                yield self._finding(rule, closed.opened)
        self.open.pop()

    def _counted_in(self, rule: GuideRule, node: Node) -> bool:
        """A loop is counted in the loop above it (or `within`), any other segment in its own loop."""
        if rule.within:
            return node.loop.id == rule.within
        below = {
            step.node.loop.id: step.node for step in node.table.values() if step.node is not None and not step.pops
        }
        child = below.get(rule.loop)
        if child is not None and child.loop.header.tag == rule.tag:
            return True
        return node.loop.id == rule.loop and (node.parent is None or node.loop.header.tag != rule.tag)

    def _breaks(self, rule: GuideRule, texts: Texts) -> bool:
        """Whether a segment that the rule is about breaks it by itself."""
        if not rule.element:
            return rule.forbidden
        value = texts[rule.element] if rule.element < len(texts) else ""
        if rule.component:
            value = (*components(value, self.delimiters), *[""] * 9)[rule.component - 1]
        if not value:
            return rule.required
        if rule.forbidden or (rule.values and value not in rule.values):
            return True
        return bool(rule.pattern) and re.fullmatch(rule.pattern, value) is None

    def _finding(self, rule: GuideRule, position: int) -> Diagnostic:
        inside = any(instance.node.is_unit and instance.node.parent is not None for instance in self.open)
        unit: Literal["claim", "transaction", ""] = "claim" if inside else "transaction"
        code = GuideCode(rule.code)
        unit = unit if rule.severity == "error" else ""
        return Diagnostic(code, rule.severity, 7, position, rule.message, rule.loop, rule.place, unit, self.file)


def _keys(loop: str, tag: str, qualifier: str) -> list[tuple[str, str, str]]:
    """A segment counts with and without its qualifier."""
    return [(loop, tag, ""), (loop, tag, qualifier)] if qualifier else [(loop, tag, "")]
