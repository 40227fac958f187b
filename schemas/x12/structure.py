"""One regular expression for a whole sound unit (a claim), made from the node tree of its set's description.

It matches only what the full reader reads without a finding: every segment sound, in order, no more often than allowed, each
loop with what it requires, and behind it a segment that the unit does not know. What cannot be said safely is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from schemas.x12.compile import QUALIFIER, Node, Step
from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Loop, Seg
from schemas.x12.patterns import Patterns, alternatives

Open = list[tuple[int, Node]]


class Structure:
    """The pattern of one kind of unit. `barred` are segments (`SBR`, `AMT*I`) that only the full reader can judge."""

    def __init__(self, delimiters: Delimiters, barred: Collection[str]) -> None:
        self.patterns = Patterns(delimiters)
        self.delimiters, self.barred = delimiters, barred

    def unit(self, node: Node, host: Node, leading: bool) -> re.Pattern[str] | None:
        """The compiled pattern; None where the unit requires what only the full reader can judge.

        Its first group is the beginning of another `host` (the loop around the unit) where one stands before the unit; if
        that has an HL, the next two are HL01 and HL02. Unless `leading`, no host is looked for.
        """
        header = node.loop.header
        first = self._segment(header, list(header.codes))
        body = self._body(node)
        if first is None or body is None:
            return None
        behind = self._behind([(0, node), *body[1]])
        lead = (leading and Structure(self.delimiters, ())._lead(host, header)) or "((?!))"
        return re.compile(f"{self.patterns.blank}{lead}?{first}{body[0]}(?={behind})", re.ASCII)

    def _lead(self, host: Node, unit: Seg) -> str | None:
        """The beginning of a host up to its first unit; None where that cannot be told safely."""
        header = host.loop.header
        key = f"{header.tag}*{header.codes[0]}" if header.codes else header.tag
        step, body = host.table.get(key), self._body(host)
        if step is None or step.node is not host or step.pops != 1 or len(header.codes) > 1 or body is None:
            return None
        if not leads(unit.tag, unit, body[1]):
            return None
        first = self._segment(header, list(header.codes))
        if host.loop.level:
            between = self.patterns.element
            first = (
                f"HL{between}(\\d++){between}(\\d*+){between}{host.loop.level}(?:{between}\\d?+)?+{self.patterns.end}"
            )
        return None if first is None else f"({first}{body[0]})"

    def _body(self, node: Node) -> tuple[str, Open] | None:
        """What may stand in a loop behind its opening segment (before its units), and the loops that may be open at its end
        (how deep)."""
        text = ""
        below: Open = []
        for part in node.loop.body:
            if isinstance(part, Loop) and part.unit:
                break
            steps = self._steps(node, part, below)
            inside = self._part(part, steps)
            if inside is None and part.required:
                return None
            if inside is None:
                continue
            text += inside[0]
            below += inside[1]
        return text, below

    def _steps(self, node: Node, part: Seg | Loop, below: Open) -> dict[str, Step]:
        """The keys that lead to this part of the loop, from here and from every loop that may be open before it."""
        rule = part.header if isinstance(part, Loop) else part
        if rule.tag in self.barred:
            return {}
        found = {
            key: step
            for key, step in node.table.items()
            if step.rule is rule
            and (step.node.loop if step.node else step.rule) is part
            and not (step.pops or step.unexpected or key in self.barred)
        }
        if rule.tag in found and any(key.startswith(f"{rule.tag}*") for key in node.table):
            del found[rule.tag]
        return {key: step for key, step in found.items() if leads(key, rule, below)}

    def _part(self, part: Seg | Loop, steps: dict[str, Step]) -> tuple[str, Open] | None:
        if not steps:
            return None
        if isinstance(part, Loop):
            return self._loop(part, steps)
        codes = [key.partition("*")[2] for key in steps if "*" in key]
        alone = len({step.bit for step in steps.values()}) == 1
        once = any(step.once for step in steps.values())
        if once and not alone:
            return self._each_once(part, codes), []
        segment = self._segment(part, codes)
        return None if segment is None else (repeat(segment, part.required, once), [])

    def _loop(self, loop: Loop, steps: dict[str, Step]) -> tuple[str, Open] | None:
        child = next(iter(steps.values())).node
        assert child is not None
        codes = [key.partition("*")[2] for key in steps if "*" in key]
        first, body = self._segment(loop.header, codes), self._body(child)
        if first is None or body is None:
            return None
        below = [(1, child), *((deep + 1, node) for deep, node in body[1])]
        once = any(step.once for step in steps.values()) or not all(leads(key, loop.header, below) for key in steps)
        return repeat(first + body[0], loop.required, once), below

    def _each_once(self, rule: Seg, codes: list[str]) -> str:
        """Segments of one kind, in any order, each qualifier once."""
        patterns = self.patterns
        tag = rule.tag + patterns.element
        others = f"(?:{rule.tag}{patterns.rest}{patterns.end})*+"
        branches = []
        for code in codes:
            segment = self._segment(rule, [code])
            again = f"{tag}{re.escape(code)}(?:{patterns.element}|{patterns.end})"
            branches.append(f"{segment}(?!{others}{again})" if segment else "(?!)")
        return repeat("|".join(branches), rule.required, False)

    def _segment(self, rule: Seg, codes: list[str]) -> str | None:
        """A sound segment with its terminator; None where its shape has no pattern."""
        text = rule.shape.pattern(self.patterns.wanting(rule.wants), codes)
        return None if text is None else text + self.patterns.end

    def _behind(self, open_nodes: Open) -> str:
        """The opening of a segment that closes the unit wherever in it one stands."""
        top = open_nodes[0][1]
        keys = [
            key
            for key, step in top.table.items()
            if step.pops and not step.unexpected and all(pops(key, node, deep) for deep, node in open_nodes)
        ]
        tags = [key for key in keys if "*" not in key] + ["SE"]
        plain = alternatives(tags) + self.patterns.element
        return "|".join([plain, *(self._opening(key) for key in keys if "*" in key)])

    def _opening(self, key: str) -> str:
        tag, _, code = key.partition("*")
        skipped = f"{self.patterns.element}{self.patterns.some}" * (QUALIFIER.get(tag, 1) - 1)
        return f"{tag}{skipped}{self.patterns.element}{re.escape(code)}(?:{self.patterns.element}|{self.patterns.end})"


def leads(key: str, rule: Seg, below: Open) -> bool:
    """Whether a segment leads to this rule from every loop that may be open `below`, by leaving them."""
    for deep, node in below:
        step = node.table.get(key) or node.table.get(key.partition("*")[0])
        if step is None or step.unexpected or step.pops != deep or step.rule is not rule:
            return False
    return True


def pops(key: str, node: Node, deep: int) -> bool:
    """Whether a segment leaves the unit from a loop that lies `deep` below its top."""
    step = node.table.get(key) or node.table.get(key.partition("*")[0])
    return step is not None and not step.unexpected and step.pops > deep


def repeat(pattern: str, required: bool, once: bool) -> str:
    """As often as the description has it."""
    return f"(?:{pattern}){'' if once and required else '?+' if once else '++' if required else '*+'}"
