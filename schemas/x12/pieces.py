"""Segments as parsed once and shared, and what each does at its place: the reader's two memos."""

from __future__ import annotations

from typing import Any

from schemas.x12.binary import binary_texts
from schemas.x12.coded import Coder
from schemas.x12.compile import QUALIFIER, Step
from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import Problem
from schemas.x12.shapes import Shape
from schemas.x12.source import BLANK
from schemas.x12.values import LIMIT

ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"})
LONG = 2048
CLAIMS = frozenset({"CLM", "CLP"})  # what opens a claim: wherever one stands, it is read or counted as set aside
DATING = frozenset({"BPR", "BHT"})
NONE: tuple[Problem, ...] = ()


class Piece:
    """A segment as parsed, shared by all equal segments: tag, table key, value and problems; `odd` where a claim with it is
    for the full reader."""

    __slots__ = ("key", "odd", "problems", "tag", "value")

    def __init__(self, tag: str, key: str, value: Any, problems: tuple[Problem, ...]) -> None:
        self.tag, self.key, self.value, self.problems = tag, key, value, problems
        self.odd = bool(problems)


class Pieces(dict[str, Piece]):
    """Segment text to piece for one set and one choice of delimiters; when full it forgets everything, and so do the memos
    that lean on it."""

    __slots__ = ("coder", "delimiters", "leaning", "qualified", "shapes")

    def __init__(self, shapes: dict[str, Shape], qualified: set[str], delimiters: Delimiters, coder: Coder) -> None:
        super().__init__()
        self.shapes, self.qualified, self.delimiters, self.coder = shapes, qualified, delimiters, coder
        self.leaning: list[dict[str, Any]] = []

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
            odd = self.coder.odd.get(tag)
            piece.odd = piece.odd or (odd is not None and odd(texts, self.delimiters))
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
    """What one segment text does at one place of the tree; `plain` moves only bind a value in the loop that is open."""

    __slots__ = ("bind", "bit", "fields", "index", "node", "once", "piece", "plain", "pops", "step", "value")

    def __init__(self, piece: Piece, step: Step | None) -> None:
        self.piece, self.step, self.value = piece, step, piece.value
        self.fields: dict[str, Any] | None = None
        if step is None:
            self.plain = False
            return
        self.bind, self.bit, self.once, self.index = step.bind, step.bit, step.once, step.index
        self.pops, self.node = step.pops, step.node
        self.plain = not (step.pops or step.node is not None or piece.problems or step.unexpected)
        if step.node is not None and step.node.by_fields:
            self.fields = dict(piece.value)


class Moves(dict[str, Move]):
    """Segment text to move, for one place of the tree."""

    __slots__ = ("pieces", "table")

    def __init__(self, table: dict[str, Step], pieces: Pieces) -> None:
        super().__init__()
        self.table, self.pieces = table, pieces
        pieces.leaning.append(self)

    def __missing__(self, token: str) -> Move:
        piece = self.pieces[token]
        move = Move(piece, self.table.get(piece.key) or self.table.get(piece.tag))
        if len(token) <= LONG:
            self[token] = move
        return move
