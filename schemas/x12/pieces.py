"""Segments as parsed once and shared, and what each does at its place: the reader's two memos."""

from __future__ import annotations

from typing import Any

from schemas.x12.binary import binary_texts
from schemas.x12.coded import Coder
from schemas.x12.compile import QUALIFIER, Node, Step
from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import Problem
from schemas.x12.shapes import Shape
from schemas.x12.source import BLANK
from schemas.x12.values import LIMIT
from schemas.x12.wants import lacking

ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"})
LONG = 2048
LAST = 1 << 30
CLAIMS = frozenset({"CLM", "CLP"})  # what opens a claim: wherever one stands, it is read or counted as set aside
DATING = frozenset({"BPR", "BHT"})
NONE: tuple[Problem, ...] = ()


class Piece:
    """A segment as parsed, shared by all equal segments: tag, table key, value and problems."""

    __slots__ = ("key", "problems", "tag", "value")

    def __init__(self, tag: str, key: str, value: Any, problems: tuple[Problem, ...]) -> None:
        self.tag, self.key, self.value, self.problems = tag, key, value, problems


class Pieces(dict[str, Piece]):
    """Segment text to piece for one set and one choice of delimiters; when full it forgets everything, and so do the memos
    that lean on it. `unusual` are delimiters, with what stands for them in a set's hash."""

    __slots__ = ("coder", "delimiters", "leaning", "qualified", "shapes", "unusual")

    def __init__(self, shapes: dict[str, Shape], qualified: set[str], delimiters: Delimiters, coder: Coder) -> None:
        super().__init__()
        self.shapes, self.qualified, self.delimiters, self.coder = shapes, qualified, delimiters, coder
        self.leaning: list[dict[str, Any]] = []
        marks = ((delimiters.segment, "~"), (delimiters.element, "*"), (delimiters.component, ":"))
        self.unusual = [(found, usual) for found, usual in marks if found and found != usual]

    def __missing__(self, token: str) -> Piece:
        texts = binary_texts(token, self.delimiters.element) or clean(token).split(self.delimiters.element)
        tag = texts[0] or ("???" if len(texts) > 1 else "")
        place = QUALIFIER.get(tag, 1)
        key = f"{tag}*{texts[place]}" if tag in self.qualified and len(texts) > place else tag
        shape = self.shapes.get(tag)
        if shape is None:
            piece = Piece(tag, key, texts, NONE)
        else:
            value, problems = shape.read(texts, self.delimiters)
            if tag in self.coder.coded:
                problems += self.coder.problems(texts, self.delimiters)
            piece = Piece(tag, key, value, tuple(problems) if problems else NONE)
        if len(token) > LONG:
            return piece
        if len(self) >= LIMIT:
            self.forget()
        self[token] = piece
        return piece

    def forget(self) -> None:
        """Lets go of everything, and so do the memos that lean on it."""
        self.clear()
        for memo in self.leaning:
            memo.clear()

    def begin(self, first: str) -> None:
        """A set begins with this segment: its date (BPR16, BHT04) is the day by which codes are judged."""
        piece = self[first]
        dated = piece.tag in DATING and piece.tag in self.shapes
        day = dict(piece.value).get("date") if dated else None
        if self.coder.begin(day):
            self.forget()


def clean(token: str) -> str:
    """A segment without the line ends around it; bytes that are UTF-8 are given back as the letters they mean."""
    text = token.lstrip(BLANK).rstrip("\r\n")
    if not text.isascii():
        try:
            return text.encode("latin-1").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            return text
    return text


class Move:
    """What one segment text does at one place of the tree; `plain` moves only bind a value in the loop that is open.
    `problems` are those of the segment and what the guide wants of it at this place."""

    __slots__ = (
        "bind", "bit", "fields", "index", "node", "odd", "once", "piece", "plain", "pops", "problems", "step", "value",
    )  # fmt: skip

    def __init__(self, piece: Piece, step: Step | None) -> None:
        self.piece, self.step, self.value = piece, step, piece.value
        self.fields: dict[str, Any] | None = None
        if step is None:
            self.plain = False
            return
        self.bind, self.bit, self.once, self.index = step.bind, step.bit, step.once, step.index
        self.pops, self.node = step.pops, step.node
        self.problems = piece.problems
        if step.rule.wants:
            self.problems += tuple(lacking(step.rule.wants, step.rule.shape, piece.value, piece.problems))
        self.odd = bool(self.problems or step.unexpected)
        self.plain = not (step.pops or step.node is not None or self.odd)
        if step.node is not None and step.node.by_fields:
            self.fields = dict(piece.value)


STOP = Move(Piece("SE", "SE", None, NONE), None)


class Moves(dict[str, Move]):
    """Segment text to move, for one place of the tree.

    Where units can be opened, `unit` is their node, `bit` and `index` those of their step, and `heads` the first three
    characters of a segment that opens one, or another loop like this one. Where a unit is opened by leaving loops, `pops`
    says how many. `full` is all that this loop requires, `stop` how the set's end begins, `place` where another loop like
    this one stands in the one above.
    """

    __slots__ = ("_mark", "bit", "full", "heads", "index", "pieces", "place", "pops", "stop", "table", "unit")

    def __init__(self, node: Node, pieces: Pieces) -> None:
        super().__init__()
        self.table, self.pieces = node.table, pieces
        element = pieces.delimiters.element
        self.stop, self._mark, self.heads = f"SE{element}", "", frozenset[str]()
        self.pops, self.bit, self.index = 0, 0, 0
        self.unit: Any = None
        self.full = 0
        another = node.table.get(node.loop.header.tag)
        self.place = another.index if another is not None and another.pops == 1 else LAST
        for mask, _ in node.required:
            self.full |= mask
        for key, step in node.table.items():
            if step.node and step.node.unit and not step.node.loop.stray and "*" not in key:
                self._mark, self.pops = key + element, step.pops
                self.bit, self.index, self.unit = step.bit, step.index, None if step.pops else step.node
                self.heads = frozenset({self._mark[:3]})
        if self.unit is not None:
            self.heads |= {(node.loop.header.tag + element)[:3]}
        pieces.leaning.append(self)

    def opens(self, token: str, last: int) -> bool:
        """Whether units may follow one behind another from this segment on, where `last` was the last part of the loop."""
        text = token.lstrip(BLANK)
        if text[:3] not in self.heads:
            return False
        if text.startswith(self._mark):
            return self.pops > 0 or last <= self.index
        return self.unit is not None

    def __missing__(self, token: str) -> Move:
        if token.lstrip(BLANK)[:3] == self.stop:
            return STOP
        piece = self.pieces[token]
        move = Move(piece, self.table.get(piece.key) or self.table.get(piece.tag))
        if len(token) <= LONG:
            self[token] = move
        return move
