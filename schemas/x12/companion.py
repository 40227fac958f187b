"""SNIP 7: a payer's companion guide as data, one YAML file a trading partner and kind of set (see the README for how to write one)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from schemas.x12 import catalogue
from schemas.x12.compile import Node
from schemas.x12.finding_codes import FINDINGS
from schemas.x12.grammar import Grammar
from schemas.x12.shapes import Fields

CONSTRAINTS = ("required", "forbidden", "values", "pattern", "most")


PLAIN = BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)
Number = Annotated[str, PLAIN]
"""Loops and sets that YAML takes for numbers."""


class GuideError(ValueError):
    """A companion guide cannot be used; the message names file, rule and remedy."""


class GuideRule(BaseModel):
    """One rule: what a payer wants of a segment of a loop, or of one of its elements, beyond the implementation guide."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{2,60}$")
    loop: Number
    segment: str = Field(pattern=r"^[A-Z][A-Z0-9]{1,2}(\*[A-Z0-9]{1,3})?$")
    """Segment identifier, with its qualifier where only those under it are meant: `PRV`, `REF*G1`."""
    element: int = Field(default=0, ge=0, le=99)
    component: int = Field(default=0, ge=0, le=9)
    within: Number = ""
    """For a loop that is required or counted: the loop in which it must stand (default: the one right above)."""
    required: bool = False
    forbidden: bool = False
    values: tuple[str, ...] = ()
    pattern: str = ""
    most: int | None = Field(default=None, ge=0)
    severity: Literal["error", "warning"] = "error"
    message: str = Field(min_length=10, max_length=300)

    @model_validator(mode="after")
    def _one_constraint(self) -> GuideRule:
        if not any(getattr(self, name) or (name == "most" and self.most is not None) for name in CONSTRAINTS):
            raise ValueError(f"rule {self.code} constrains nothing; give one of {', '.join(CONSTRAINTS)}")
        if self.forbidden and (self.required or self.values or self.pattern or self.most is not None):
            raise ValueError(f"rule {self.code} forbids and allows at once; make two rules of it")
        if (self.values or self.pattern or self.component) and not self.element:
            raise ValueError(f"rule {self.code} speaks of values but names no element; give `element`")
        if self.most is not None and self.element:
            raise ValueError(f"rule {self.code} counts an element; `most` counts segments, leave `element` out")
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"rule {self.code}: pattern: {error}; write a regular expression") from error
        return self

    @property
    def tag(self) -> str:
        """The segment identifier alone."""
        return self.segment.partition("*")[0]

    @property
    def qualifier(self) -> str:
        """What qualifies the segment; empty where any is meant."""
        return self.segment.partition("*")[2]

    @property
    def place(self) -> str:
        """The element as findings name it."""
        return f"{self.tag}{self.element:02d}" if self.element else self.tag


class Guide(BaseModel):
    """A payer's guide for one kind of set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    partner: str = Field(min_length=1)
    set_id: Annotated[Literal["270", "271", "276", "277", "278", "835", "837", "275"], PLAIN] = Field(alias="set")
    version: str
    source: str = Field(min_length=1)
    """Which edition of which document the rules were taken from."""
    rules: tuple[GuideRule, ...] = Field(min_length=1)

    @property
    def grammar(self) -> Grammar:
        """The description that this guide narrows; raises GuideError."""
        found = catalogue.find(self.set_id, self.version)
        if (
            found is None
            or self.version[:6] != found.description.version[:6]
            or self.version[6:10] not in self._marks()
        ):
            raise GuideError(f"no description of {self.set_id} {self.version}; name a version that the codec reads")
        return found

    def _marks(self) -> set[str]:
        return {mark for st01, marks, _ in catalogue.TABLE if st01 == self.set_id for mark in marks}


def load_guide(path: Path) -> Guide:
    """Reads and checks a guide; raises GuideError with file, rule and remedy."""
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
        guide = Guide.model_validate(raw)
    except OSError as error:
        raise GuideError(f"{path.name}: {error.strerror}; name a companion guide that can be read") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise GuideError(f"{path.name}: no YAML: {_first_line(error)}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = _place(raw, first["loc"])
        raise GuideError(f"{path.name}: {place}: {first['msg'].removeprefix('Value error, ')}") from error
    for problem in _problems(guide):
        raise GuideError(f"{path.name}: {problem}")
    return guide


def _first_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    return f"{getattr(error, 'problem', None) or 'cannot be decoded'}{where}; mend the text"


def _place(raw: Any, location: tuple[int | str, ...]) -> str:
    """`rules.2 (acme_code).message` where the rule has a code."""
    names = [str(part) for part in location]
    if len(location) > 1 and location[0] == "rules" and isinstance(location[1], int):
        code = raw["rules"][location[1]].get("code", "") if isinstance(raw["rules"][location[1]], dict) else ""
        names[1] = f"{location[1] + 1}" + (f" ({code})" if code else "")
    return ".".join(names) or "the whole file"


def _problems(guide: Guide) -> Iterator[str]:
    try:
        grammar = guide.grammar
    except GuideError as error:
        yield str(error)
        return
    loops: dict[str, list[Node]] = {}
    for node in grammar.nodes(grammar.root):
        loops.setdefault(node.loop.id, []).append(node)
    seen: set[str] = set()
    for number, rule in enumerate(guide.rules, 1):
        place = f"rule {number} ({rule.code})"
        if rule.code in FINDINGS:
            yield f"{place}: this code is the codec's own; begin it with the partner's name"
        if rule.code in seen:
            yield f"{place}: the code stands twice; give every rule its own"
        seen.add(rule.code)
        yield from (f"{place}: {text}" for text in _rule_problems(rule, loops, grammar))


def _rule_problems(rule: GuideRule, loops: dict[str, list[Node]], grammar: Grammar) -> Iterator[str]:
    nodes = loops.get(rule.loop)
    if nodes is None:
        yield f"there is no loop {rule.loop} in this set; loops are {' '.join(sorted(loops))}"
        return
    tags = {_header(node) for node in nodes} | {
        key.partition("*")[0]
        for node in nodes
        for key, step in node.table.items()
        if not step.pops and step.node is None
    }
    if rule.tag not in tags:
        yield f"loop {rule.loop} has no segment {rule.tag}; it has {' '.join(sorted(tags))}"
    shape = grammar.shapes.get(rule.tag)
    if isinstance(shape, Fields) and rule.element > len(shape.elements):
        yield f"{rule.tag} has {len(shape.elements)} elements; element {rule.element} is none of them"
    if rule.within and rule.within not in loops:
        yield f"there is no loop {rule.within} in this set; mend `within`"
    opens = not rule.element and any(_header(node) == rule.tag for node in nodes)
    if rule.required and opens and not rule.within and not any(node.parent for node in nodes):
        yield f"loop {rule.loop} stands in no other loop; it cannot be required"


def _header(node: Node) -> str:
    return node.loop.header.tag if node.parent is not None else ""
