"""Rules of the 837P (005010X222A1): inpatient visits, laboratory, pregnancy; ambulance, anaesthesia, equipment, EPSDT."""

from __future__ import annotations

import re

from schemas.x12.records.claim import Claim837, ServiceLine
from schemas.x12.rules import facts
from schemas.x12.rules.rule import LineRule, Rule, at_most

INPATIENT = frozenset({"21", "51", "61"})
LABORATORY = "81"
UNLISTED_CPT = re.compile(r"[0-9]{3}99").fullmatch


def _place(claim: Claim837, line: ServiceLine) -> str:
    return line.place_of_service or claim.facility_code


def _ambulance(claim: Claim837) -> bool:
    return any(facts.of_family(line, "ambulance") for line in claim.lines)


def _transport(claim: Claim837, line: ServiceLine) -> object:
    return facts.detail(line, "CR1") or facts.detail(claim, "CR1")


def _unlisted(line: ServiceLine) -> bool:
    return facts.of_family(line, "unlisted") or bool(UNLISTED_CPT(line.procedure.code))


def _inpatient_visit(claim: Claim837) -> bool:
    return any(_place(claim, line) in INPATIENT and facts.of_family(line, "inpatient_visit") for line in claim.lines)


UNITS = (
    Rule(
        "admission_date_missing",
        "2300",
        "DTP",
        _inpatient_visit,
        lambda claim: facts.dated(claim, "435"),
        "a visit to an inpatient needs the day of admission; give DTP*435",
    ),
    Rule(
        "last_menstrual_period_missing",
        "2300",
        "DTP",
        lambda claim: "Y" in (claim.subscriber.pregnant, claim.patient.pregnant if claim.patient else ""),
        lambda claim: facts.dated(claim, "484"),
        "PAT09 says that the patient is pregnant; where the services concern that, give DTP*484",
        advice=True,
    ),
    Rule(
        "clia_number_missing",
        "2300",
        "REF",
        lambda claim: claim.facility_code == LABORATORY,
        lambda claim: (
            claim.reference("X4") or all(any(ref.qualifier == "X4" for ref in line.references) for line in claim.lines)
        ),
        "an independent laboratory bills without its CLIA number; give REF*X4",
    ),
    at_most(50),
    Rule(
        "epsdt_referral_missing",
        "2300",
        "CRC",
        lambda claim: any(line.epsdt == "Y" for line in claim.lines),
        lambda claim: any(item.tag == "CRC" and item.elements[:1] == ("ZZ",) for item in claim.details),
        "SV111 says EPSDT, but CRC*ZZ does not say what became of the referral; give it",
    ),
)
LINES = (
    LineRule(
        "procedure_description_missing",
        "2400",
        "SV101",
        lambda claim, line: _unlisted(line),
        lambda claim, line: line.procedure.description or line.notes,
        "an unlisted procedure without SV101-7 or NTE is returned by most payers; say what was done",
        advice=True,
    ),
    LineRule(
        "anesthesia_minutes",
        "2400",
        "SV103",
        lambda claim, line: facts.of_family(line, "anesthesia"),
        lambda claim, line: line.unit == "MJ",
        "timed anaesthesia is counted in minutes; give SV103 MJ and the minutes in SV104",
    ),
    LineRule(
        "anesthesia_minutes",
        "2400",
        "SV103",
        lambda claim, line: line.unit == "MJ",
        lambda claim, line: facts.of_family(line, "anesthesia"),
        "SV103 MJ (minutes) is for timed anaesthesia only; give UN and the units",
    ),
    LineRule(
        "ambulance_certification_missing",
        "2400",
        "CR1",
        lambda claim, line: facts.of_family(line, "ambulance"),
        _transport,
        "an ambulance service needs CR1 on the claim or the line; give weight, reason and miles",
    ),
    LineRule(
        "ambulance_reason_missing",
        "2400",
        "CR104",
        lambda claim, line: facts.of_family(line, "ambulance") and _transport(claim, line),
        lambda claim, line: facts.element(_transport(claim, line), 4),  # type: ignore[arg-type]
        "CR104 does not say why the patient was transported; give A to E",
    ),
    LineRule(
        "ambulance_mileage_missing",
        "2400",
        "CR106",
        lambda claim, line: facts.of_family(line, "ambulance") and _transport(claim, line),
        lambda claim, line: facts.element(_transport(claim, line), 6),  # type: ignore[arg-type]
        "CR106 does not say how far the patient was transported; give the miles (CR105 DH)",
    ),
    LineRule(
        "ambulance_place_missing",
        "2310",
        "NM1",
        lambda claim, line: facts.of_family(line, "ambulance"),
        lambda claim, line: facts.has_provider(claim, line, "PW") and facts.has_provider(claim, line, "45"),
        "an ambulance service needs where it began and ended; give NM1*PW and NM1*45 with their addresses",
    ),
    LineRule(
        "equipment_duration_missing",
        "2400",
        "CR303",
        lambda claim, line: facts.detail(line, "CR3"),
        lambda claim, line: (
            facts.element(facts.detail(line, "CR3"), 2) == "MO" and facts.element(facts.detail(line, "CR3"), 3)
        ),
        "CR3 certifies equipment without the months it is needed; give CR302 MO and CR303",
    ),
    LineRule(
        "equipment_certification_date_missing",
        "2400",
        "DTP",
        lambda claim, line: facts.element(facts.detail(line, "CR3"), 1) in ("R", "S"),
        lambda claim, line: facts.dated(line, "607"),
        "CR301 renews or revises a certification; give its date in DTP*607",
    ),
    LineRule(
        "equipment_certification_date_missing",
        "2400",
        "DTP",
        lambda claim, line: facts.element(facts.detail(line, "CR3"), 1) == "I",
        lambda claim, line: facts.dated(line, "463"),
        "CR301 is a first certification; give the begin of therapy in DTP*463",
    ),
)
