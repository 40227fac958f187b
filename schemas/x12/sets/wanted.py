"""What the 837 and 835 guides want of single elements, loop by loop (005010X222A1, X223A2, X224A2, X221A1)."""

from __future__ import annotations

import re

from schemas.x12.wants import ANY, COMPONENT, Values, Want, one_of, present

NO_SIGN = r"\d{1,12}+(?:\.\d{0,6}+)?+"


def _person(values: Values) -> bool:
    return bool(values.get("kind", "1") == "1")


PERSON, COMPANY, ANYBODY = one_of("kind", "1"), one_of("kind", "2"), one_of("kind", "1 2")
"""NM102."""
NAMED = (present("last"),)
"""NM103, N102: a name."""
NUMBERED = (present("id_qualifier"), present("id"))
"""NM108 and NM109, N103 and N104."""
IDENTIFIED = (*NAMED, *NUMBERED)
MEMBER = (*NAMED, present("id_qualifier", _person), present("id", _person))
"""2010BA: the member's number is required of a person (NM102 1), not of a company that is insured."""

NINE_DIGITS = Want(
    "zip",
    lambda values: re.fullmatch("[0-9]{9}", values.get("zip", "")) or values.get("country", "US") != "US",
    "zip_not_nine_digits",
    "is no ZIP code of nine digits, as the guide wants of this address; give ZIP+4 without a hyphen",
    "[0-9]{9}",
)
BOX = re.compile(r"\b(?:P[. ]*O[. ]*B(?:OX)?|POST(?:AL)? +OFFICE +BOX|LOCK *BOX|LOCK *BIN)\b", re.IGNORECASE)


def _street(name: str) -> Want:
    return Want(
        name,
        lambda values: BOX.search(values.get(name, "")) is None,
        "street_is_post_box",
        "holds a post office or lock box, but must be where the provider is; give the street, the box in 2010AB (pay-to)",
    )


STREET_ONLY = (_street("street"), _street("street2"))
NOT_NEGATIVE = Want(
    "charge",
    lambda values: values.get("charge", 0) >= 0,
    "charge_negative",
    "is negative, and no payer takes such a charge; send what was charged, take a claim back by a void (CLM05-3 8)",
    NO_SIGN,
    essential=True,
)


UNITS_NOT_NEGATIVE = Want(
    "units",
    lambda values: values.get("units", 0) >= 0,
    "value_not_allowed",
    "is below zero; give how many units were rendered",
    NO_SIGN,
)
FOUR_POINTERS = Want(
    "pointers",
    lambda values: len(values.get("pointers", ())) <= 4,
    "value_not_allowed",
    "points at more than four diagnoses; name the four that matter to the line",
    optional=True,
)


def _procedure(qualifiers: str, optional: bool = False) -> Want:
    allowed = qualifiers.split()

    def coded(values: Values) -> bool:
        found = values.get("procedure")
        return found is None or (found.qualifier in allowed and bool(found.code))

    text = f"is no procedure: it needs a qualifier ({qualifiers}) and a code; give both"
    pattern = f"(?:{'|'.join(allowed)}){COMPONENT}[0-9A-Za-z]{ANY}"
    return Want("procedure", coded, "value_not_allowed", text, pattern, optional=optional)


def _placed(qualifier: str) -> tuple[Want, ...]:
    """CLM05: the place, what kind of code that is, and the frequency; all three are required."""
    whole = f"[0-9A-Z]{{1,2}}{COMPONENT}{qualifier}{COMPONENT}[0-9A-Z]"
    where = Want("facility_code", lambda values: values.get("facility_code"), pattern=whole)
    how = Want(
        "frequency",
        lambda values: values.get("frequency") or not values.get("facility_code"),
        text="lacks its third component, the frequency; give 1, or 7 or 8 for a replacement or void",
    )
    return where, one_of("facility_qualifier", qualifier), how


HEADING = (one_of("structure", "0019"), one_of("purpose", "00 18"), one_of("type", "31 CH RP"))
"""BHT01, BHT02, BHT06."""
SIGNED = (
    NOT_NEGATIVE,
    one_of("assignment", "A B C"),
    one_of("benefits_assigned", "N W Y"),
    one_of("release", "I Y"),
)
"""CLM02; CLM07, CLM08, CLM09."""
PROFESSIONAL_CLAIM, HOSPITAL_CLAIM = (*SIGNED, *_placed("B")), (*SIGNED, *_placed("A"))
SEX = (one_of("sex", "F M U"),)
RELATIONS = "01 19 20 21 39 40 53 G8"
RELATED = (present("relationship"), one_of("relationship", RELATIONS))
"""PAT01: how the patient is related to the subscriber."""
INSURED_AS = (present("relationship"), one_of("relationship", f"18 {RELATIONS}"))
"""SBR02 of another payer's subscriber."""
CONSENT = (one_of("assignment", "N W Y"), one_of("release", "I Y"))
"""OI03, OI06."""
PROFESSIONAL_LINE = (
    _procedure("ER HC IV WK"),
    NOT_NEGATIVE,
    one_of("unit", "MJ UN"),
    UNITS_NOT_NEGATIVE,
    FOUR_POINTERS,
)
"""SV101, SV102, SV103, SV104, SV107."""
HOSPITAL_LINE = (
    _procedure("ER HC HP IV WK", optional=True),
    NOT_NEGATIVE,
    one_of("unit", "DA UN"),
    UNITS_NOT_NEGATIVE,
)
"""SV202, SV203, SV204, SV205."""
DENTAL_LINE = (_procedure("AD"), NOT_NEGATIVE, FOUR_POINTERS)
"""SV301, SV302, SV311."""


PAYEE = (*IDENTIFIED, one_of("id_qualifier", "FI XV XX"))
"""1000B: N102, N103, N104."""
PAID = (one_of("handling", "C D H I P U X"), one_of("credit_debit", "C D"), one_of("method", "ACH BOP CHK FWT NON"))
"""BPR01, BPR03, BPR04."""
TRACED = (one_of("trace_type", "1"),)
"""TRN01."""
