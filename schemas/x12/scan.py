"""The quick pass over a claim: its structure by one regular expression, its sums by another, and no record until somebody looks.

A claim that passes has no findings. Anything odd leaves it to the full reader: what is said about a claim is always said there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from schemas.x12.coded import Coder
from schemas.x12.compile import Node
from schemas.x12.cursor import AHEAD, Cursor
from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Quick
from schemas.x12.patterns import Patterns, alternatives
from schemas.x12.pieces import Pieces
from schemas.x12.rules.facts import DIAGNOSES as POINTABLE
from schemas.x12.rules.rule import never
from schemas.x12.rules.watch import subscriber
from schemas.x12.structure import Structure
from schemas.x12.values import CENTS, LIMIT

BLANKS = " \r\n"


DOUBT, LINE, ADJUSTMENT, DIAGNOSES, ATTENDED, OTHER = range(6)
MOST_LINES = 50
# What a segment adds to the sums: its kind and two numbers (LINE: charge, and payment or last pointer; ADJUSTMENT: sum and
# patient's share; DIAGNOSES: how many)
Sums = tuple[int, int, int]
# A sound unit: its text, the values of `Quick.taken`, its facts, and the text of the host's lead where one stands before it
Passed = tuple[str, tuple[Any, ...], list[str], str]


class Known(dict[str, Sums]):
    """The facts that were met, equal ones looked at once: what they add, DOUBT where their codes are not sound."""

    __slots__ = ("coder", "delimiters", "sums")

    def __init__(self, coder: Coder, delimiters: Delimiters, sums: Callable[[list[str]], Sums]) -> None:
        super().__init__()
        self.coder, self.delimiters, self.sums = coder, delimiters, sums

    def __missing__(self, fact: str) -> Sums:
        texts = fact.split(self.delimiters.element)
        found = self.sums(texts) if self.sound(texts) else (DOUBT, 0, 0)
        if len(self) >= LIMIT:
            self.clear()
        self[fact] = found
        return found

    def sound(self, texts: list[str]) -> bool:
        """Whether no rule looks closer at such a segment, and its codes are known on the day of the set."""
        coder, tag = self.coder, texts[0]
        odd = coder.odd.get(tag)
        if odd is not None and odd(texts, self.delimiters):
            return False
        return tag not in coder.coded or not coder.problems(texts, self.delimiters)


class Scanner:
    """The quick pass for one kind of unit and choice of delimiters."""

    def __init__(self, delimiters: Delimiters, quick: Quick, pattern: re.Pattern[str], coder: Coder, host: str) -> None:
        patterns = Patterns(delimiters)
        tags = {*quick.facts, *coder.coded, *coder.odd} - {bar.partition("*")[0] for bar in quick.barred}
        marks = alternatives(tag.replace("*", delimiters.element) for tag in tags)
        facts = f"{patterns.end}({marks}{patterns.element}{patterns.all})"
        self.match, self.find = pattern.match, re.compile(facts).findall
        self.lead: Callable[[list[list[str]]], bool] = quick.lead.get(host, never)
        self.judge, self.end, self.element = quick.judge, delimiters.segment, delimiters.element
        self.known = Known(coder, delimiters, quick.sums)

    def scan(self, cursor: Cursor, level: tuple[str, str] | None) -> Passed | None:
        """The unit that begins at the cursor's `start` (or with its host's lead, numbered `level`), and the cursor behind it;
        None, and nothing moved, when in doubt."""
        if len(cursor.text) - cursor.start < AHEAD:
            cursor.look_ahead()
        begin = start = cursor.start
        text, end = cursor.text, self.end
        found = self.match(text, start)
        if found is None:
            return None
        if found.start(1) >= 0:
            if level is not None and found.groups()[1:] != level:
                return None
            start = text.rfind(end, start, found.end(1)) + 1
        stop = text.rfind(end, start, found.end()) + 1
        whole = text[start:stop]
        facts = self.find(whole)
        values = self.judge(whole[: whole.find(end)].lstrip(BLANKS).split(self.element), facts, self.known)
        if values is None or not text[begin:stop].isascii():
            return None
        if start > begin and self.lead(self.split(text[begin:start])):
            return None
        cursor.start = cursor.place = stop
        return whole, values, facts, text[begin:start]

    def split(self, text: str) -> list[list[str]]:
        """Segments and elements of a text."""
        return [segment.lstrip(BLANKS).split(self.element) for segment in text.split(self.end)[:-1]]


class Scanners(dict[int, Scanner | None]):
    """The quick pass for each kind of unit (by `id` of the node around it) of one set, where one can be made that is safe."""

    __slots__ = ("pieces", "quick", "watched")

    def __init__(self, pieces: Pieces, quick: Quick, watched: bool) -> None:
        super().__init__()
        self.pieces, self.quick, self.watched = pieces, quick, watched

    def of(self, node: Node, host: Node) -> Scanner | None:
        """Made when first used."""
        if id(host) not in self:
            self[id(host)] = self._made(node, host)
        return self[id(host)]

    def _made(self, node: Node, host: Node) -> Scanner | None:
        delimiters, coder = self.pieces.delimiters, self.pieces.coder
        marks = (delimiters.element, delimiters.component, delimiters.segment)
        if not all(mark.isascii() and len(mark) == 1 and not mark.isalnum() for mark in marks) or len(set(marks)) < 3:
            return None
        leading = not self.watched or host.loop.id in self.quick.lead
        pattern = Structure(delimiters, self.quick.barred).unit(node, host, leading)
        if pattern is None:
            return None
        made = Scanner(delimiters, self.quick, pattern, coder, host.loop.id)
        self.pieces.leaning.append(made.known)
        return made


def judge_payment(header: list[str], facts: list[str], known: Known) -> tuple[Any, ...] | None:
    """835, loop 2100: as `balance_claim`. Only a claim that balances to the cent everywhere passes."""
    at_claim = balance = charged = paid = share = 0
    in_line = False
    for fact in facts:
        kind, first, second = known[fact]
        if kind == ADJUSTMENT:
            balance -= first
            share += second
        elif kind == LINE:
            if not in_line:
                at_claim, in_line = -balance, True
            elif balance:
                return None
            charged += first
            paid += second
            balance = first - second
        elif kind == DOUBT:
            return None
    charge, payment, due = CENTS[header[3]], CENTS[header[4]], header[5]
    if share != (CENTS[due] if due else 0) or not known.sound(header):
        return None
    even = not balance and charged == charge and paid - at_claim == payment if in_line else charge + balance == payment
    return (header[1], header[2], charge, payment, share) if even else None


def payment_sums(texts: list[str]) -> Sums:
    """SVC, CAS, and what only holds codes."""
    if texts[0] == "SVC":
        return LINE, CENTS[texts[2]], CENTS[texts[3]]
    if texts[0] != "CAS":
        return OTHER, 0, 0
    cents = sum(cents for _, cents in triplets(texts))
    return ADJUSTMENT, cents, cents if texts[1] == "PR" else 0


def triplets(texts: list[str]) -> list[tuple[str, int]]:
    """Code and cents of each adjustment of a sound CAS."""
    return [(texts[place], CENTS[texts[place + 1]]) for place in range(2, len(texts) - 1, 3)]


def tally_payment(sums: list[int], values: tuple[Any, ...]) -> None:
    """As `balance.tally`; the quick pass leaves out claims with interest."""
    sums[0] += values[3]


def judge_submission(header: list[str], facts: list[str], known: Known) -> tuple[Any, ...] | None:
    """837, loop 2300: as `balance_submission`, and every pointer has its diagnosis. Claims with other payers and with very many
    lines go to the full reader."""
    charged = lines = diagnoses = pointer = 0
    for fact in facts:
        kind, first, second = known[fact]
        if kind == LINE:
            charged += first
            lines += 1
            pointer = max(pointer, second)
        elif kind == DIAGNOSES:
            diagnoses += first
        elif kind == DOUBT:
            return None
    if not 0 < lines <= MOST_LINES or (diagnoses and pointer > diagnoses) or not known.sound(header):
        return None
    charge = CENTS[header[2]]
    return (header[1], charge) if charged == charge else None


def judge_hospital(header: list[str], facts: list[str], known: Known) -> tuple[Any, ...] | None:
    """As `judge_submission`, where an attending provider is wanted."""
    attended = any(known[fact][0] == ATTENDED for fact in facts)
    return judge_submission(header, facts, known) if attended else None


def submission_sums(texts: list[str]) -> Sums:
    """SV1, SV2, SV3, HI, NM1*71, and what only holds codes."""
    tag = texts[0]
    if tag == "HI":
        return DIAGNOSES, sum(QUALIFIER.findall(text)[0] in POINTABLE for text in texts[1:]), 0
    if tag == "NM1":
        return ATTENDED, 0, 0
    if tag not in LINES:
        return OTHER, 0, 0
    charge, place = LINES[tag]
    pointers = [int(pointer) for pointer in re.findall(r"\d+", texts[place])] if 0 < place < len(texts) else []
    return DOUBT if 0 in pointers else LINE, CENTS[texts[charge]], max(pointers, default=0)


LINES = {"SV1": (2, 7), "SV2": (3, 0), "SV3": (2, 11)}
QUALIFIER = re.compile("[A-Z]+")
PAYMENT = Quick(
    ("claim_id", "status", "charge", "paid", "patient_responsibility"),
    ("SVC", "CAS", "LQ", "MOA", "MIA"),
    payment_sums,
    judge_payment,
    ("AMT*I",),
    tally_payment,
)
SUBMISSION = Quick(
    ("claim_id", "charge"),
    (*LINES, "HI"),
    submission_sums,
    judge_submission,
    ("SBR", "SVD"),
    lead={"2000B": subscriber},
)
HOSPITAL = replace(SUBMISSION, facts=(*SUBMISSION.facts, "NM1*71"), judge=judge_hospital)
