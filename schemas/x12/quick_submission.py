"""The quick pass over claims of an 837 (loop 2300): charges and diagnosis pointers, without a record."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from schemas.x12.description import Quick
from schemas.x12.quick_facts import (
    ADMITTED,
    ATTENDED,
    CLAIM,
    DIAGNOSES,
    DOUBT,
    DOUBTFUL,
    LINE,
    OTHER,
    SERVED,
    STATED,
    Fact,
)
from schemas.x12.rules.diagnoses import PRINCIPAL, bits
from schemas.x12.rules.facts import DIAGNOSES as POINTABLE
from schemas.x12.rules.watch import subscriber
from schemas.x12.values import sound_cents

MOST_LINES = 50


def judge_submissions(facts: Iterable[Fact], dated: bool = False) -> list[tuple[Any, ...]]:
    """837, loop 2300: as `balance_submission`, and every pointer has its diagnosis, every line its date where they must be
    `dated`. Up to the first claim in doubt, one with very many lines for instance, or with a kind of HI in two segments; one
    with other payers has no pattern."""
    passed: list[tuple[Any, ...]] = []
    header: list[str] = []
    charge = charged = lines = diagnoses = pointer = kinds = 0
    undated = False
    for kind, first, second, more in facts:
        if kind == LINE:
            if undated:
                break
            charged += first
            lines += 1
            pointer = max(pointer, second)
            undated = dated
        elif kind == SERVED:
            undated = False
        elif kind == DIAGNOSES:
            if kinds & second:
                break
            diagnoses += first
            kinds |= second
        elif kind == CLAIM:
            if header:
                pointed = (pointer <= diagnoses or not diagnoses) and (kinds & PRINCIPAL or not kinds)
                if not (0 < lines <= MOST_LINES and pointed and charged == charge) or undated:
                    break
                passed.append((header[0], charge))
            if more is None:
                break
            header, charge, undated = more, first, False
            charged = lines = diagnoses = pointer = kinds = 0
        elif kind == DOUBT:
            break
    return passed


def judge_stays(facts: Iterable[Fact]) -> list[tuple[Any, ...]]:
    """837I, loop 2300: as `judge_submissions`, and somebody attended, on days that agree with those of the statement."""
    known = list(facts)
    sound = 0
    begun = attended = False
    since = until = admitted = earliest = latest = 0
    for kind, first, second, _ in known:
        if kind == SERVED:
            earliest, latest = min(earliest, first), max(latest, second)
        elif kind == STATED:
            since, until = first, second
        elif kind == ADMITTED:
            admitted = first
        elif kind == ATTENDED:
            attended = True
        elif kind == CLAIM:
            if begun and not (attended and since <= earliest and max(latest, admitted) <= until):
                break
            sound += begun
            begun, attended = True, False
            since = until = admitted = latest = 0
            earliest = NEVER
    return judge_submissions(known)[:sound]


def claim(texts: list[str]) -> tuple[Hashable, Fact]:
    """CLM: charge; number. Judged by place and frequency, related causes."""
    return ("CLM", texts[5], *texts[11:12]), (CLAIM, sound_cents(texts[2]), 0, texts[1:2])


def diagnoses(texts: list[str]) -> tuple[Hashable, Fact]:
    """HI: how many diagnoses a line can point at, and of what kinds all are."""
    return None, _diagnoses(tuple([QUALIFIER.findall(text)[0] for text in texts[1:]]))


@lru_cache(maxsize=1024)
def _diagnoses(qualifiers: tuple[str, ...]) -> Fact:
    return DIAGNOSES, sum(qualifier in POINTABLE for qualifier in qualifiers), bits(qualifiers), None


def dated(texts: list[str]) -> tuple[Hashable, Fact]:
    """DTP: the days of a service, of the statement, of the admission."""
    kind = DAYS.get(texts[1])
    if kind is None:
        return None, NEITHER
    if texts[2] == "TM" or (kind == STATED and texts[2] != "RD8"):
        return None, DOUBTFUL
    first, _, last = texts[3].partition("-")
    return None, (kind, int(first[:8]), int(last or first[:8]), None)


def attending(texts: list[str]) -> tuple[Hashable, Fact]:
    """NM1*71."""
    return None, (ATTENDED, 0, 0, None)


def professional(texts: list[str]) -> tuple[Hashable, Fact]:
    """SV1. Judged (`code_elements`, `rules.watch`) by SV101, SV103, SV105, SV111."""
    return ("SV1", texts[1], texts[3], *texts[5:6], *texts[11:12]), line(texts[2], texts[7:8])


def hospital(texts: list[str]) -> tuple[Hashable, Fact]:
    """SV2."""
    return None, line(texts[3], [])


def dental(texts: list[str]) -> tuple[Hashable, Fact]:
    """SV3."""
    return None, line(texts[2], texts[11:12])


def line(charge: str, pointers: list[str]) -> Fact:
    """A service line: charge, last pointer."""
    found = [int(number) for text in pointers for number in NUMBER.findall(text)]
    return DOUBTFUL if 0 in found else (LINE, sound_cents(charge), max(found, default=0), None)


NEVER = 99999999
NEITHER: Fact = (OTHER, 0, 0, "")
DAYS = {"472": SERVED, "434": STATED, "435": ADMITTED}
QUALIFIER = re.compile("[A-Z]+")
NUMBER = re.compile("[0-9]+")


SUBMISSION = Quick(
    ("claim_id", "charge"),
    ("SV1", "SV2", "SV3", "HI"),
    {"CLM": claim, "HI": diagnoses, "DTP": dated, "SV1": professional, "SV2": hospital, "SV3": dental},
    judge_submissions,
    ("SBR", "SVD"),
    lead={"2000B": subscriber},
)
PROFESSIONAL = replace(SUBMISSION, judge=partial(judge_submissions, dated=True))
HOSPITAL = replace(
    SUBMISSION,
    facts=(*SUBMISSION.facts, "NM1*71"),
    sums={**SUBMISSION.sums, "NM1": attending},
    judge=judge_stays,
)
