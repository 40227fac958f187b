"""Reads the segments between ST and SE into records, following a compiled description. Nothing raises; everything is said."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from schemas.x12.compile import QUALIFIER, UNKNOWN_PARTY, Node, Step
from schemas.x12.cursor import Cursor
from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Loop
from schemas.x12.diagnostics import Diagnostic, Severity
from schemas.x12.finding_codes import Code
from schemas.x12.grammar import Grammar
from schemas.x12.passing import Tap, passing
from schemas.x12.pieces import CLAIMS, ENVELOPE, Move, Moves, Piece, clean
from schemas.x12.records.base import TransactionSet, Unit
from schemas.x12.records.parts import RawSegment

# Behind service lines this segment opens the level of this rank, whose HL is lost.
TEARS = {"SBR": 2}
PATIENTS = frozenset({"NM1*QC", "NM1*IL"})
GRAVE_ABSENCES = frozenset({"HL", "BPR", "AK1", "AK9", "IK5"})
GRAVE_REPEATS = frozenset({"NM1", "N1", "BPR", "CLM"})


class Frame(NamedTuple):
    """An open loop that waits for the one inside it to end."""

    node: Node
    record: Any
    seen: int
    last: int
    opened: int


class Machine:
    """One pass over one transaction set.

    After `run` is exhausted, `stopped` holds the segment that ended the set (SE or whatever stood there instead),
    `position` its number, and `lost` how many claims stood in it that no claim of this set can be (a CLM in an 835). With
    `keep`, all segments stay in the transaction's `raw`.
    """

    def __init__(
        self,
        grammar: Grammar,
        delimiters: Delimiters,
        root: TransactionSet,
        position: int,
        keep: bool,
        file: str = "",
        quick: bool = True,
    ) -> None:
        self.grammar = grammar
        self.moves = grammar.moves(delimiters)
        self.scanners = grammar.scanner(delimiters) if quick else None
        self.delimiters = delimiters
        self.root = root
        self.position = position
        self.keep = keep
        self.file = file
        self.stopped: str | None = None
        self.stack: list[Frame] = []
        self.units = 0
        self.set_aside = 0
        self.judging = True
        self.lost = 0
        self.torn = 0
        self.tap: Tap | None = None
        self.tapped = 0
        self.sums = [0, 0, 0, 0]
        self.first: Any = None
        self.tally = grammar.description.quick.tally if grammar.description.quick is not None else None
        self._hash = sha256()
        self._levels: dict[str, str] = {}
        self._level_count = 0

    def run(self, tokens: Cursor) -> Iterator[Any]:
        """Yields the units (claims) of a set whose description has them; else everything is in the root when done."""
        tokens.tell(self._digest)
        first = next(tokens, None)
        if first is not None:
            self.grammar.pieces(self.delimiters).begin(first)
        yield from self.walk(tokens, self.grammar.root, self.root, first)
        tokens.told(self.stopped is not None)
        self.root.content_hash = self._hash.hexdigest()

    def walk(self, tokens: Cursor, node: Node, record: Any, token: str | None) -> Iterator[Any]:
        """As `run`, beginning inside of the loop `node` with the segment `token`."""
        stack, raw, moves, quick = self.stack, self.root.raw, self.moves, self.scanners is not None
        seen, last, begin, opened = 0, 0, 0, self.position
        position, table = opened, moves[id(node)]
        while token is not None:
            position += 1
            if table.heads and quick and not self.torn and table.opens(token, last):
                if table.pops:
                    frame = Frame(node, record, seen, last, opened)
                    node, record, seen, last, opened = yield from self._leave(table.pops, frame, begin)
                    table = moves[id(node)]
                passed = yield from self._pass(tokens, table, Frame(node, record, seen, last, opened), position - 1)
                if passed is not None:
                    position, token, (node, record, seen, last, opened) = passed
                    continue
            move = table[token]
            if not move.plain:
                if move.step is None:
                    if self._strange(node, record, move.piece, token, position):
                        break
                    position -= not move.piece.tag
                    token = next(tokens, None)
                    continue
                if move.pops:
                    frame = Frame(node, record, seen, last, opened)
                    node, record, seen, last, opened = yield from self._leave(move.pops, frame, begin)
            if seen & move.once:
                self._repeated(node, record, move.step, position)
            seen |= move.bit
            if move.index < last:
                record, seen, last = self._back(node, record, seen, last, move, position)
            else:
                last = move.index
            raw.append(token)
            token = next(tokens, None)
            if move.node is None:
                move.bind(record, move.value, position)
                if move.plain:
                    continue
            else:
                stack.append(Frame(node, record, seen, last, opened))
                node, seen, last, opened = move.node, 0, 0, position
                begin = len(raw) - 1 if node.unit else begin
                record = self._open(record, node, move, position)
            table = moves[id(node)]
            if move.odd or self.torn:
                self._problems(node, record, move, position)
        self.position = position + (token is None)
        yield from self._finish(Frame(node, record, seen, last, opened), begin)

    def _leave(self, pops: int, frame: Frame, begin: int) -> Generator[Any, None, Frame]:
        """Closes so many loops; gives the one that is open then."""
        for _ in range(pops):
            node, record, seen, _, opened = frame
            if node.unit:
                yield self._unit(node, record, seen, opened, begin)
            elif node.required:
                self._close(node, record, seen, opened)
            frame = self.stack.pop()
        return frame

    def _pass(
        self, tokens: Cursor, table: Moves, frame: Frame, position: int
    ) -> Generator[Any, None, tuple[int, str | None, Frame] | None]:
        """The units that pass quickly from here; then how many segments were read, the next one, and the open loop."""
        node, record, seen, _, opened = frame
        if self.stack and self.stack[-1].last > table.place:
            return None  # this loop stands too late, and so would the next
        late = partial(self._close, node, record, seen, opened)
        passed = yield from passing(self, tokens, table.unit, node, record, position, late)
        if passed is None:
            return None
        position, lead = passed
        token = next(tokens, None)
        if lead is not None:
            seen, opened = table.full, lead.position
            if token is not None and not token.lstrip().startswith(table.stop):
                record, seen = lead.record(), lead.seen()
        return position, token, Frame(node, record, seen | table.bit, table.index, opened)

    def deep(self, position: int) -> Machine:
        """A full reader for a part of this set that was judged already."""
        deep = Machine(self.grammar, self.delimiters, TransactionSet(), position, True, quick=False)
        deep.judging = False
        return deep

    def parents(self, unit: Node, above: Node, record: Any) -> dict[str, Any]:
        """The records of the loops above a unit, by the unit's names for them; the nearest loop is `above`."""
        records = {frame.node.loop.id: frame.record for frame in self.stack} | {above.loop.id: record}
        return {name: records[loop_id] for name, loop_id in unit.loop.parents.items() if loop_id in records}

    def level(self, host: Node) -> tuple[str, str] | None:
        """HL01 and HL02 of the next loop of this kind, where it has an HL."""
        if not host.loop.level:
            return None
        return str(self._level_count + 1), self._levels.get(host.parent_level, "")

    def begun(self, host: Node, count: int) -> None:
        """So many more loops of this kind began: counts their HLs."""
        self._level_count += count
        self._levels[host.loop.level] = str(self._level_count)

    def _finish(self, frame: Frame, begin: int) -> Iterator[Any]:
        while True:
            node, record, seen, _, opened = frame
            if node.unit:
                yield self._unit(node, record, seen, opened, begin)
            else:
                self._close(node, record, seen, opened)
            if not self.stack:
                break
            frame = self.stack.pop()

    def _open(self, above: Any, node: Node, move: Move, position: int) -> Any:
        """A record for the loop that this segment opens, put into the record above unless it is handed out as a unit."""
        if move.fields is not None:
            record = node.make(**move.fields)
        else:
            record = node.make()
            node.header_bind(record, move.value, position)
        if node.positioned:
            record.position = position
        if self.first is None:
            self.first = record
        if not node.unit:
            node.place_bind(above, record, position)
            if node.loop.level:
                if node.rank <= self.torn:
                    self.torn = 0
                self._level(node, record, move.value, position)
            return record
        record.ordinal = self.units
        self.units += 1
        for attribute, value in self.parents(node, self.stack[-1].node, self.stack[-1].record).items():
            setattr(record, attribute, value)
        return record

    def _unit(self, node: Node, record: Any, seen: int, opened: int, begin: int) -> Any:
        """A unit that ends: what it lacks, its segments, whether it balances."""
        self._close(node, record, seen, opened)
        raw = self.root.raw
        record.raw = raw[begin:]
        if not self.keep:
            raw.clear()
        description = self.grammar.description
        found = description.balance(record) if description.balance is not None and self.judging else []
        if description.rules is not None and self.judging:
            found += description.rules.judge(record)
        if found:
            record.diagnostics += [replace(finding, file=self.file) for finding in found] if self.file else found
        if record.diagnostics:
            self.set_aside += record.set_aside
            if self.keep:
                self.root.diagnostics += record.diagnostics
        return record

    def _strange(self, node: Node, record: Any, piece: Piece, token: str, position: int) -> bool:
        """A blank, the end of the set (then True), or a segment that nothing here or above knows."""
        if piece.tag in ENVELOPE:
            self.stopped = token
            return True
        self.root.raw.append(token)
        if piece.tag:
            self._unknown(node, record, piece, token, position)
        return False

    def _digest(self, text: str) -> None:
        """Adds text that was read to the set's hash."""
        for found, usual in self.grammar.pieces(self.delimiters).unusual:
            text = text.replace(found, usual)
        self._hash.update(text.encode("utf-8", "surrogatepass").translate(None, b"\r\n"))

    def _close(self, node: Node, record: Any, seen: int, opened: int) -> None:
        for mask, part in node.required:
            if not seen & mask:
                rule, loop = (part.header, part.id) if isinstance(part, Loop) else (part, node.loop.id)
                code = f"*{rule.codes[0]}" if rule.codes else ""
                text = f"{rule.tag}{code} is required in loop {loop} and absent; ask the sender to supply it"
                severity: Severity = "error" if rule.tag in GRAVE_ABSENCES else "warning"
                self.say(node, record, "missing_segment", severity, 2, opened, text, rule.tag, loop)

    def _level(self, node: Node, record: Any, texts: Any, position: int) -> None:
        """HL01 counts up by one; HL02 names the HL above."""
        self._level_count += 1
        number, parent = (*texts, "", "")[:2]
        wanted = self._levels.get(node.parent_level, "")
        self._levels[node.loop.level] = number
        if number != str(self._level_count):
            text = f"HL01 should be {self._level_count}; it is taken from the order of the segments, ask the sender to number it so"
            self.say(node, record, "hl_number", "warning", 1, position, text, "HL01")
            self._level_count = int(number) if number.isdecimal() and len(number) < 9 else self._level_count
        if parent != wanted:
            named = wanted if wanted.isdecimal() and len(wanted) < 9 else "above" if wanted else "(none)"
            text = f"HL02 should name HL {named}; it is taken from the order of the segments, ask the sender to number it so"
            self.say(node, record, "hl_parent", "warning", 1, position, text, "HL02")

    def _unknown(self, node: Node, record: Any, piece: Piece, token: str, position: int) -> None:
        known = piece.tag in self.grammar.shapes
        code: Code = "misplaced_segment" if known else "unknown_segment"
        what = "does not belong here" if known else "is not in this set"
        owner = self._owner(node, record)
        owner.extras.append(RawSegment(position, clean(token)))
        tag = piece.tag if piece.tag.isalnum() and len(piece.tag) <= 3 else "???"
        text = f"segment {tag} {what}; it is kept but not used, ask the sender what it means"
        if tag in CLAIMS:
            self.lost += 1
            text = f"{tag} opens a claim of another kind of set; set aside, ask the sender which set this should be"
        self.say(node, record, code, "error" if tag in CLAIMS else "warning", 2, position, text, tag)

    def _repeated(self, node: Node, record: Any, step: Step | None, position: int) -> None:
        if step is None:
            return
        rule = step.rule
        severity: Severity = "error" if rule.required and rule.tag in GRAVE_REPEATS else "warning"
        text = f"{rule.tag} stands more than once in loop {node.loop.id}; the last one counts, ask the sender"
        self.say(node, record, "repeated_segment", severity, 2, position, text, rule.tag)

    def _disordered(self, node: Node, record: Any, step: Step | None, position: int) -> None:
        if step is None or step.index < 0:
            return
        if step.rule.tag in TEARS and step.node is not None:
            self._torn(node, record, step.rule.tag, TEARS[step.rule.tag], position, "error")
            return
        text = f"{step.rule.tag} stands too late in loop {node.loop.id}; it is used all the same, ask the sender to put it in order"
        self.say(node, record, "segment_order", "warning", 2, position, text, step.rule.tag)

    def _back(self, node: Node, record: Any, seen: int, last: int, move: Move, position: int) -> tuple[Any, int, int]:
        """A segment that belongs further up. Behind the claims of an HL it is another HL's, which is lost: what follows goes
        into a record of its own, so that the claims before keep their people."""
        if not 0 <= move.index < node.turn <= last:
            self._disordered(node, record, move.step, position)
            return record, seen, last
        self._torn(node, record, move.piece.tag, node.rank, position, "warning")
        record = node.make()
        node.place_bind(self.stack[-1].record, record, position)
        return record, move.bit, move.index

    def _torn(self, node: Node, record: Any, tag: str, rank: int, position: int, severity: Severity) -> None:
        """An HL of this rank is lost before this segment: claims up to the next one may be somebody else's."""
        self.torn = rank
        text = f"the HL before this {tag} is lost; claims up to the next are set aside, ask the sender to send it again"
        self.say(node, record, "missing_segment", severity, 2, position, text, "HL")

    def _problems(self, node: Node, record: Any, move: Move, position: int) -> None:
        piece, step = move.piece, move.step
        tag = piece.tag
        for problem in move.problems:
            severity: Severity = "error" if problem.essential else "warning"
            place = f"{tag}{problem.element:02d}"
            self.say(node, record, problem.code, severity, problem.snip, position, problem.message, place)
        if move.node is not None and (move.node.loop.stray or (self.torn and node.unit)):
            self._stray(node, record, tag, position)
        elif step and step.unexpected:
            place = f"{tag}{QUALIFIER.get(tag, 1):02d}"
            text = f"{place} is no qualifier that the guide allows in loop {_place(node)}; ask the sender what it means"
            self.say(node, record, "unexpected_qualifier", "warning", 2, position, text, place)
            if move.node is not None and piece.key in PATIENTS and self.stack[-1].node.turn:
                self._torn(node, record, tag, self.stack[-1].node.rank + 1, position, "warning")

    def _stray(self, node: Node, record: Any, tag: str, position: int) -> None:
        """The unit alone is hurt, and only where it needs what should stand above it."""
        severity: Severity = "warning" if node.loop.alone else "error"
        text = f"{tag} stands outside of its loop, what should be above it is missing; ask the sender to send it again"
        self.say(node, record, "claim_outside_loop", severity, 2, position, text, tag)

    def _owner(self, node: Node, record: Any) -> Unit:
        if node.is_unit:
            return record  # type: ignore[no-any-return]
        for frame in reversed(self.stack):
            if frame.node.is_unit:
                return frame.record  # type: ignore[no-any-return]
        return self.root

    def say(
        self,
        node: Node,
        record: Any,
        code: Code,
        severity: Severity,
        snip: int,
        position: int,
        message: str,
        element: str,
        loop: str = "",
    ) -> None:
        """Notes a finding at the nearest unit that can be set aside, and at the transaction."""
        owner = self._owner(node, record)
        unit: Literal["transaction", "claim", ""] = "transaction" if owner is self.root else "claim"
        unit = unit if severity == "error" else ""
        finding = Diagnostic(code, severity, snip, position, message, loop or _place(node), element, unit, self.file)
        owner.diagnostics.append(finding)
        if owner is not self.root and not (node.unit or any(frame.node.unit for frame in self.stack)):
            self.root.diagnostics.append(finding)


def _place(node: Node) -> str:
    """The loop as the guide names it; that of a party nobody knows is where it stands."""
    return node.parent.loop.id if node.loop is UNKNOWN_PARTY and node.parent else node.loop.id
