"""Rules that 837P, 837I and 837D share (005010X222A1, X223A2, X224A2): replacement, accident, attachments, other payers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from schemas.codes.dated import table
from schemas.x12.diagnostics import Diagnostic
from schemas.x12.records.claim import Claim837
from schemas.x12.records.parts import Adjustment
from schemas.x12.rules import facts
from schemas.x12.rules.rule import LineRule, Rule

SELF = "18"
CHANGES = frozenset({"7", "8"})
MEDICARE = frozenset({"MA", "MB"})
DRUG_UNITS = frozenset({"F2", "GR", "ME", "ML", "UN"})

UNITS = (
    Rule(
        "original_claim_number_missing",
        "2300",
        "REF",
        lambda claim: claim.frequency in CHANGES,
        lambda claim: claim.payer_control_number,
        "CLM05-3 replaces or voids a claim, but REF*F8 does not say which; give the payer's number of the original",
    ),
    Rule(
        "accident_date_missing",
        "2300",
        "DTP",
        lambda claim: {"AA", "OA"}.intersection(facts.causes(claim)),
        lambda claim: facts.dated(claim, "439"),
        "CLM11 names an accident, but DTP*439 does not say when it was; give the date",
    ),
    Rule(
        "accident_state_missing",
        "2300",
        "CLM11",
        lambda claim: "AA" in facts.causes(claim),
        lambda claim: any(claim.related_causes[3:5]),
        "CLM11 names a car accident without its state or country; give CLM11-4",
    ),
    Rule(
        "attachment_control_number_missing",
        "2300",
        "PWK06",
        lambda claim: any(item.transmission in facts.SENT_APART for item in facts.attachments(claim)),
        lambda claim: all(
            item.control_number for item in facts.attachments(claim) if item.transmission in facts.SENT_APART
        ),
        "PWK announces a document that comes apart, but not its control number; give PWK06, and write it on the document",
    ),
    Rule(
        "prior_payer_missing",
        "2320",
        "SBR",
        facts.later_payer,
        lambda claim: claim.other_payers,
        "SBR01 says that others pay first, but loop 2320 names none; give each earlier payer",
    ),
    Rule(
        "payer_sequence_repeated",
        "2320",
        "SBR01",
        lambda claim: claim.other_payers,
        facts.sequences_differ,
        "two payers stand at the same place in SBR01; give each its own",
    ),
    Rule(
        "prior_payer_amount_missing",
        "2320",
        "AMT",
        facts.earlier,
        lambda claim: all(
            payer.amount("D") is not None or payer.amount("A8") is not None for payer in facts.earlier(claim)
        ),
        "an earlier payer has neither AMT*D (what it paid) nor AMT*A8 (that it was bypassed); give one of them",
    ),
    Rule(
        "adjudication_date_missing",
        "2330B",
        "DTP",
        lambda claim: any(facts.answered(payer) for payer in claim.other_payers),
        lambda claim: all(
            payer.adjudication_date or facts.answered_by_line(claim, payer)
            for payer in claim.other_payers
            if facts.answered(payer)
        ),
        "a payer answered, but neither DTP*573 of 2330B nor those of its 2430 loops say when; give the date",
    ),
    Rule(
        "insurance_type_missing",
        "2000B",
        "SBR05",
        lambda claim: claim.subscriber.filing_indicator in MEDICARE and facts.later_payer(claim),
        lambda claim: claim.subscriber.insurance_type,
        "Medicare pays later, but SBR05 does not say why another payer is first; give the insurance type (12, 13, 43 …)",
    ),
    Rule(
        "patient_beside_subscriber",
        "2000C",
        "PAT",
        lambda claim: claim.subscriber.relationship == SELF,
        lambda claim: claim.patient is None,
        "SBR02 says that the subscriber is the patient, but a patient loop follows; drop one of them",
    ),
    Rule(
        "patient_missing",
        "2000B",
        "SBR02",
        lambda claim: claim.patient is None,
        lambda claim: claim.subscriber.relationship == SELF,
        "no patient loop follows, but SBR02 does not say that the subscriber is the patient; give 18 or the loop",
    ),
    Rule(
        "subscriber_detail_missing",
        "2010BA",
        "DMG",
        lambda claim: claim.subscriber.relationship == SELF and claim.subscriber.person is not None,
        lambda claim: (
            claim.subscriber.person.birth_date and claim.subscriber.person.sex and claim.subscriber.person.street
        ),
        "the subscriber is the patient, but N3, N4 or DMG of 2010BA is absent; give address, birth date and sex",
    ),
    Rule(
        "date_reversed",
        "2300",
        "DTP",
        lambda claim: claim.dates,
        facts.period_runs_forward,
        "a period of DTP ends before it begins; put its dates right",
    ),
)
LINES = (
    LineRule(
        "date_reversed",
        "2400",
        "DTP",
        lambda claim, line: line.dates,
        lambda claim, line: facts.period_runs_forward(line),
        "a period of DTP ends before it begins; put its dates right",
    ),
    LineRule(
        "service_before_birth",
        "2400",
        "DTP",
        lambda claim, line: line.service_date and claim.patient_person and claim.patient_person.birth_date,
        lambda claim, line: line.service_date >= claim.patient_person.birth_date,
        "the service is dated before the patient's birth; put DTP*472 or DMG02 right",
    ),
    LineRule(
        "pointer_without_diagnosis",
        "2400",
        "SV107",
        lambda claim, line: line.pointers and facts.diagnosis_count(claim),
        lambda claim, line: max(line.pointers) <= facts.diagnosis_count(claim) and min(line.pointers) > 0,
        "the line points at a diagnosis that HI does not hold; put the pointer right or add the diagnosis",
    ),
    LineRule(
        "adjudication_of_unknown_payer",
        "2430",
        "SVD01",
        lambda claim, line: line.adjudications,
        lambda claim, line: (
            {ruling.payer_id for ruling in line.adjudications}
            <= {payer.payer.id for payer in claim.other_payers if payer.payer}
        ),
        "SVD01 is the number of no payer in 2330B (NM109); name the payer as there",
    ),
    LineRule(
        "national_drug_code",
        "2410",
        "LIN03",
        lambda claim, line: line.drug is not None and line.drug.qualifier == "N4",
        lambda claim, line: len(line.drug.code) == 11 and line.drug.code.isdecimal(),
        "LIN03 is no NDC of eleven digits (5-4-2, without hyphens); fill the short part up with a zero at its left",
    ),
    LineRule(
        "drug_quantity_missing",
        "2410",
        "CTP",
        lambda claim, line: line.drug is not None,
        lambda claim, line: line.drug.quantity and line.drug.unit in DRUG_UNITS,
        "the drug needs a quantity above zero (CTP04) in F2, GR, ME, ML or UN (CTP05-1); give both",
    ),
)


def codes_by_date(claim: Claim837) -> Iterator[Diagnostic]:
    """SNIP 5 by the day that counts: ICD by discharge or service, place of service by service, CARC by adjudication."""
    yield from _versions(claim)
    yield from _places(claim)
    for payer in claim.other_payers:
        if payer.adjudication_date:
            yield from _reasons(payer.adjustments, payer.adjudication_date, "2320", claim.position)
    for line in claim.lines:
        for ruling in line.adjudications:
            day = next((entry.date for entry in ruling.dates if entry.qualifier == "573"), None)
            if day:
                yield from _reasons(ruling.adjustments, day, "2430", line.position)


def _versions(claim: Claim837) -> Iterator[Diagnostic]:
    day, versions = facts.last_day(claim), table("diagnosis_versions.csv")
    if day is None:
        return
    for qualifier in {item.qualifier for item in claim.diagnoses}:
        if versions.known(qualifier) and not versions.get(qualifier, day):
            text = f"HI*{qualifier} names a version of ICD that does not hold on the day of the claim; code by the version that does"
            yield Diagnostic("diagnosis_version", "warning", 5, claim.position, text, "2300", "HI")


def _places(claim: Claim837) -> Iterator[Diagnostic]:
    places = table("place_of_service.csv")
    days = [line.service_date for line in claim.lines if line.service_date]
    coded = [(line.place_of_service, line.service_date, line.position, "2400", "SV105") for line in claim.lines]
    if claim.facility_qualifier == "B" and days:
        coded.append((claim.facility_code, min(days), claim.position, "2300", "CLM05"))
    for code, day, position, loop, element in coded:
        if code and day and places.judge(code, day).standing == "not_valid":
            text = f"place of service {code} does not hold on the day of service; give the place by that day's list"
            yield Diagnostic("code_not_valid", "warning", 5, position, text, loop, element)


def _reasons(adjustments: Iterable[Adjustment], day: date, loop: str, position: int) -> Iterator[Diagnostic]:
    for item in adjustments:
        if table("carc.csv").judge(item.carc, day).standing == "not_valid":
            text = (
                f"CARC {item.carc} does not hold on the day of that payer's answer; give the reason of its remittance"
            )
            yield Diagnostic("code_not_valid", "warning", 5, position, text, loop, "CAS")
