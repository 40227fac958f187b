"""What becomes of claims that pass quickly: they are counted, or handed out as records that fill themselves when looked into."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from schemas.x12.compile import Node
from schemas.x12.cursor import Cursor
from schemas.x12.quick_facts import Fact
from schemas.x12.records.base import TransactionSet
from schemas.x12.rules.rule import never

if TYPE_CHECKING:
    from schemas.x12.machine import Machine
    from schemas.x12.scan import Run

# Told the facts of units that pass
Tap = Callable[[list[Fact]], None]
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


class Pass:
    """Units that pass quickly one behind another: `position` segments stood before the next one, `lead` is the last that was met.

    `given` are the records above the units, by the units' names for them, where anybody asks for these; `late` is called when
    another loop like the host begins, so that what the first one lacks can be said.
    """

    def __init__(
        self, machine: Machine, unit: Node, host: Node, given: dict[str, Any], position: int, late: Callable[[], None]
    ) -> None:
        self.machine, self.unit, self.host, self.given = machine, unit, host, given
        self.position, self.late, self.end = position, late, machine.delimiters.segment
        self.owner = next((name for name in given if unit.loop.parents[name] == host.loop.id), "")
        self.lead: Lead | None = None

    def count(self, run: Run, tap: Tap) -> None:
        """Tells the tap; no unit becomes a record."""
        tap(run.facts)
        text, places, end = run.text, run.places, self.end
        first, stop = places[0][0], places[-1][2]
        for begin, start, _ in reversed(places):
            if begin < start:
                leads = sum(place[0] < place[1] for place in places) if self.host.loop.level else 1
                self._opens(text[begin:start], self.position + text.count(end, first, begin), leads)
                break
        self.position += text.count(end, first, stop)
        self.machine.units += len(places)
        self.machine.tapped += len(places)

    def records(self, run: Run) -> Iterator[Any]:
        """The units, each a record that fills itself when it is looked into."""
        machine, text = self.machine, run.text
        for (begin, start, stop), values in zip(run.places, run.values, strict=True):
            if begin < start:
                self._opens(text[begin:start], self.position, 1)
                self.position += text.count(self.end, begin, start)
            yield self._record(text[start:stop], values)
            machine.units += 1
            self.position += text.count(self.end, start, stop)

    def _opens(self, text: str, position: int, count: int) -> None:
        """Another loop like the host, the last of so many, behind so many segments."""
        if self.lead is None:
            self.late()
            self.given.pop(self.owner, None)
        self.lead = Lead(text, position + 1, self.host, self.machine)
        if self.host.loop.level:
            self.machine.begun(self.host, count)

    def _record(self, text: str, values: tuple[Any, ...]) -> Any:
        machine, position = self.machine, self.position + 1
        one = machine.grammar.known(new(self.unit.kind), values)
        one.position, one.ordinal, one.diagnostics, one.extras = position, machine.units, [], []
        one._filler = Pending(text, position, self.host, self.lead, self.owner, machine)
        for name, value in self.given.items():
            setattr(one, name, value)
        return one


def passing(
    machine: Machine, tokens: Cursor, unit: Node, host: Node, record: Any, position: int, late: Callable[[], None]
) -> Generator[Any, None, tuple[int, Lead | None] | None]:
    """Yields the units that pass quickly from the segment on that the cursor stands at; gives how many segments were read then,
    and the last lead; None when nothing passed. For `position` and `late` see `Pass`."""
    scanner = machine.scanners.of(unit, host) if machine.scanners is not None else None
    if scanner is None:
        return None
    above, tap = machine.grammar.above, machine.tap
    given = {} if tap is not None and above is never else machine.parents(unit, host, record)
    if above is not never and above(SimpleNamespace(**dict.fromkeys(unit.loop.parents) | given)):
        return None
    made = Pass(machine, unit, host, given, position, late)
    more = True
    while more and (run := scanner.scan(tokens, machine.level(host))) is not None:
        more = run.more
        if machine.tally is not None:
            machine.tally(machine.sums, run.values)
        if machine.keep:
            machine.root.raw += run.text[run.places[0][0] : run.places[-1][2]].split(tokens.end)[:-1]
        if tap is not None:
            made.count(run, tap)
        else:
            yield from made.records(run)
    if made.position == position:
        return None
    if not machine.keep:
        machine.root.raw.clear()
    return made.position, made.lead
