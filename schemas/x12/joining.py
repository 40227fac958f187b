"""Sets of one claim or question each made into one: what neighbours share stands once."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.x12.delimiters import Delimiters


def joined(heading: Iterable[str], texts: Iterable[str], delimiters: Delimiters) -> list[str]:
    """The segments of one set: this heading, then the HLs of all texts, numbered anew.

    A text is what `compose` gives for one claim or question, a terminator between segments; what stands before its first HL
    is left out. An HL that says what the HL before it in its place says, below the same HLs, is that HL: its claims (CLM)
    join those that stand there. A last HL without claims is a question of its own, whatever it says.
    """
    tree = _Tree(delimiters)
    for text in texts:
        tree.add(text)
    return f"{delimiters.segment.join(heading)}{''.join(tree.parts)}".split(delimiters.segment)


class _Tree:
    """HLs as they are added: `parts` stand one behind another, each with the terminator before it."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.parts: list[str] = []
        self._element = delimiters.element
        self._level = f"{delimiters.segment}HL{delimiters.element}"
        self._unit = f"{delimiters.segment}CLM{delimiters.element}"
        self._open: list[tuple[str, str]] = []
        """The HLs that are open: what each says, and its number."""
        self._count = 0

    def add(self, text: str) -> None:
        """The HLs of one text, each below the one before."""
        _, *levels = text.split(self._level)
        shared = True
        for depth, level in enumerate(levels):
            said, unit, units = level.split(self._element, 2)[2].partition(self._unit)
            alone = not unit and depth == len(levels) - 1
            shared = shared and not alone and depth < len(self._open) and self._open[depth][0] == said
            if not shared:
                self._begin(depth, said)
            if unit:
                self.parts.append(unit + units)

    def _begin(self, depth: int, said: str) -> None:
        self._count += 1
        number, above = str(self._count), self._open[depth - 1][1] if depth else ""
        self._open[depth:] = [(said, number)]
        self.parts.append(self._level + self._element.join((number, above, said)))
