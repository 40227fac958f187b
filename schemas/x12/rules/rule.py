"""What a rule is: a situation, what it wants, and the place in the guide that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.x12.delimiters import Delimiters
from schemas.x12.diagnostics import Diagnostic, Severity
from schemas.x12.finding_codes import FINDINGS, Code

Test = Callable[[Any], object]
LineTest = Callable[[Any, Any], object]
Odd = Callable[[list[str], Delimiters], bool]


@dataclass(slots=True, frozen=True)
class Rule:
    """Where `when` holds of a unit, `needs` must. `advice` only informs; else the finding warns on what comes in and refuses
    what goes out. `loop` and `element` name the place in the guide, `text` what is wrong and what to do."""

    code: Code
    loop: str
    element: str
    when: Test
    needs: Test
    text: str
    advice: bool = False


def at_most(lines: int) -> Rule:
    """The rule that a claim has no more service lines (2400) than its guide allows."""
    return Rule(
        "too_many_lines",
        "2400",
        "LX",
        lambda claim: len(claim.lines) > lines,
        lambda claim: False,
        f"the claim has more than {lines} service lines; split it, its charges without loss",
    )


@dataclass(slots=True, frozen=True)
class LineRule:
    """As `Rule`, for each service line: the tests are given the claim and the line."""

    code: Code
    loop: str
    element: str
    when: LineTest
    needs: LineTest
    text: str
    advice: bool = False


@dataclass(slots=True, frozen=True)
class Rules:
    """The rules of one kind of set: for a unit, for its lines, and `checks` that find more than one thing.

    For the quick pass (see `watch`): `odd` tells by tag which segments want the full reader, `above` whether what stands above
    the unit does. Pointers, the number of lines and who attended are the quick pass's own to see.
    """

    units: Sequence[Rule] = ()
    lines: Sequence[LineRule] = ()
    checks: Sequence[Callable[[Any], Iterable[Diagnostic]]] = ()
    odd: Mapping[str, Odd] = field(default_factory=dict)
    above: Callable[[Any], bool] | None = None

    def judge(self, unit: Any) -> list[Diagnostic]:
        """Everything that these rules say about a unit, a claim for instance."""
        found = [finding(rule, unit.position) for rule in self.units if rule.when(unit) and not rule.needs(unit)]
        if self.lines:
            for line in unit.lines:
                for item in self.lines:
                    if item.when(unit, line) and not item.needs(unit, line):
                        found.append(finding(item, line.position))
        for check in self.checks:
            found += check(unit)
        return found


def finding(rule: Rule | LineRule, position: int) -> Diagnostic:
    """The finding of a broken rule at a segment."""
    severity: Severity = "info" if rule.advice else "warning"
    return Diagnostic(rule.code, severity, FINDINGS[rule.code].snip, position, rule.text, rule.loop, rule.element)


def never(*_: Any) -> bool:
    """What no unit has: for situations that are wrong in themselves."""
    return False
