"""What goes wrong on a claim: one defect for each family of rules, taken out of an encounter that would be paid."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from deploy.local.population.catalogue import catalogue
from deploy.local.population.draft import Draft

Break = Callable[[Draft, int, Any], Draft | None]
OTHER_SEX = {"F": "M", "M": "F"}


def missing(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Leave the element out."""
    if rule.element == "referring_provider":
        return draft.but(referring=None)
    if rule.element == "taxonomy":
        strip = {"taxonomy": None}
        rendering, billing = draft.rendering.model_copy(update=strip), draft.billing.model_copy(update=strip)
        return draft.but(rendering=rendering, billing=billing)
    if rule.element == "group_number":
        return draft.but(insured=(replace(draft.insured[0], group_number=None), *draft.insured[1:]))
    if rule.element == "ndc":
        return draft.line(at, ndc="")
    return draft.line(at, diagnoses=draft.lines[at].diagnoses[:1])


def retired(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Bill the old code."""
    old = next((old for old, new in rule.codes.items() if new == draft.lines[at].procedure), None)
    return draft.line(at, procedure=old) if old else None


def unspecific(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Code what is not specific enough."""
    own = draft.lines[at].diagnoses
    old = next((old for old, new in rule.codes.items() if new in own), None) or next(iter(rule.codes))
    return draft.line(at, diagnoses=tuple(old if code == rule.codes[old] else code for code in own))


def modifiers(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Forget the modifier."""
    return draft.line(at, modifiers=tuple(code for code in draft.lines[at].modifiers if code not in rule.needs))


def bundles(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Bill the pair as it stands."""
    return draft.line(at, modifiers=tuple(code for code in draft.lines[at].modifiers if code not in rule.modifiers))


def places(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Bill a place where it may not be done."""
    wrong = next((place for place in ("11", "12", "22", "99") if place not in rule.allowed), None)
    if wrong is None:
        return None
    return draft.line(at, place=wrong) if len(draft.lines) > 1 else draft.but(place=wrong)


def patients(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Record the other sex at the front desk."""
    if rule.sex is None:
        return None
    return draft.but(person=draft.person.model_copy(update={"sex": OTHER_SEX[rule.sex]}))


def provider_types(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Bill under a provider of another kind."""
    for specialty in catalogue().specialties:
        provider = draft.rendering.model_copy(update={"taxonomy": catalogue().specialties[specialty]})
        if not any((provider.taxonomy or "").startswith(prefix) for prefix in rule.taxonomies):
            return draft.but(rendering=provider)
    return None


def authorization(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Leave the number off, although the payer has given it."""
    return draft.but(authorization="")


def referral(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Leave the referral off."""
    return draft.but(referral="")


def units(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Bill twice the units that are allowed."""
    line = draft.lines[at]
    most = rule.most.get(line.procedure)
    if most is None:
        return None
    return draft.line(at, units=most * 2, charge=line.charge // line.units * most * 2)


def diagnoses(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Point to a diagnosis that does not explain the service."""
    spare = next((code for code in catalogue().spare_diagnoses if not code.startswith(rule.covered)), None)
    return draft.line(at, diagnoses=(spare,)) if spare else None


BREAKS: dict[str, Break] = {
    "missing": missing,
    "retired": retired,
    "unspecific": unspecific,
    "modifiers": modifiers,
    "places": places,
    "patients": patients,
    "provider_types": provider_types,
    "authorization": authorization,
    "referral": referral,
    "units": units,
    "bundles": bundles,
    "diagnoses": diagnoses,
}
