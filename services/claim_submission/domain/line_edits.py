"""Scrub rules about one line."""

import re
from collections.abc import Callable
from functools import cache

from schemas.codes.place_of_service import is_place_of_service
from schemas.events.encounters import BilledLine, EncounterAccepted

LineCheck = Callable[[EncounterAccepted, BilledLine], bool]

_PROCEDURE = re.compile(r"\d{4}[\dFTUM]|[A-V]\d{4}")
"""CPT categories I to III, laboratory and administrative codes, HCPCS level II. Shape only: the AMA owns the list."""
_DIAGNOSIS = re.compile(r"[A-TV-Z]\d[0-9A-B](\w{1,4})?|U\d\d(\w{1,4})?", re.ASCII)
"""ICD-10-CM without the dot (CMS, ICD-10-CM official guidelines, section I.A.2)."""


@cache
def _is_diagnosis(code: str) -> bool:
    return _DIAGNOSIS.fullmatch(code) is not None


def _procedure(encounter: EncounterAccepted, line: BilledLine) -> bool:
    return _PROCEDURE.fullmatch(line.procedure) is None


def _diagnosis(encounter: EncounterAccepted, line: BilledLine) -> bool:
    return not all(map(_is_diagnosis, encounter.diagnoses))


def _pointer(encounter: EncounterAccepted, line: BilledLine) -> bool:
    pointers = line.diagnosis_pointers
    return not pointers or min(pointers) < 1 or max(pointers) > len(encounter.diagnoses)


def _place(encounter: EncounterAccepted, line: BilledLine) -> bool:
    return not is_place_of_service(line.place_of_service, line.service_date)


def _modifier(encounter: EncounterAccepted, line: BilledLine) -> bool:
    return len(set(line.modifiers)) != len(line.modifiers)


LINE_CHECKS: dict[str, LineCheck] = {
    "procedure": _procedure,
    "diagnosis": _diagnosis,
    "pointer": _pointer,
    "place": _place,
    "modifier": _modifier,
}
"""Name → whether the line breaks the rule."""
