"""From a partner's encounter to ours: keyed identities, line controls, PHI apart from the rest."""

from schemas.events.encounters import BilledLine, EncounterAccepted, EncounterPhi, Member, PayerCoverage
from schemas.events.partner import Coverage, EncounterSubmitted, Patient, ServiceLine
from services.intake.domain.identities import Identities


def encounter(submitted: EncounterSubmitted, partner: str, event_id: str, ids: Identities) -> EncounterAccepted:
    """What all services may know of the encounter; no PHI in it."""
    return EncounterAccepted(
        partner=partner,
        partner_event_id=event_id,
        revision=submitted.revision,
        patient_key=ids.key("patient", partner, submitted.patient.patient_number),
        guarantor_key=_guarantor_key(submitted, partner, ids),
        coverages=tuple(_coverage(coverage) for coverage in submitted.coverages),
        billing_provider=submitted.billing_provider,
        rendering_provider=submitted.rendering_provider,
        referring_provider=submitted.referring_provider,
        place_of_service=submitted.place_of_service,
        diagnoses=submitted.diagnoses,
        lines=tuple(_line(n, line, submitted) for n, line in enumerate(submitted.lines, start=1)),
        emergency=submitted.emergency,
        advance_notice_signed=submitted.advance_notice_signed,
        documents=submitted.documents,
        no_claim=no_claim(submitted),
    )


def phi(submitted: EncounterSubmitted) -> EncounterPhi:
    """Who the people of the encounter are; encrypted wherever it rests."""
    guarantor = submitted.guarantor.person if submitted.guarantor else submitted.patient.person
    return EncounterPhi(
        encounter_number=submitted.encounter_number,
        patient_number=submitted.patient.patient_number,
        patient=submitted.patient.person,
        guarantor=guarantor,
        members=tuple(_member(coverage, submitted.patient) for coverage in submitted.coverages),
    )


def no_claim(submitted: EncounterSubmitted) -> str | None:
    """Why the encounter makes no claim, None where it makes one."""
    if not submitted.coverages:
        return "self_pay"
    coded = submitted.diagnoses and all(line.procedure for line in submitted.lines)
    return None if coded else "uncoded"


def _guarantor_key(submitted: EncounterSubmitted, partner: str, ids: Identities) -> str:
    if submitted.guarantor is None:
        return ids.key("guarantor", partner, "patient", submitted.patient.patient_number)
    return ids.key("guarantor", partner, "guarantor", submitted.guarantor.guarantor_number)


def _coverage(coverage: Coverage) -> PayerCoverage:
    return PayerCoverage(
        payer_id=coverage.payer_id,
        relationship=coverage.relationship,
        priority=coverage.priority,
        authorization=coverage.authorization,
        referral=coverage.referral,
    )


def _member(coverage: Coverage, patient: Patient) -> Member:
    own = coverage.relationship == "self" or coverage.subscriber is None
    return Member(
        member_id=coverage.member_id,
        group_number=coverage.group_number,
        subscriber=patient.person if own or coverage.subscriber is None else coverage.subscriber,
    )


def _line(position: int, line: ServiceLine, submitted: EncounterSubmitted) -> BilledLine:
    return BilledLine(
        control=f"L{position:03d}",
        procedure=line.procedure,
        modifiers=line.modifiers,
        units=line.units,
        charge=line.charge_cents,
        service_date=line.service_date,
        diagnosis_pointers=line.diagnosis_pointers,
        place_of_service=line.place_of_service or submitted.place_of_service,
        ndc=line.ndc,
    )
