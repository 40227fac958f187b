"""Which claims the rules may have something to say about, told from their segments alone, without reading the claim.

The quick pass asks this of every claim: `ODD` of a segment by itself, `above` of what stands above the claim. It may say yes too often (the full reader then judges), but never no where a rule would find something.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from schemas.codes.dated import read_rows, remembered, table
from schemas.codes.procedure_families import family
from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import components
from schemas.x12.patterns import Patterns
from schemas.x12.rules import institutional, professional
from schemas.x12.rules.claim import CHANGES, DRUG_UNITS, SELF
from schemas.x12.rules.diagnoses import Limits, led, within
from schemas.x12.rules.facts import SENT_APART
from schemas.x12.rules.rule import Odd
from schemas.x12.values import DAYS, format_date

Texts = list[str]
HARMLESS = frozenset({"", "mileage"})


@remembered(1)
def horizon() -> dt.date:
    """From this day on one version of ICD holds; what is older is for the full reader."""
    return max(row.begins for row in read_rows("diagnosis_versions.csv"))


@remembered(256)
def settled(place: str) -> bool:
    """A place of service that holds on every day since the horizon."""
    judged = table("place_of_service.csv").judge(place, horizon())
    return judged.standing == "valid" and judged.until == dt.date.max


@remembered(512)
def _facility(composite: str, component: str) -> bool:
    place, kind, frequency = (*components(composite, Delimiters(component=component)), "", "", "")[:3]
    if frequency in CHANGES or place == professional.LABORATORY:
        return True
    return table("bill_types.csv").known(place) if kind == "A" else bool(place) and not settled(place)


@remembered(4096)
def _procedure(composite: str, component: str) -> bool:
    code = (*components(composite, Delimiters(component=component)), "", "")[1]
    return family(code) not in HARMLESS or bool(professional.UNLISTED_CPT(code))


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


@remembered(1)
def _outdated() -> frozenset[str]:
    """Qualifiers of versions of ICD that hold no more."""
    return frozenset(row["code"] for row in read_rows("diagnosis_versions.csv") if row.ends != dt.date.max)


def _diagnoses(limits: Limits) -> Odd:
    """HI: a version of ICD that holds no more, more than the guide allows, or others before the principal diagnosis."""

    @remembered(1024)
    def odd(qualifiers: tuple[str, ...]) -> bool:
        return not (_outdated().isdisjoint(qualifiers) and within(limits, qualifiers) and led(qualifiers))

    return lambda texts, delimiters: odd(tuple([components(text, delimiters)[0] for text in texts[1:]]))


def dated(texts: Texts, _: Delimiters) -> bool:
    """DTP: before the horizon, or a period that runs backwards."""
    start, _dash, end = _at(texts, 3).partition("-")
    return start < format_date(horizon()) or bool(end and end < start)


ODD: dict[str, Odd] = {
    "CLM": claim,
    "SV1": professional_line,
    "SV2": lambda texts, _: _at(texts, 1) in institutional.TOTAL,
    "SV3": dental_line,
    "DTP": dated,
    "PWK": lambda texts, _: _at(texts, 2) in SENT_APART and not _at(texts, 6),
    "LIN": lambda texts, _: _at(texts, 2) == "N4" and not (len(_at(texts, 3)) == 11 and _at(texts, 3).isdecimal()),
    "CTP": lambda texts, d: not _at(texts, 4).strip("0.") or components(_at(texts, 5), d)[0] not in DRUG_UNITS,
    "CR3": lambda texts, _: True,
    "DN1": lambda texts, _: True,
}


def odd(limits: Limits) -> dict[str, Odd]:
    """`ODD`, for a guide with these limits of HI."""
    return {**ODD, "HI": _diagnoses(limits)}


def above(unit: Any) -> bool:
    """What stands above the claim: another payer first, a subscriber who is not the patient, details that are missing, or a
    patient so young that a service could be dated before the birth."""
    subscriber, patient = unit.subscriber, unit.patient
    if subscriber is None:
        return True
    own = subscriber.relationship == SELF
    who = (patient or subscriber).person
    if subscriber.sequence != "P" or own is not (patient is None) or who is None:
        return True
    if (patient or subscriber).pregnant == "Y" or (who.birth_date and who.birth_date >= horizon()):
        return True
    return own and not (who.birth_date and who.sex and who.street)


def subscriber(delimiters: Delimiters) -> Callable[[str], bool]:
    """As `above`, from the text of an HL 22 whose structure is sound, for claims of subscribers who are the patient."""
    patterns = Patterns(delimiters)
    between, some, rest, end = patterns.element, patterns.some, patterns.rest, patterns.end
    found = re.compile(
        f"{patterns.blank}HL{rest}{end}SBR{between}P{between}{SELF}{rest}{end}"
        f"(?:PAT(?:{between}{some}){{0,8}}+{end})?+NM1{between}IL{rest}{end}(?:PRV{rest}{end})?+"
        f"N3{between}{patterns.letter}{some}{rest}{end}(?:N4{rest}{end})?+"
        f"DMG{between}{some}{between}([0-9]{{8}}){between}{patterns.letter}"
    ).match

    def odd(text: str) -> bool:
        match = found(text)
        return match is None or match[1] >= DAYS[horizon()]

    return odd
