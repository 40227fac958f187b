"""SNIP 5: the elements whose values stand in a code table, and how a value stands there on the day that counts.

A value that its table does not know warns on what comes in and refuses what goes out. An adjustment group or a claim payment
status (CLP02) that nobody knows is an error: its cents cannot be classified, or nobody can say what they answer. Procedures and diagnoses are judged by their shape only: CPT is the AMA's and is not
ours to list, ICD-10 and HCPCS change too often to be carried along.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from schemas.codes.dated import DIRECTORY, CodeTable, form, table
from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import Problem, components
from schemas.x12.rules.rule import Odd
from schemas.x12.values import LIMIT

Codes = Callable[[str, Delimiters], Iterable[str]]
LONGEST = 5
NONE: tuple[Problem, ...] = ()


@dataclass(slots=True, frozen=True)
class Coded:
    """Elements (`places`) of one segment whose values stand in a table, or have a `shape`.

    `codes` takes the values out of an element (none: it is one itself); `only` names an element and the values that it must
    hold. `dated`: judged by the day of the set (payment date, BHT04); else a value must have been valid once, and a rule that
    knows the day of service judges the rest. `grave`: an unknown value sets the claim aside. `pad` fills values up at their left.
    `grouped`: the table says in which adjustment groups (CAS01) a value may stand.
    """

    places: tuple[int, ...]
    name: str
    table: str = ""
    codes: Codes | None = None
    only: tuple[int, frozenset[str]] | None = None
    shape: Callable[[str], object] | None = None
    dated: bool = True
    grave: bool = False
    pad: str = ""
    grouped: bool = False

    def known(self) -> CodeTable:
        """The table of the values; raises TableError."""
        if self.table != "plb_reasons.yaml":
            return table(self.table)
        from schemas.codes.plb_reasons import plb_table

        return plb_table()

    def found(self, texts: list[str], delimiters: Delimiters) -> Iterable[tuple[int, str]]:
        """The values in a segment, each with its element."""
        if self.only is not None and "".join(texts[self.only[0] : self.only[0] + 1]) not in self.only[1]:
            return
        for place in self.places:
            if place < len(texts) and texts[place]:
                for code in self.codes(texts[place], delimiters) if self.codes else (texts[place],):
                    if code:
                        yield place, code


def part(component: int) -> Codes:
    """One component (from 1) of an element."""
    return lambda text, delimiters: components(text, delimiters)[component - 1 : component]


def repetitions(text: str, delimiters: Delimiters) -> list[str]:
    """Every repetition of an element."""
    return text.split(delimiters.repetition) if delimiters.repetition else [text]


def behind(qualifiers: str) -> Codes:
    """The second component where the first is one of these qualifiers."""
    wanted = frozenset(qualifiers.split())

    def codes(text: str, delimiters: Delimiters) -> list[str]:
        parts = components(text, delimiters)
        return parts[1:2] if parts[0] in wanted else []

    return codes


class Coder:
    """Judges the coded elements of one kind of set, by one day at a time; `odd` are the rules' tests of single segments."""

    __slots__ = ("_reach", "_sound", "coded", "day", "odd", "since", "until")

    def __init__(self, coded: dict[str, tuple[Coded, ...]], odd: Mapping[str, Odd]) -> None:
        self.coded, self.odd = coded, odd
        self.day: date | None = None
        self.since, self.until = date.min, date.max
        self._sound: set[Hashable] = set()
        self._reach: dict[tuple[str, int], Callable[[list[str]], Hashable]] = {}

    def begin(self, day: date | None) -> bool:
        """From now on judge by this day; True when what was judged before may not hold any more."""
        same = day is not None and self.day is not None and self.since <= day <= self.until
        before, self.day = self.day, day
        if same or before == day:
            return False
        self.since, self.until = date.min, date.max
        self._sound.clear()
        return True

    def problems(self, texts: list[str], delimiters: Delimiters) -> Sequence[Problem]:
        """What is wrong with the codes of a segment; its tag must be one of `coded`."""
        reach = self._reach.get((texts[0], len(texts))) or self._learn(texts)
        key = reach(texts)
        if key in self._sound:
            return NONE
        found = [
            problem
            for rule in self.coded[texts[0]]
            for place, code in rule.found(texts, delimiters)
            if (problem := self._judge(rule, texts, place, code)) is not None
        ]
        if not found:
            if len(self._sound) >= LIMIT:
                self._sound.clear()
            self._sound.add(key)
        return found

    def _learn(self, texts: list[str]) -> Callable[[list[str]], Hashable]:
        """How to take the coded elements, and what they depend on, out of a segment of this tag and length."""
        places = {place for rule in self.coded[texts[0]] for place in (*rule.places, *(rule.only or ())[:1])}
        reach = itemgetter(0, *sorted(place for place in places if isinstance(place, int) and place < len(texts)))
        if len(self._reach) < LIMIT:
            self._reach[texts[0], len(texts)] = reach
        return reach

    def _judge(self, rule: Coded, texts: list[str], element: int, code: str) -> Problem | None:
        place = f"{texts[0]}{element:02d}"
        if rule.shape is not None:
            if rule.shape(code):
                return None
            text = f"{place} holds what cannot be {rule.name}; ask the sender to correct it"
            return Problem("code_shape", element, False, text, 5)
        codes, key = rule.known(), code.lstrip(rule.pad) or code if rule.pad else code
        if not codes.known(key):
            text = (
                f"{place} holds {shown(code, codes)}, no {rule.name} that {rule.table} knows; "
                f"load a newer table ({DIRECTORY}) or ask the sender what it means"
            )
            return Problem("code_unknown", element, rule.grave, text, 5)
        if not rule.dated or self.day is None:
            return _group(codes, key, self.day, texts) if rule.grouped else None
        judged = codes.judge(key, self.day)
        self.since, self.until = max(self.since, judged.since), min(self.until, judged.until)
        if judged.standing == "valid":
            return _group(codes, key, self.day, texts) if rule.grouped else None
        text = (
            f"{place} holds {rule.name} {code}, which {rule.table} does not hold valid on the day of the set; "
            f"ask the sender to use one that was, or load a newer table ({DIRECTORY})"
        )
        return Problem("code_not_valid", element, False, text, 5)


def _group(codes: CodeTable, carc: str, day: date | None, texts: list[str]) -> Problem | None:
    """A reason may be meant for some adjustment groups only: the column `groups` of its table."""
    row = codes.get(carc, day) if day else None
    allowed = row.cells.get("groups", "").split() if row else []
    if not allowed or texts[1] in allowed or not table("adjustment_groups.csv").known(texts[1]):
        return None
    text = f"CAS01 groups CARC {carc} otherwise than its list allows ({' '.join(allowed)}); ask the payer which holds"
    return Problem("adjustment_group_not_allowed", 1, False, text, 4)


def shown(code: str, codes: CodeTable) -> str:
    """A value as a message may name it: one that has the form of the table's codes; any other might be a name."""
    return code if len(code) <= LONGEST and form(code) in codes.forms else "a value"
