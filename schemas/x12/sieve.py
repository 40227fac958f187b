"""Which of the claims or questions that a set is joined of only the full reader can judge, told from the text of each alone.

A set whose items are sound, each in a set of its own, is sound: joining numbers their levels anew and lets neighbours share
them, and no rule looks from one item to another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from schemas.x12.compile import Node
from schemas.x12.description import Alone
from schemas.x12.patterns import Patterns, alternatives
from schemas.x12.pieces import Pieces
from schemas.x12.quick_facts import END
from schemas.x12.scan import Known
from schemas.x12.structure import Structure


class Sieve:
    """For one kind of set and choice of delimiters; `segments` of a set begin with its heading, which says the day of codes."""

    def __init__(self, root: Node, pieces: Pieces, alone: Alone) -> None:
        self._root, self._pieces, self._alone = root, pieces, alone
        delimiters, coder = pieces.delimiters, pieces.coder
        self._end = delimiters.segment
        self._level = f"{self._end}HL{delimiters.element}"
        self._odd, self._judge = alone.odd(delimiters), alone.quick.judge
        self._known = Known(coder, delimiters, alone.quick, alone.unit)
        pieces.leaning.append(self._known)
        patterns = Patterns(delimiters)
        tags = {*filter(None, [alone.unit]), *alone.quick.facts, *coder.coded, *coder.odd}
        marks = alternatives(tag.replace("*", delimiters.element) for tag in tags)
        self._find = re.compile(f"{patterns.end}({marks}{patterns.element}{patterns.all})").findall

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """What a sound item looks like from its first HL on; None where that cannot be told."""
        return Structure(self._pieces.delimiters, self._alone.quick.barred).item(self._root)

    def telling(self, segments: Sequence[str], texts: Sequence[str]) -> list[str]:
        """Of these texts of the items of a set the first, which may speak for its heading, and those in doubt."""
        self._pieces.begin(segments[0])
        return [text for place, text in enumerate(texts) if not place or not self.sound(text)]

    def sound(self, text: str) -> bool:
        """Whether the full reader would find nothing to say of an item, the text of which `compose` gave."""
        whole = text + self._end
        start = whole.find(self._level)
        found = None if self.pattern is None or start < 0 else self.pattern.fullmatch(whole, start + len(self._end))
        if found is None or self._odd(found.groupdict()):
            return False
        facts = map(self._known.__getitem__, self._find(whole, start))
        return len(self._judge([*facts, END])) == 1
