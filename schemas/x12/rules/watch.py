"""Which claims the rules may have something to say about, told from their segments alone, without reading the claim.

The quick pass asks this of every claim: `odd` of a segment by itself, `together` of those in `tags` and of what stands above
the claim. It may say yes too often (the full reader then judges), but never no where a rule would find something.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from schemas.codes.dated import read_rows, table
from schemas.codes.procedure_families import family
from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import components
from schemas.x12.rules.claim import CHANGES, DRUG_UNITS, SELF
from schemas.x12.rules.facts import DIAGNOSES, SENT_APART
from schemas.x12.rules.institutional import TOTAL
from schemas.x12.rules.professional import LABORATORY, UNLISTED_CPT
from schemas.x12.values import format_date

Texts = list[str]
HARMLESS = frozenset({"", "mileage"})


@lru_cache(maxsize=1)
def horizon() -> dt.date:
    """From this day on one version of ICD holds; what is older is for the full reader."""
    return max(row.begins for row in read_rows("diagnosis_versions.csv"))


@lru_cache(maxsize=256)
def settled(place: str) -> bool:
    """A place of service that holds on every day since the horizon."""
    judged = table("place_of_service.csv").judge(place, horizon())
    return judged.standing == "valid" and judged.until == dt.date.max


@lru_cache(maxsize=512)
def _facility(composite: str, component: str) -> bool:
    place, kind, frequency = (*components(composite, Delimiters(component=component)), "", "", "")[:3]
    if frequency in CHANGES or place == LABORATORY:
        return True
    return table("bill_types.csv").known(place) if kind == "A" else bool(place) and not settled(place)


@lru_cache(maxsize=4096)
def _procedure(composite: str, component: str) -> bool:
    code = (*components(composite, Delimiters(component=component)), "", "")[1]
    return family(code) not in HARMLESS or bool(UNLISTED_CPT(code))


def _at(texts: Texts, place: int) -> str:
    return texts[place] if place < len(texts) else ""


def claim(texts: Texts, delimiters: Delimiters) -> bool:
    """CLM: a replacement, an accident, a place or type of bill that wants more."""
    return bool(_at(texts, 11)) or _facility(_at(texts, 5), delimiters.component)


def professional_line(texts: Texts, delimiters: Delimiters) -> bool:
    """SV1: a procedure with a family, minutes, EPSDT, a place of service that is not settled."""
    place = _at(texts, 5)
    minutes = _at(texts, 3) == "MJ" or _at(texts, 11) == "Y"
    return minutes or (bool(place) and not settled(place)) or _procedure(_at(texts, 1), delimiters.component)


def dental_line(texts: Texts, delimiters: Delimiters) -> bool:
    """SV3: a replaced prosthesis, a place of service that is not settled."""
    place = _at(texts, 3)
    return _at(texts, 5) == "R" or (bool(place) and not settled(place))


def dated(texts: Texts, _: Delimiters) -> bool:
    """DTP: before the horizon, or a period that runs backwards."""
    start, _dash, end = _at(texts, 3).partition("-")
    return start < format_date(horizon()) or bool(end and end < start)


ODD = {
    "CLM": claim,
    "SV1": professional_line,
    "SV2": lambda texts, _: _at(texts, 1) in TOTAL,
    "SV3": dental_line,
    "DTP": dated,
    "PWK": lambda texts, _: _at(texts, 2) in SENT_APART and not _at(texts, 6),
    "LIN": lambda texts, _: _at(texts, 2) == "N4" and not (len(_at(texts, 3)) == 11 and _at(texts, 3).isdecimal()),
    "CTP": lambda texts, d: not _at(texts, 4).strip("0.") or components(_at(texts, 5), d)[0] not in DRUG_UNITS,
    "CR3": lambda texts, _: True,
    "DN1": lambda texts, _: True,
}
TAGS = frozenset({"HI", "SV1", "SV3", "DTP"})
ATTENDED = frozenset({"NM1", "SV2", "DTP"})
POINTERS = {"SV1": 7, "SV3": 11}


def above(unit: Any) -> bool:
    """What stands above the claim: another payer first, a subscriber who is not the patient, or details that are missing."""
    subscriber = unit.subscriber
    own = subscriber.relationship == SELF
    if subscriber.sequence != "P" or own is not (unit.patient is None):
        return True
    person = subscriber.person if own else unit.patient.person
    who = unit.patient or subscriber
    return person is None or who.pregnant == "Y" or (own and not (person.birth_date and person.sex and person.street))


def together(unit: Any, segments: list[Texts], delimiters: Delimiters) -> bool:
    """837P and 837D: pointers without diagnosis, services before birth, more lines than allowed."""
    diagnoses = lines = 0
    born = unit.patient_person.birth_date
    birth = format_date(born) if born else ""
    for texts in segments:
        tag = texts[0]
        if tag == "DTP":
            if birth and texts[1] == "472" and texts[3] < birth:
                return True
        elif tag == "HI":
            diagnoses += sum(components(text, delimiters)[0] in DIAGNOSES for text in texts[1:])
        else:
            lines += 1
            pointers = _at(texts, POINTERS[tag])
            if pointers and not _points(pointers, delimiters.component, diagnoses):
                return True
    return lines > 50


@lru_cache(maxsize=4096)
def _points(pointers: str, component: str, diagnoses: int) -> bool:
    found = [int(text) for text in pointers.split(component) if text.isdecimal()]
    return bool(found) and max(found) <= diagnoses and min(found) > 0


def attended(unit: Any, segments: list[Texts], delimiters: Delimiters) -> bool:
    """837I: nobody attended, services before birth, more lines than allowed; Medicare's HIPPS rates are for the full reader."""
    born = unit.patient_person.birth_date
    birth = format_date(born) if born else ""
    nobody, lines = True, 0
    for texts in segments:
        if texts[0] == "NM1":
            nobody = nobody and texts[1] != "71"
        elif texts[0] == "SV2":
            lines += 1
        elif birth and texts[1] == "472" and texts[3] < birth:
            return True
    return nobody or lines > 999
