"""A description compiled for reading: per place in the loop tree, a table from segment key to what happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from schemas.x12.description import CITY, NOWHERE, STREET, Loop, Seg, SetDescription, add, seg, spread
from schemas.x12.records.base import Unit
from schemas.x12.records.parts import Party
from schemas.x12.segments import N3, N4, NM1, PER, REF
from schemas.x12.shapes import Fields

QUALIFIER = {"HL": 3}
UNKNOWN_PARTY = Loop(
    "unknown",
    lambda: Party(""),
    NOWHERE,
    seg(NM1, spread()),
    (seg(N3, STREET), seg(N4, CITY), seg(REF, add("references")), seg(PER, add("contacts"))),
)


@dataclass(slots=True)
class Step:
    """What a segment does at one place: leave `pops` loops, then bind its value or open `node`."""

    rule: Seg
    bind: Callable[[Any, Any, int], None]
    bit: int
    once: int
    index: int
    pops: int = 0
    node: Node | None = None
    unexpected: bool = False

    def after(self, pops: int) -> Step:
        """The same step, seen from `pops` loops further down."""
        return Step(self.rule, self.bind, self.bit, self.once, self.index, self.pops + pops, self.node, self.unexpected)


@dataclass(slots=True)
class Node:
    """One loop at one place of the tree."""

    loop: Loop
    parent: Node | None
    table: dict[str, Step] = field(default_factory=dict)
    required: list[tuple[int, Seg | Loop]] = field(default_factory=list)
    limits: list[tuple[str, int, Seg]] = field(default_factory=list)
    positioned: bool = False
    is_unit: bool = False
    by_fields: bool = False
    unit: bool = False
    make: Callable[..., Any] = Unit
    kind: type[Any] = Unit
    header_bind: Callable[[Any, Any, int], None] = NOWHERE.bind
    place_bind: Callable[[Any, Any, int], None] = NOWHERE.bind
    parent_level: str = ""
    turn: int = 0
    rank: int = 0


def qualified_tags(body: tuple[Seg | Loop, ...]) -> set[str]:
    """The segments that some line of the description tells apart by a qualifier."""
    found: set[str] = set()
    for part in body:
        if isinstance(part, Loop):
            found |= {part.header.tag} if part.header.codes else set()
            found |= qualified_tags(part.body)
        elif part.codes:
            found.add(part.tag)
    return found


def compile_set(description: SetDescription) -> Node:
    """The node tree of a set; the root stands for ST to SE."""
    root = Loop("ST", description.record, NOWHERE, seg(NM1, NOWHERE), description.body)
    return _node(root, None)


def _node(loop: Loop, parent: Node | None) -> Node:
    record = loop.record()
    node = Node(loop, parent)
    node.unit, node.make, node.kind = loop.unit, loop.record, type(record)
    node.header_bind, node.place_bind = loop.header.place.bind, loop.place.bind
    node.by_fields = (
        isinstance(loop.record, type) and isinstance(loop.header.shape, Fields) and loop.header.place.spreads
    )
    node.positioned = is_dataclass(record) and any(item.name == "position" for item in fields(record))
    node.is_unit = isinstance(record, Unit)
    node.parent_level = _level_above(parent)
    body = loop.body
    if any(isinstance(part, Loop) and part.header.tag == "NM1" for part in body):
        body = (*body, UNKNOWN_PARTY)
    node.turn = _turn(loop)
    node.rank = (parent.rank if parent else 0) + bool(loop.level)
    stray = _stray_unit(body)
    if stray is not None:
        body = (*body, stray)
    exact, wild = _own_steps(node, body)
    node.table |= exact
    for tag, step in wild.items():
        node.table.setdefault(tag, step)
    _inherit(node, {part.tag for part in body if isinstance(part, Seg)})
    for child in {id(step.node): step.node for step in exact.values() if step.node is not None}.values():
        _complete(child)
    return node


def _stray_unit(body: tuple[Seg | Loop, ...]) -> Loop | None:
    """A unit whose own loop was lost on the way is still a unit: it may open wherever its loop might have stood."""
    if any(isinstance(part, Loop) and part.unit for part in body):
        return None
    for part in body:
        if isinstance(part, Loop):
            found = next((deep for deep in part.body if isinstance(deep, Loop) and deep.unit), None)
            found = found or _stray_unit(part.body)
            if found is not None:
                return replace(found, place=NOWHERE, stray=True)
    return None


def _turn(loop: Loop) -> int:
    """Where in an HL's body its claims or the HLs below it begin; 0 for other loops and in sets without units."""
    if not loop.level or not (_stray_unit((loop,)) or _stray_unit(loop.body)):
        return 0
    return next(index for index, part in enumerate(loop.body) if isinstance(part, Loop) and (part.unit or part.level))


def _level_above(parent: Node | None) -> str:
    while parent is not None and not parent.loop.level:
        parent = parent.parent
    return parent.loop.level if parent else ""


def _own_steps(node: Node, body: tuple[Seg | Loop, ...]) -> tuple[dict[str, Step], dict[str, Step]]:
    exact: dict[str, Step] = {}
    wild: dict[str, Step] = {}
    bit = 1
    for index, part in enumerate(body):
        rule = part.header if isinstance(part, Loop) else part
        child = Node(part, node) if isinstance(part, Loop) else None
        mask = 0
        for key in [f"{rule.tag}*{code}" for code in rule.codes] or [rule.tag]:
            once = bit if part.limit == 1 or part.place.single else 0
            step = Step(rule, part.place.bind, bit, once, index, node=child)
            if part is UNKNOWN_PARTY or (isinstance(part, Loop) and part.stray):
                step.unexpected, step.index = True, -1
            if isinstance(part, Seg) and part.anywhere:
                step.index = -1
            exact.setdefault(key, step)
            mask |= bit
            bit <<= 0 if part.place.single else 1
        bit <<= 1
        if rule.codes and child is None:
            wild.setdefault(rule.tag, Step(rule, part.place.bind, 0, 0, index, unexpected=True))
        if part.required:
            node.required.append((mask, part))
    return exact, wild


def _inherit(node: Node, own: set[str]) -> None:
    """Adds what the loops above understand, nearest first; a loop keeps every qualifier of its own kinds of segment."""
    above, pops = node.parent, 1
    while above is not None:
        for key, step in above.table.items():
            if step.pops or (step.node is None and key.split("*")[0] in own):
                continue
            node.table.setdefault(key, step.after(pops))
        above, pops = above.parent, pops + 1


def _complete(child: Node) -> None:
    """Fills a child that was made as a place-holder, now that its parent's table stands."""
    whole = _node(child.loop, child.parent)
    child.table, child.required, child.limits = whole.table, whole.required, whole.limits
    child.positioned, child.is_unit, child.parent_level = whole.positioned, whole.is_unit, whole.parent_level
    child.turn, child.rank = whole.turn, whole.rank
    child.by_fields, child.unit, child.make, child.kind = whole.by_fields, whole.unit, whole.make, whole.kind
    child.header_bind, child.place_bind = whole.header_bind, whole.place_bind
    for step in child.table.values():
        if step.pops == 0 and step.node is not None:
            step.node.parent = child
