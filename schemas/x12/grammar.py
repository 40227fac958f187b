"""A description made ready for reading."""

from __future__ import annotations

from schemas.codes.dated import on_change
from schemas.x12.code_elements import CODED
from schemas.x12.coded import Coder
from schemas.x12.compile import Node, compile_set, qualified_tags
from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Loop, Seg, SetDescription
from schemas.x12.generate import setter
from schemas.x12.pieces import Moves, Pieces
from schemas.x12.rules.rule import Rules, never
from schemas.x12.scan import Scanners
from schemas.x12.shapes import Shape


class Grammar:
    """A description ready for reading: node tree, shapes by tag, and the pieces per choice of delimiters."""

    def __init__(self, description: SetDescription) -> None:
        self.description = description
        self.root = compile_set(description)
        self.qualified = qualified_tags(description.body)
        self.shapes: dict[str, Shape] = {}
        self.known = setter(description.quick.taken if description.quick else ())
        self._collect(description.body)
        rules = description.rules or Rules()
        self.odd, self.above = rules.odd, rules.above or never
        self._memo: tuple[Delimiters, dict[int, Moves], Pieces, Scanners | None] | None = None
        on_change(self._forget)

    def _forget(self) -> None:
        """Segments that were judged by other tables are judged anew."""
        self._memo = None

    def _collect(self, body: tuple[Seg | Loop, ...]) -> None:
        for part in body:
            rule = part.header if isinstance(part, Loop) else part
            if self.shapes.setdefault(rule.tag, rule.shape) is not rule.shape:
                raise ValueError(f"{self.description.version}: two shapes for {rule.tag}")
            if isinstance(part, Loop):
                self._collect(part.body)

    def moves(self, delimiters: Delimiters) -> dict[int, Moves]:
        """The memo of every node (by `id`) for these delimiters; one choice is kept at a time."""
        return self._prepare(delimiters)[0]

    def pieces(self, delimiters: Delimiters) -> Pieces:
        """The memo of parsed segments for these delimiters."""
        return self._prepare(delimiters)[1]

    def scanner(self, delimiters: Delimiters) -> Scanners | None:
        """The quick passes over the units of this set, where the description has one."""
        return self._prepare(delimiters)[2]

    def prepare(self, delimiters: Delimiters) -> None:
        """Make now what the first claim would wait for."""
        moves, _, scanners = self._prepare(delimiters)
        for node in self.nodes(self.root):
            unit = moves[id(node)].unit
            if unit is not None and scanners is not None:
                scanners.of(unit, node)

    def _prepare(self, delimiters: Delimiters) -> tuple[dict[int, Moves], Pieces, Scanners | None]:
        if self._memo is not None and self._memo[0] is not delimiters and self._memo[0] == delimiters:
            self._memo = (delimiters, *self._memo[1:])
        if self._memo is None or self._memo[0] is not delimiters:
            coder = Coder(CODED.get(self.description.set_id, {}), self.odd)
            pieces = Pieces(self.shapes, self.qualified, delimiters, coder)
            moves = {id(node): Moves(node, pieces) for node in self.nodes(self.root)}
            quick = self.description.quick
            self._memo = (
                delimiters,
                moves,
                pieces,
                Scanners(pieces, quick, self.above is not never) if quick is not None else None,
            )
        return self._memo[1:]

    def nodes(self, node: Node) -> list[Node]:
        """A node and all below it."""
        below = {id(step.node): step.node for step in node.table.values() if step.node is not None and not step.pops}
        return [node, *(deeper for child in below.values() for deeper in self.nodes(child))]
