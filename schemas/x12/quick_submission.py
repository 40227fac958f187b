"""The quick pass over claims of an 837 (loop 2300): charges and diagnosis pointers, without a record."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from schemas.x12.description import Quick
from schemas.x12.quick_facts import ATTENDED, CLAIM, DIAGNOSES, DOUBT, DOUBTFUL, LINE, Fact
from schemas.x12.rules.facts import DIAGNOSES as POINTABLE
from schemas.x12.rules.watch import subscriber
from schemas.x12.values import sound_cents

MOST_LINES = 50


def judge_submissions(facts: Iterable[Fact], attended: bool = True) -> list[tuple[Any, ...]]:
    """837, loop 2300: as `balance_submission`, and every pointer has its diagnosis. Up to the first claim in doubt, one with very
    many lines for instance; one with other payers has no pattern. Unless `attended`, an attending provider is wanted."""
    passed: list[tuple[Any, ...]] = []
    claim_id, charge = None, 0
    charged = lines = diagnoses = pointer = 0
    met = attended
    for kind, first, second, more in facts:
        if kind == LINE:
            charged += first
            lines += 1
            pointer = max(pointer, second)
        elif kind == DIAGNOSES:
            diagnoses += first
        elif kind == ATTENDED:
            met = True
        elif kind == CLAIM:
            if claim_id is not None:
                pointed = pointer <= diagnoses or not diagnoses
                if not (0 < lines <= MOST_LINES and pointed and met and charged == charge):
                    break
                passed.append((claim_id, charge))
            if more is None:
                break
            claim_id, charge, met = more, first, attended
            charged = lines = diagnoses = pointer = 0
        elif kind == DOUBT:
            break
    return passed


def claim(texts: list[str]) -> tuple[Hashable, Fact]:
    """CLM: charge; number. Judged by place and frequency, related causes."""
    return ("CLM", texts[5], *texts[11:12]), (CLAIM, sound_cents(texts[2]), 0, texts[1])


def diagnoses(texts: list[str]) -> tuple[Hashable, Fact]:
    """HI: how many diagnoses a line can point at."""
    return None, (DIAGNOSES, sum(QUALIFIER.findall(text)[0] in POINTABLE for text in texts[1:]), 0, None)


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


QUALIFIER = re.compile("[A-Z]+")
NUMBER = re.compile("[0-9]+")


SUBMISSION = Quick(
    ("claim_id", "charge"),
    ("SV1", "SV2", "SV3", "HI"),
    {"CLM": claim, "HI": diagnoses, "SV1": professional, "SV2": hospital, "SV3": dental},
    judge_submissions,
    ("SBR", "SVD"),
    lead={"2000B": subscriber},
)
HOSPITAL = replace(
    SUBMISSION,
    facts=(*SUBMISSION.facts, "NM1*71"),
    sums={**SUBMISSION.sums, "NM1": attending},
    judge=partial(judge_submissions, attended=False),
)
