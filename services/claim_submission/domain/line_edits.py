"""Scrub rules about an encounter's lines: whether any of them breaks the rule."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from schemas.codes.dated import remembered
from schemas.codes.place_of_service import is_place_of_service
from schemas.events.encounters import EncounterAccepted

LineCheck = Callable[[EncounterAccepted], bool]
REMEMBERED = 4096
"""Codes whose shape was judged last."""

_PROCEDURE = re.compile(r"\d{4}[\dFTUM]|[A-V]\d{4}")
"""CPT categories I to III, laboratory and administrative codes, HCPCS level II. Shape only: the AMA owns the list."""
_DIAGNOSIS = re.compile(r"[A-TV-Z]\d[0-9A-B](\w{1,4})?|U\d\d(\w{1,4})?", re.ASCII)
"""ICD-10-CM without the dot (CMS, ICD-10-CM official guidelines, section I.A.2)."""


@lru_cache(REMEMBERED)
def _is_procedure(code: str) -> bool:
    return _PROCEDURE.fullmatch(code) is not None


@lru_cache(REMEMBERED)
def _is_diagnosis(code: str) -> bool:
    return _DIAGNOSIS.fullmatch(code) is not None


@remembered(REMEMBERED)
def _is_place(code: str, on: date) -> bool:
    return is_place_of_service(code, on)


def _procedure(encounter: EncounterAccepted) -> bool:
    return not all(_is_procedure(line.procedure) for line in encounter.lines)


def _diagnosis(encounter: EncounterAccepted) -> bool:
    return not all(map(_is_diagnosis, encounter.diagnoses))


def _pointer(encounter: EncounterAccepted) -> bool:
    known = range(1, len(encounter.diagnoses) + 1)
    pointed = [line.diagnosis_pointers for line in encounter.lines]
    return not all(pointed) or not all(pointer in known for pointers in pointed for pointer in pointers)


def _place(encounter: EncounterAccepted) -> bool:
    return not all(_is_place(line.place_of_service, line.service_date) for line in encounter.lines)


def _modifier(encounter: EncounterAccepted) -> bool:
    return any(len(set(line.modifiers)) != len(line.modifiers) for line in encounter.lines if line.modifiers)


LINE_CHECKS: dict[str, LineCheck] = {
    "procedure": _procedure,
    "diagnosis": _diagnosis,
    "pointer": _pointer,
    "place": _place,
    "modifier": _modifier,
}
"""Name → whether a line of the encounter breaks the rule."""
