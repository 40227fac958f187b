"""Edits that look at the lines of the claim alone."""

from collections.abc import Iterator
from datetime import date

from deploy.local.payers.deciding.claim import ClaimFacts, LineFacts
from deploy.local.payers.deciding.context import Context, Finding
from deploy.local.payers.model.base import covers, starts_with


def lacks(claim: ClaimFacts, line: LineFacts, element: str) -> bool:
    """Whether an element that a payer may insist on is absent."""
    present = {
        "referring_provider": bool(claim.referring_npi),
        "taxonomy": bool(claim.taxonomy),
        "ndc": bool(line.ndc),
        "group_number": bool(claim.group_number),
        "diagnosis_pointer_2": len(line.diagnoses) > 1,
    }
    return not present[element]


def retired(context: Context) -> Iterator[Finding]:
    """Procedure codes that are no longer valid."""
    for rule in context.payer.rules.retired:
        for at, line in enumerate(context.claim.lines):
            if line.procedure in rule.codes:
                yield Finding(at, rule.id, "claim_data", rule.denial)


def unspecific(context: Context) -> Iterator[Finding]:
    """Diagnosis codes that are not specific enough."""
    for rule in context.payer.rules.unspecific:
        for at, line in enumerate(context.claim.lines):
            if any(code in rule.codes for code in line.diagnoses):
                yield Finding(at, rule.id, "claim_data", rule.denial)


def missing(context: Context) -> Iterator[Finding]:
    """Elements that must be there."""
    for rule in context.payer.rules.missing:
        for at, line in context.lines(rule):
            if lacks(context.claim, line, rule.element):
                yield Finding(at, rule.id, "claim_data", rule.denial)


def modifiers(context: Context) -> Iterator[Finding]:
    """Lines that need a modifier."""
    for rule in context.payer.rules.modifiers:
        for at, line in context.lines(rule):
            if rule.beside and not _beside(context, at, line, rule.beside):
                continue
            if not set(rule.needs) & set(line.modifiers):
                yield Finding(at, rule.id, "claim_data", rule.denial)


def places(context: Context) -> Iterator[Finding]:
    """Procedures at a place where they may not be done."""
    for rule in context.payer.rules.places:
        for at, line in context.lines(rule):
            if line.place not in rule.allowed:
                yield Finding(at, rule.id, "claim_data", rule.denial)


def patients(context: Context) -> Iterator[Finding]:
    """Procedures that do not fit the patient's sex or age."""
    who = context.claim.patient
    for rule in context.payer.rules.patients:
        for at, line in context.lines(rule):
            age = full_years(who.birth_date, line.service_date)
            wrong_sex = rule.sex is not None and who.sex in "FM" and who.sex != rule.sex
            if wrong_sex or (age is not None and not rule.least_age <= age <= rule.most_age):
                yield Finding(at, rule.id, "claim_data", rule.denial)


def provider_types(context: Context) -> Iterator[Finding]:
    """Services that this kind of provider may not bill."""
    for rule in context.payer.rules.provider_types:
        for at, _ in context.lines(rule):
            if not starts_with(rule.taxonomies, context.claim.taxonomy):
                yield Finding(at, rule.id, "provider", rule.denial)


def excluded(context: Context) -> Iterator[Finding]:
    """Services outside the plan."""
    for rule in context.payer.rules.excluded:
        for at, _ in context.lines(rule):
            yield Finding(at, rule.id, "not_covered", rule.denial)


def referral(context: Context) -> Iterator[Finding]:
    """Services without the referral that they need."""
    for rule in context.payer.rules.referral:
        for at, _ in context.lines(rule):
            if not context.claim.referral:
                yield Finding(at, rule.id, "authorization", rule.denial)


def bundles(context: Context) -> Iterator[Finding]:
    """PTP pairs on the same day."""
    for rule in context.payer.rules.bundles:
        for at, line in context.lines(rule):
            unbundled = rule.indicator == 1 and set(rule.modifiers) & set(line.modifiers)
            if _beside(context, at, line, rule.column_one) and not unbundled:
                yield Finding(at, rule.id, "coding", rule.denial)


def units(context: Context) -> Iterator[Finding]:
    """Medically unlikely units, by line or by day."""
    for rule in context.payer.rules.units:
        for at, line in enumerate(context.claim.lines):
            most = rule.most.get(line.procedure)
            billed = line.units if not rule.by_day else _units_of_day(context, line)
            if most is not None and billed > most:
                yield Finding(at, rule.id, "coding", rule.denial)


def diagnoses(context: Context) -> Iterator[Finding]:
    """Coverage policies by diagnosis."""
    for rule in context.payer.rules.diagnoses:
        cause = "necessity" if rule.record_decides else "claim_data"
        for at, line in context.lines(rule):
            if not any(starts_with(rule.covered, code) for code in line.diagnoses):
                yield Finding(at, rule.id, cause, rule.denial)


def documents(context: Context) -> Iterator[Finding]:
    """Services that wait for a record."""
    for rule in context.payer.rules.documents:
        for at, _ in context.lines(rule):
            if not context.claim.attachments:
                yield Finding(at, rule.id, "documents", rule.denial)


def full_years(born: date | None, day: date) -> int | None:
    """Age in full years; None where no birth date is known."""
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _beside(context: Context, at: int, line: LineFacts, ranges: tuple[str, ...]) -> bool:
    same_claim = any(
        other.service_date == line.service_date and covers(ranges, other.procedure)
        for position, other in enumerate(context.claim.lines)
        if position != at
    )
    return same_claim or any(
        past.service_date == line.service_date
        and covers(ranges, past.procedure)
        and past.rendering_npi == context.claim.rendering_npi
        for past in context.history
    )


def _units_of_day(context: Context, line: LineFacts) -> int:
    return sum(
        other.units
        for other in context.claim.lines
        if other.procedure == line.procedure and other.service_date == line.service_date
    )
