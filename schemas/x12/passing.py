"""What becomes of claims that pass quickly: they are counted, or handed out as records that fill themselves when looked into."""

from __future__ import annotations

from collections.abc import Callable, Generator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from schemas.x12.compile import Node
from schemas.x12.cursor import Cursor
from schemas.x12.records.base import TransactionSet

if TYPE_CHECKING:
    from schemas.x12.machine import Machine

Tap = Callable[[tuple[Any, ...], list[str]], None]
new = object.__new__


class Lead:
    """The beginning of the loop around some units (LX of an 835, the HL of a subscriber), sound and not yet made into fields."""

    __slots__ = ("_record", "machine", "node", "position", "text")

    def __init__(self, text: str, position: int, node: Node, machine: Machine) -> None:
        self.text, self.position, self.node, self.machine = text, position, node, machine
        self._record: Any = None

    def record(self) -> Any:
        """The loop's record; one for all of its units."""
        if self._record is None:
            deep = self.machine.deep(self.position - 1)
            tokens = Cursor(iter([self.text]), self.machine.delimiters.segment)
            for _ in deep.walk(tokens, self.node.parent or self.node, deep.root, next(tokens)):
                pass
            self._record = deep.first
        return self._record

    def seen(self) -> int:
        """What stood in the loop so far, as the full reader remembers it."""
        moves, node, seen = self.machine.moves, self.node, 0
        above: list[tuple[Node, int]] = []
        for token in self.text.split(self.machine.delimiters.segment)[1:-1]:
            move = moves[id(node)][token]
            for _ in range(move.pops):
                node, seen = above.pop()
            seen |= move.bit
            if move.node is not None:
                above.append((node, seen))
                node, seen = move.node, 0
        return above[0][1] if above else seen


class Pending:
    """The text of a unit that passed quickly, and what reading it takes: the loop it stands in, and the lead of that, whose
    record is the unit's `owner`."""

    __slots__ = ("host", "lead", "machine", "owner", "position", "text")

    def __init__(self, text: str, position: int, host: Node, lead: Lead | None, owner: str, machine: Machine) -> None:
        self.text, self.position, self.host, self.machine = text, position, host, machine
        self.lead, self.owner = lead, owner

    def segments(self) -> list[str]:
        """The unit's segments as they stood."""
        return self.text.split(self.machine.delimiters.segment)[:-1]

    def fill(self, unit: Any) -> None:
        """Gives the unit the fields that its segments hold; what is already there stays."""
        if self.lead is not None and self.owner:
            setattr(unit, self.owner, self.lead.record())
        deep = self.machine.deep(self.position - 1)
        tokens = Cursor(iter([self.text]), self.machine.delimiters.segment)
        whole = next(deep.walk(tokens, self.host, TransactionSet(), next(tokens)))
        for name in unit.__dataclass_fields__:
            try:
                object.__getattribute__(unit, name)
            except AttributeError:
                setattr(unit, name, getattr(whole, name))


def passing(
    machine: Machine, tokens: Cursor, unit: Node, host: Node, record: Any, position: int, late: Callable[[], None]
) -> Generator[Any, None, tuple[int, Lead | None] | None]:
    """The units that pass quickly one behind another, from the segment on that the cursor stands at; `position` segments
    stood before it. Gives the position then and the last lead; None when nothing passed.

    `late` is called when another loop like the host begins, so that what the first one lacks can be said.
    """
    given = machine.parents(unit, host, record)
    scanner = machine.scanners.of(unit, host) if machine.scanners is not None else None
    if scanner is None or machine.grammar.above(SimpleNamespace(**(dict.fromkeys(unit.loop.parents) | given))):
        return None
    scan, known, tap, end = scanner.scan, machine.grammar.known, machine.tap, tokens.end
    owner = next((name for name, loop in unit.loop.parents.items() if loop == host.loop.id), "")
    tally, sums, level, keep = machine.tally, machine.sums, machine.level(host), machine.keep
    lead: Lead | None = None
    begun, start, opened = "", position, position
    while (found := scan(tokens, level)) is not None:
        text, values, facts, begin = found
        if begin:
            if not begun:
                late()
                given.pop(owner, None)
            begun = begin
            if tap is None:
                lead = Lead(begin, position + 1, host, machine)
            opened, position = position + 1, position + begin.count(end)
            if level is not None:
                level = machine.begun(host)
        if tally is not None:
            tally(sums, values)
        if keep:
            machine.root.raw += f"{begin}{text}".split(end)[:-1]
        if tap is not None:
            tap(values, facts)
            machine.tapped += 1
        else:
            one = known(new(unit.kind), values)
            one.position, one.ordinal, one.diagnostics, one.extras = position + 1, machine.units, [], []
            one._filler = Pending(text, position + 1, host, lead, owner, machine)
            for name, value in given.items():
                setattr(one, name, value)
            yield one
        machine.units += 1
        position += text.count(end)
    if position == start:
        return None
    if not keep:
        machine.root.raw.clear()
    return position, lead or (Lead(begun, opened, host, machine) if begun else None)
