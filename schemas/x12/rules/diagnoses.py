"""How many diagnoses, procedures and codes the HI segments of a claim may hold (005010X222A1, X223A2, X224A2, loop 2300, HI)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from schemas.x12.records.claim import Claim837
from schemas.x12.rules.rule import Rule

# Qualifiers (ICD-10, ICD-9) of one kind, under the name by which the limits speak of it.
FAMILIES = {
    "principal": "ABK BK",
    "other": "ABF BF",
    "admitting": "ABJ BJ",
    "reason": "APR PR",
    "external": "ABN BN",
    "drg": "DR",
    "principal_procedure": "BBR BR",
    "other_procedure": "BBQ BQ",
    "span": "BI",
    "occurrence": "BH",
    "value": "BE",
    "condition": "BG",
    "treatment": "TC",
    "anesthesia": "BP BO",
    "tooth": "TQ",
}
FAMILY = {qualifier: name for name, qualifiers in FAMILIES.items() for qualifier in qualifiers.split()}
BITS = {name: 1 << place for place, name in enumerate(FAMILIES)}
STRANGE = 1 << len(FAMILIES)
PRINCIPAL = BITS["principal"]
Limits = Mapping[str, int]
PROFESSIONAL: Limits = {"principal": 1, "other": 11, "anesthesia": 2, "condition": 24}
INSTITUTIONAL: Limits = {
    "principal": 1, "other": 24, "admitting": 1, "reason": 3, "external": 12, "drg": 1, "principal_procedure": 1,
    "other_procedure": 24, "span": 24, "occurrence": 24, "value": 24, "condition": 24, "treatment": 24,
}  # fmt: skip
DENTAL: Limits = {"principal": 1, "other": 3, "tooth": 4}


def within(limits: Limits, qualifiers: Sequence[str]) -> bool:
    """Whether there are no more of each kind than allowed; what no guide knows is not counted."""
    counted = Counter(FAMILY[qualifier] for qualifier in qualifiers if qualifier in FAMILY)
    return all(count <= limits.get(name, count) for name, count in counted.items())


def led(qualifiers: Sequence[str]) -> bool:
    """Whether the principal diagnosis stands before the others: pointers count from it."""
    pointable = [name for name in map(FAMILY.get, qualifiers) if name in ("principal", "other")]
    return not pointable or pointable[0] == "principal"


@lru_cache(maxsize=1024)
def bits(qualifiers: tuple[str, ...]) -> int:
    """The kinds of one segment; the quick pass leaves a claim that has a kind in two segments to the full reader."""
    found = 0
    for qualifier in qualifiers:
        found |= BITS[FAMILY[qualifier]] if qualifier in FAMILY else STRANGE
    return found


def _qualifiers(claim: Claim837) -> list[str]:
    return [item.qualifier for item in claim.diagnoses]


def rules(limits: Limits, required: bool = True) -> tuple[Rule, ...]:
    """What HI may hold in one of the guides; all but the dental one want a principal diagnosis."""
    most = f"{limits['principal'] + limits['other']} diagnoses"
    return (
        Rule(
            "too_many_diagnoses",
            "2300",
            "HI",
            lambda claim: claim.diagnoses,
            lambda claim: within(limits, _qualifiers(claim)),
            f"HI holds more of a kind than the guide allows (one principal, {most}); drop some, or split the claim",
        ),
        Rule(
            "principal_diagnosis_missing",
            "2300",
            "HI01",
            lambda claim: claim.diagnoses,
            lambda claim: led(_qualifiers(claim)) and (_has_principal(claim) or not required),
            "no principal diagnosis stands before the others; give it first, under ABK (ABF for the others)",
        ),
    )


def _has_principal(claim: Claim837) -> bool:
    return any(FAMILY.get(qualifier) == "principal" for qualifier in _qualifiers(claim))
