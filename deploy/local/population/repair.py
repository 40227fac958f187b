"""What a careful practice does so that a payer pays: one repair for each family of rules."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from deploy.local.payers.deciding.context import PastLine
from deploy.local.payers.deciding.members import Granted
from deploy.local.payers.draws import number
from deploy.local.payers.model.base import covers, starts_with
from deploy.local.population.catalogue import catalogue
from deploy.local.population.draft import Draft
from deploy.local.population.providers import REFERRING, of_taxonomy
from deploy.local.population.rules import denied, refused, rules_of

ROUNDS = 12
Repair = Callable[[Draft, int, Any], Draft | None]


def repaired(draft: Draft, history: tuple[PastLine, ...] = ()) -> Draft | None:
    """The draft with everything mended that this payer's rules ask for; None where it cannot be paid at all."""
    known = rules_of(draft.payer)
    for _ in range(ROUNDS):
        turned_away = refused(draft)
        if turned_away:
            named = known.get(f"front.{turned_away.rule}")
            at = -1
        else:
            found = denied(draft, history)
            if not found:
                return draft
            at, finding = min(found.items())
            named = known.get(finding.rule)
        if named is None or named.family not in REPAIRS:
            return None
        mended = REPAIRS[named.family](draft, at, named.rule)
        if mended is None or mended == draft:
            return None
        draft = mended
    return None


def missing(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Add the element to the claim, or to every line that lacks it."""
    if rule.element == "referring_provider":
        return draft.but(referring=REFERRING)
    if rule.element == "taxonomy":
        return draft.but(rendering=draft.rendering.model_copy(update={"taxonomy": "207Q00000X"}))
    if rule.element == "group_number":
        cover = replace(draft.insured[0], group_number=f"G{number(draft.patient_number) % 90000 + 10000}")
        return draft.but(insured=(cover, *draft.insured[1:]))
    if rule.element == "ndc":
        return draft.but(lines=tuple(replace(line, ndc=line.ndc or "00003029305") for line in draft.lines))
    spare = catalogue().spare_diagnoses[0]
    lines = (
        replace(line, diagnoses=line.diagnoses if len(line.diagnoses) > 1 else (*line.diagnoses, spare))
        for line in draft.lines
    )
    return draft.but(lines=tuple(lines))


def retired(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Use the code that replaced it."""
    lines = (replace(line, procedure=rule.codes.get(line.procedure, line.procedure)) for line in draft.lines)
    return draft.but(lines=tuple(lines))


def unspecific(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Code the diagnosis as the record has it."""
    lines = (
        replace(line, diagnoses=tuple(rule.codes.get(code, code) for code in line.diagnoses)) for line in draft.lines
    )
    return draft.but(lines=tuple(lines))


def modifiers(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Add the modifier that is asked for."""
    return draft.line(at, modifiers=(*draft.lines[at].modifiers, rule.needs[0]))


def bundles(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Tell the services apart by a modifier; a pair with indicator 0 is billed without its second column."""
    if rule.indicator == 1 and rule.modifiers:
        return draft.line(at, modifiers=(*draft.lines[at].modifiers, rule.modifiers[0])).fact(distinct_service=True)
    if len(draft.lines) == 1:
        return None
    return draft.but(lines=tuple(line for place, line in enumerate(draft.lines) if place != at))


def global_periods(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Mark the visit as unrelated to the operation, where a modifier says so."""
    if not rule.modifiers:
        return None
    return draft.line(at, modifiers=(*draft.lines[at].modifiers, rule.modifiers[0]))


def places(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Do it where it may be done."""
    return draft.but(place=rule.allowed[0]) if not draft.lines[at].place else draft.line(at, place=rule.allowed[0])


def patients(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Record the sex that the service is for; a wrong age cannot be mended."""
    if rule.sex is None or draft.person.sex == rule.sex:
        return None
    return draft.but(person=draft.person.model_copy(update={"sex": rule.sex}))


def provider_types(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Bill under a provider who may do it."""
    return draft.but(rendering=of_taxonomy(rule.taxonomies))


def authorization(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Ask the payer beforehand, and put its number on the claim. One number covers all lines."""
    day = draft.service_date
    if draft.granted:
        first = draft.granted[0]
        more = first.model_copy(update={"procedures": (*first.procedures, draft.lines[at].procedure)})
        return draft.but(granted=(more,)) if more != first else None
    granted = Granted(
        number=f"AU{number('authorization', draft.patient_number, day) % 10**7:07d}",
        procedures=(draft.lines[at].procedure,),
        begins=day - timedelta(days=20),
        ends=day + timedelta(days=70),
        given_on=day - timedelta(days=10),
    )
    return draft.but(granted=(granted,), authorization=granted.number)


def referral(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Have the referral first."""
    if draft.referral:
        return None
    return draft.but(referral=f"RF{number('referral', draft.patient_number, draft.service_date) % 10**7:07d}")


def units(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Bill no more units than are allowed."""
    line = draft.lines[at]
    most = rule.most[line.procedure]
    if not 0 < most < line.units:
        return None
    return draft.line(at, units=most, charge=line.charge // line.units * most)


def diagnoses(draft: Draft, at: int, rule: Any) -> Draft | None:
    """Point to the diagnosis for which it was done."""
    line = draft.lines[at]
    return draft.line(at, diagnoses=(covered_diagnosis(rule.covered, line.procedure), *line.diagnoses[:3]))


def covered_diagnosis(covered: tuple[str, ...], procedure: str) -> str:
    """A diagnosis that a policy covers: one that the practice uses, else made from the policy's own prefix."""
    known = catalogue()
    own = [*known.service(procedure).diagnoses, *(code for kind in known.services.values() for code in kind.diagnoses)]
    found = next((code for code in own if starts_with(covered, code)), None)
    return found or (covered[0] + "00")[: max(3, len(covered[0]))]


def within(ranges: tuple[str, ...], code: str) -> bool:
    """Whether a rule's ranges cover the code; no range covers all."""
    return not ranges or covers(ranges, code)


REPAIRS: dict[str, Repair] = {
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
    "global_periods": global_periods,
    "diagnoses": diagnoses,
}
