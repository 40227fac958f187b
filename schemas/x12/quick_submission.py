"""The quick pass over claims of an 837 (loop 2300): charges and diagnosis pointers, without a record."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from schemas.x12.description import Quick
from schemas.x12.rules.facts import DIAGNOSES as POINTABLE
from schemas.x12.rules.watch import subscriber
from schemas.x12.scan import DOUBT, LINE, OTHER, Known, Sums
from schemas.x12.values import sound_cents

DIAGNOSES, ATTENDED = 10, 11
MOST_LINES = 50


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
    if not 0 < lines <= MOST_LINES or (diagnoses and pointer > diagnoses) or not known.opens(header):
        return None
    charge = sound_cents(header[2])
    return (header[1], charge) if charged == charge else None


def judge_hospital(header: list[str], facts: list[str], known: Known) -> tuple[Any, ...] | None:
    """As `judge_submission`, where an attending provider is wanted."""
    attended = any(known[fact][0] == ATTENDED for fact in facts)
    return judge_submission(header, facts, known) if attended else None


def depends(header: list[str]) -> tuple[str, str]:
    """CLM: place and frequency, related causes."""
    return header[5], "".join(header[11:12])


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
    pointers = [int(pointer) for pointer in NUMBER.findall(texts[place])] if 0 < place < len(texts) else []
    return DOUBT if 0 in pointers else LINE, sound_cents(texts[charge]), max(pointers, default=0)


LINES = {"SV1": (2, 7), "SV2": (3, 0), "SV3": (2, 11)}
QUALIFIER = re.compile("[A-Z]+")
NUMBER = re.compile("[0-9]+")


def line_codes(texts: list[str]) -> tuple[str, ...]:
    """What codes and rules (`code_elements`, `rules.watch`) judge an SV1 by: SV101, SV103, SV105, SV111."""
    return ("SV1", texts[1], texts[3], *texts[5:6], *texts[11:12])


SUBMISSION = Quick(
    ("claim_id", "charge"),
    (*LINES, "HI"),
    submission_sums,
    depends,
    judge_submission,
    ("SBR", "SVD"),
    codes={"SV1": line_codes},
    lead={"2000B": subscriber},
)
HOSPITAL = replace(SUBMISSION, facts=(*SUBMISSION.facts, "NM1*71"), judge=judge_hospital)
