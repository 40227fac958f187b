"""A plain encounter for given procedures, before anything is right or wrong about it."""

from datetime import timedelta

from deploy.local.payers.draws import between, number
from deploy.local.population.catalogue import catalogue
from deploy.local.population.draft import Draft, DraftLine
from deploy.local.population.patients import Patient
from deploy.local.population.providers import billing, rendering
from deploy.local.population.times import DAY_ZERO
from schemas.events.values import Document


def plain_encounter(who: Patient, procedures: tuple[str, ...], day: int, *about: object, age_days: int = 0) -> Draft:
    """One line a procedure, the first one's place, specialty and diagnosis. `age_days` 0 draws 1-5 days before arrival."""
    known = catalogue()
    first = known.service(procedures[0])
    service_date = DAY_ZERO + timedelta(days=day - (age_days or between(1, 5, "age", *about)))
    return Draft(
        patient_number=who.number,
        person=who.person,
        guarantor_number=who.guarantor_number,
        guarantor=who.guarantor,
        insured=(who.insured,),
        lines=tuple(charge(code, *about) for code in procedures),
        day=day,
        service_date=service_date,
        place=first.place,
        billing=billing(first.specialty),
        rendering=rendering(first.specialty),
    )


def charge(code: str, *about: object) -> DraftLine:
    """A line with the practice's charge and a usual diagnosis."""
    kind = catalogue().service(code)
    diagnosis = kind.diagnoses[number("diagnosis", code, *about) % len(kind.diagnoses)]
    return DraftLine(
        procedure=code, charge=kind.charge * kind.units, units=kind.units, diagnoses=(diagnosis,), ndc=kind.ndc
    )


def document(kind: str, draft: Draft, *supports: str) -> Document:
    """A document in the partner's archive."""
    label = number("document", kind, draft.patient_number, draft.service_date) % 10**8
    return Document(kind=kind, reference=f"ARC-{label:08d}", supports=supports)
