"""What sound elements and segments look like, as regular expressions: one says only yes to what a shape reads without a finding.

They may say no to more than that (letters beyond ASCII, dates on 29 February): the full reader then looks.
Everything is possessive, so that a no costs no more than a yes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from itertools import groupby

from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import Element
from schemas.x12.wants import ANY, COMPONENT, Want

SHORT, THIRTY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])", r"(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31"
DIGITS = r"(?:\d{1,12}+\.?+\d{0,2}+|\.\d{1,2}+)"


class Patterns:
    """Patterns for one choice of delimiters. `element` and `end` are those, ready for use; `some` is any text of an
    element, also none, `all` of a segment."""

    amount = f"-?+{DIGITS}"
    number = r"-?+\d{1,12}+(?:\.\d{1,6}+)?+"
    day = rf"(?:19|20)\d\d(?:{SHORT}|{THIRTY})"

    def __init__(self, delimiters: Delimiters) -> None:
        self.wanted: dict[str, str] = {}
        self.optional: set[str] = set()
        self.element, self.component = re.escape(delimiters.element), re.escape(delimiters.component)
        blanks = "".join(re.escape(blank) for blank in " \r\n" if blank not in (delimiters.element, delimiters.segment))
        self.blank = f"[{blanks}]*+"
        self.end = re.escape(delimiters.segment) + self.blank
        self.letter = letters(delimiters.element + delimiters.segment, delimiters.component)
        self.part = letters(delimiters.element + delimiters.segment + delimiters.component + ":>|")
        self.some = f"{self.letter}*+"
        self.all = f"[^{re.escape(delimiters.segment)}]*+"
        self.rest = f"(?:{self.element}{self.some})*+"

    def wanting(self, wants: Sequence[Want]) -> Patterns:
        """The same, for a segment of which this is wanted: such elements are present, and like their pattern."""
        if not wants:
            return self
        made = copy(self)
        made.wanted, made.optional = dict[str, str](), {want.name for want in wants if want.optional}
        for want in wants:
            pattern = want.pattern.replace(COMPONENT, self.component).replace(ANY, self.some)
            made.wanted[want.name] = pattern or made.wanted.get(want.name, "")
        return made

    def text(self, low: int, high: int) -> str:
        """A text of so many characters."""
        return f"{self.letter}{{{low},{high or ''}}}+"

    def first(self, codes: Sequence[str]) -> str:
        """The element that holds one of these codes, or anything."""
        return self.element + (alternatives(codes) if codes else self.some)

    def fields(self, tag: str, elements: Sequence[Element], codes: Sequence[str]) -> str:
        """A segment of these elements."""
        wanted = self.wanted.keys() - self.optional
        required = {item.index for item in elements if item.required or not wanted.isdisjoint(item.names)}
        needed = max(required, default=0)
        tail = ""
        for item in reversed(elements):
            body = self._element(item)
            if item.index == 1 and codes:
                fit = [code for code in codes if not item.high or item.low <= len(code) <= item.high]
                body = alternatives(fit)
            elif body and item.index not in required:
                body = f"(?:{body})?+"
            tail = f"{self.element}{body}{tail}" if item.index <= needed else f"(?:{self.element}{body}{tail})?+"
        return tag + tail

    def _element(self, item: Element) -> str:
        """What a present element looks like; an unused one is never present."""
        if not item.names:
            return self.some if item.constant else ""
        if wanted := self.wanted.get(item.names[0]):
            return wanted
        kinds = {"$": self.amount, "#": self.number, "N": r"\d{1,9}+", "D": self.day}
        kinds["I"] = rf"\d{{1,2}}+(?:{self.component}\d{{1,2}}+){{0,3}}+"
        kinds["T"] = self.text(max(item.low, 1), item.high)
        return kinds.get(item.type[0], f"{self.letter}++")


def letters(without: str, besides: str = "") -> str:
    """The class of the printable ASCII characters but these, and others besides."""
    kept = [code for code in range(0x80) if (0x20 <= code < 0x7F or chr(code) in besides) and chr(code) not in without]
    runs = [[code for _, code in run] for _, run in groupby(enumerate(kept), key=lambda pair: pair[1] - pair[0])]
    return "[" + "".join(f"\\x{run[0]:02x}-\\x{run[-1]:02x}" for run in runs) + "]"


def alternatives(words: Iterable[str]) -> str:
    """One of these words, longest first, told apart letter by letter; of none, nothing matches."""
    tails: dict[str, set[str]] = defaultdict(set)
    for word in words:
        tails[word[:1]].add(word[1:])
    if not tails:
        return "(?!)"
    single = "".join(re.escape(first) for first, rest in sorted(tails.items()) if rest == {""} and first)
    branches = [re.escape(first) + _tail(rest) for first, rest in sorted(tails.items()) if rest != {""}]
    branches += [f"[{single}]"] if single else []
    branches += [""] if tails.get("") else []
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _tail(rest: set[str]) -> str:
    return re.escape(next(iter(rest))) if len(rest) == 1 else alternatives(rest)
