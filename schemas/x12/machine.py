"""Reads the segments between ST and SE into records, following a compiled description. Nothing raises; everything is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any, Literal

from schemas.x12.compile import QUALIFIER, Node, Step, compile_set, qualified_tags
from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Loop, Seg, SetDescription
from schemas.x12.diagnostics import Diagnostic, Severity
from schemas.x12.elements import Problem
from schemas.x12.records.base import TransactionSet, Unit
from schemas.x12.records.parts import RawSegment
from schemas.x12.shapes import Shape
from schemas.x12.source import BLANK
from schemas.x12.values import LIMIT

ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"})
NONE: tuple[Problem, ...] = ()


class Piece:
    """A segment as parsed, shared by all equal segments: tag, table key, value and problems."""

    __slots__ = ("key", "problems", "tag", "value")

    def __init__(self, tag: str, key: str, value: Any, problems: tuple[Problem, ...]) -> None:
        self.tag, self.key, self.value, self.problems = tag, key, value, problems


class Pieces(dict[str, Piece]):
    """Segment text to piece for one set and one choice of delimiters; forgets everything when full."""

    __slots__ = ("delimiters", "qualified", "shapes")

    def __init__(self, shapes: dict[str, Shape], qualified: set[str], delimiters: Delimiters) -> None:
        super().__init__()
        self.shapes, self.qualified, self.delimiters = shapes, qualified, delimiters

    def __missing__(self, token: str) -> Piece:
        text = clean(token)
        texts = text.split(self.delimiters.element)
        tag = texts[0]
        place = QUALIFIER.get(tag, 1)
        key = f"{tag}*{texts[place]}" if tag in self.qualified and len(texts) > place else tag
        shape = self.shapes.get(tag)
        if shape is None:
            piece = Piece(tag, key, texts, NONE)
        else:
            value, problems = shape.read(texts, self.delimiters)
            piece = Piece(tag, key, value, tuple(problems) if problems else NONE)
        if len(self) >= LIMIT:
            self.clear()
        self[token] = piece
        return piece


def clean(token: str) -> str:
    """A segment without the line ends around it; bytes that are UTF-8 are given back as the letters they mean."""
    text = token.lstrip(BLANK).rstrip("\r\n")
    if not text.isascii():
        try:
            return text.encode("latin-1").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            return text
    return text


class Frame:
    """An open loop: its node, record, what it has seen and how far it came."""

    __slots__ = ("last", "node", "position", "record", "seen")

    def __init__(self, node: Node, record: Any, position: int) -> None:
        self.node, self.record, self.position = node, record, position
        self.seen = 0
        self.last = 0


class Grammar:
    """A description ready for reading: node tree, shapes by tag, and the pieces per choice of delimiters."""

    def __init__(self, description: SetDescription) -> None:
        self.description = description
        self.root = compile_set(description)
        self.qualified = qualified_tags(description.body)
        self.shapes: dict[str, Shape] = {}
        self._collect(description.body)
        self._pieces: dict[Delimiters, Pieces] = {}

    def _collect(self, body: tuple[Seg | Loop, ...]) -> None:
        for part in body:
            rule = part.header if isinstance(part, Loop) else part
            if self.shapes.setdefault(rule.tag, rule.shape) is not rule.shape:
                raise ValueError(f"{self.description.version}: two shapes for {rule.tag}")
            if isinstance(part, Loop):
                self._collect(part.body)

    def pieces(self, delimiters: Delimiters) -> Pieces:
        """The memo for these delimiters; one choice is kept at a time."""
        found = self._pieces.get(delimiters)
        if found is None:
            self._pieces.clear()
            found = self._pieces[delimiters] = Pieces(self.shapes, self.qualified, delimiters)
        return found


class Machine:
    """One pass over one transaction set.

    After `run` is exhausted, `stopped` holds the segment that ended the set (SE or whatever stood there instead) and
    `position` its number. With `keep`, all segments stay in the transaction's `raw`.
    """

    def __init__(
        self, grammar: Grammar, delimiters: Delimiters, root: TransactionSet, position: int, keep: bool, file: str = ""
    ) -> None:
        self.grammar = grammar
        self.memo = grammar.pieces(delimiters)
        self.delimiters = delimiters
        self.root = root
        self.position = position
        self.keep = keep
        self.file = file
        self.stopped: str | None = None
        self.stack: list[Frame] = []
        self.units = 0
        self.set_aside = 0
        self.segments = 0
        self._hash = sha256()
        self._levels: dict[str, str] = {}
        self._level_count = 0

    def run(self, tokens: Iterator[str]) -> Iterator[Any]:
        """Yields the units (claims) of a set whose description has them; else everything is in the root when done."""
        memo, stack, raw = self.memo, self.stack, self.root.raw
        frame = Frame(self.grammar.root, self.root, self.position)
        table = frame.node.table
        start, position, hashed = 0, self.position, len(raw)
        for token in tokens:
            piece = memo[token]
            position += 1
            step = table.get(piece.key) or table.get(piece.tag)
            if step is None:
                if not piece.tag:
                    position -= 1
                    raw.append(token)
                    continue
                if piece.tag in ENVELOPE:
                    self.stopped = token
                    break
                raw.append(token)
                self._unknown(frame, piece, token, position)
                continue
            for _ in range(step.pops):
                self._close(frame)
                if frame.node.loop.unit:
                    yield self._unit(frame.record, raw, start, hashed)
                    hashed = len(raw)
                frame = stack.pop()
            raw.append(token)
            if frame.seen & step.once:
                self._repeated(frame, step, position)
            frame.seen |= step.bit
            if step.index < frame.last:
                self._disordered(frame, step, position)
            else:
                frame.last = step.index
            child = step.node
            if child is None:
                step.bind(frame.record, piece.value, position)
                table = frame.node.table
            else:
                stack.append(frame)
                if child.loop.unit:
                    start = len(raw) - 1
                frame = self._open(frame, child, piece, position)
                table = child.table
            if piece.problems or step.unexpected:
                self._problems(frame, step, piece, position)
        else:
            position += 1
        self.position = position
        yield from self._finish(frame, raw, start, hashed)

    def _finish(self, frame: Frame, raw: list[str], start: int, hashed: int) -> Iterator[Any]:
        while True:
            self._close(frame)
            if frame.node.loop.unit:
                yield self._unit(frame.record, raw, start, hashed)
                hashed = len(raw)
            if not self.stack:
                break
            frame = self.stack.pop()
        self._digest(raw, hashed)
        self.root.content_hash = self._hash.hexdigest()

    def _open(self, above: Frame, node: Node, piece: Piece, position: int) -> Frame:
        record = node.make()
        frame = Frame(node, record, position)
        if node.positioned:
            record.position = position
        loop = node.loop
        if loop.level:
            self._level(frame, piece.value, position)
        loop.header.place.bind(record, piece.value, position)
        if loop.unit:
            record.ordinal = self.units
            self.units += 1
            for attribute, loop_id in loop.parents.items():
                for outer in reversed(self.stack):
                    if outer.node.loop.id == loop_id:
                        setattr(record, attribute, outer.record)
                        break
        else:
            loop.place.bind(above.record, record, position)
        return frame

    def _unit(self, record: Any, raw: list[str], start: int, hashed: int) -> Any:
        record.raw = raw[start:]
        self._digest(raw, hashed)
        self.segments += 0 if self.keep else len(raw)
        if not self.keep:
            raw.clear()
        if self.grammar.description.balance is not None:
            found = self.grammar.description.balance(record)
            record.diagnostics += [replace(finding, file=self.file) for finding in found] if self.file else found
        if record.diagnostics:
            self.set_aside += record.set_aside
            if self.keep:
                self.root.diagnostics += record.diagnostics
        return record

    def _digest(self, raw: list[str], hashed: int) -> None:
        text = "~".join(raw[hashed if self.keep else 0 :])
        if "\n" in text or "\r" in text:
            text = text.replace("\r", "").replace("\n", "")
        if self.delimiters.element != "*":
            text = text.replace(self.delimiters.element, "*")
        if self.delimiters.component != ":" and self.delimiters.component:
            text = text.replace(self.delimiters.component, ":")
        self._hash.update(text.encode("utf-8", "surrogatepass"))

    def _close(self, frame: Frame) -> None:
        for mask, rule in frame.node.required:
            if not frame.seen & mask:
                code = f"*{rule.codes[0]}" if rule.codes else ""
                self.say(
                    frame,
                    "missing_segment",
                    "warning",
                    2,
                    frame.position,
                    f"{rule.tag}{code} is required in loop {frame.node.loop.id} and absent; ask the sender to supply it",
                    rule.tag,
                )

    def _level(self, frame: Frame, texts: Any, position: int) -> None:
        """HL01 counts up by one; HL02 names the HL above."""
        self._level_count += 1
        number, parent = (*texts, "", "")[:2]
        wanted = self._levels.get(frame.node.parent_level, "")
        self._levels[frame.node.loop.level] = number
        if number != str(self._level_count):
            text = f"HL01 should be {self._level_count}; the hierarchy is taken from the order of the segments"
            self.say(frame, "hl_number", "warning", 1, position, text, "HL01")
            self._level_count = int(number) if number.isdecimal() and len(number) < 9 else self._level_count
        if parent != wanted:
            text = f"HL02 should name HL {wanted or '(none)'}; the hierarchy is taken from the order of the segments"
            self.say(frame, "hl_parent", "warning", 1, position, text, "HL02")

    def _unknown(self, frame: Frame, piece: Piece, token: str, position: int) -> None:
        known = piece.tag in self.grammar.shapes
        code, what = (
            ("misplaced_segment", "does not belong here") if known else ("unknown_segment", "is not in this set")
        )
        owner = self._owner(frame)
        owner.extras.append(RawSegment(position, clean(token)))
        tag = piece.tag if piece.tag.isalnum() and len(piece.tag) <= 3 else "???"
        text = f"segment {tag} {what}; it is kept but not used, ask the sender what it means"
        self.say(frame, code, "warning", 2, position, text, tag)

    def _repeated(self, frame: Frame, step: Step, position: int) -> None:
        rule = step.rule
        severity: Severity = "error" if rule.required and rule.tag in ("NM1", "BPR", "CLM") else "warning"
        text = f"{rule.tag} stands more than once in loop {frame.node.loop.id}; the last one counts, ask the sender"
        self.say(frame, "repeated_segment", severity, 2, position, text, rule.tag)

    def _disordered(self, frame: Frame, step: Step, position: int) -> None:
        if step.index < 0:
            return
        text = f"{step.rule.tag} stands too late in loop {frame.node.loop.id}; it is used all the same"
        self.say(frame, "segment_order", "warning", 2, position, text, step.rule.tag)

    def _problems(self, frame: Frame, step: Step, piece: Piece, position: int) -> None:
        tag = piece.tag
        for problem in piece.problems:
            severity: Severity = "error" if problem.essential else "warning"
            place = f"{tag}{problem.element:02d}"
            self.say(frame, problem.code, severity, 1, position, problem.message, place)
        if step.unexpected:
            place = f"{tag}{QUALIFIER.get(tag, 1):02d}"
            text = f"{place} is no qualifier that the guide allows in loop {frame.node.loop.id}; kept as it is"
            self.say(frame, "unexpected_qualifier", "warning", 2, position, text, place)

    def _owner(self, frame: Frame) -> Unit:
        for open_frame in (frame, *reversed(self.stack)):
            if open_frame.node.is_unit:
                return open_frame.record  # type: ignore[no-any-return]
        return self.root

    def say(
        self, frame: Frame, code: str, severity: Severity, snip: int, position: int, message: str, element: str
    ) -> None:
        """Notes a finding at the nearest unit that can be set aside, and at the transaction."""
        owner = self._owner(frame)
        unit: Literal["transaction", "claim", ""] = "transaction" if owner is self.root else "claim"
        unit = unit if severity == "error" else ""
        finding = Diagnostic(code, severity, snip, position, message, frame.node.loop.id, element, unit, self.file)
        owner.diagnostics.append(finding)
        if owner is not self.root and not any(item.node.loop.unit for item in (frame, *self.stack)):
            self.root.diagnostics.append(finding)
