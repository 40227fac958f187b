"""Which elements of which set stand in which code table (SNIP 5), one line each."""

from __future__ import annotations

import re
from dataclasses import replace

from schemas.x12.coded import Coded, behind, part, repetitions
from schemas.x12.delimiters import Delimiters
from schemas.x12.elements import components

ICD10_CM = re.compile(r"[A-Z][0-9][0-9A-Z]{1,5}").fullmatch
ICD10_PCS = re.compile(r"[0-9A-HJ-NP-Z]{7}").fullmatch
ICD9_CM = re.compile(r"(?:[0-9]{3}|V[0-9]{2})[0-9]{0,2}|E[0-9]{3,4}").fullmatch
ICD9_PROCEDURE = re.compile(r"[0-9]{3,4}").fullmatch
HCPCS = re.compile(r"[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4}").fullmatch
CDT = re.compile(r"D[0-9]{4}").fullmatch
REVENUE = re.compile(r"[0-9]{3,4}").fullmatch
STATUSES = (1, 10, 11)
DIAGNOSES = tuple(range(1, 13))


def _status_code(text: str, delimiters: Delimiters) -> list[str]:
    """STC01-2, where STC01-4 names no other code list (pharmacy, LOINC)."""
    parts = components(text, delimiters)
    return parts[1:2] if len(parts) < 4 else []


def _place_of_service(text: str, delimiters: Delimiters) -> list[str]:
    """CLM05-1 under qualifier B; under A it is a type of bill."""
    parts = components(text, delimiters)
    return parts[:1] if parts[1:2] == ["B"] else []


GROUP = Coded((1,), "adjustment group", "adjustment_groups.csv", grave=True)
CARC = Coded((2, 5, 8, 11, 14, 17), "CARC", "carc.csv", grouped=True)
MOA = Coded((3, 4, 5, 6, 7), "RARC", "rarc.csv")
MIA = Coded((5, 20, 21, 22, 23), "RARC", "rarc.csv")
PLACE = Coded((), "place of service", "place_of_service.csv", dated=False)
FILING = Coded((), "claim filing indicator", "claim_filing_indicators.csv")
SERVICE = Coded((), "service type", "service_types.csv", repetitions)
PROCEDURE = Coded((1,), "a HCPCS or CPT code (five characters)", codes=behind("HC"), shape=HCPCS)
DENTAL = Coded((1,), "a CDT code (D and four digits)", codes=behind("AD"), shape=CDT)
REJECTION = (
    Coded((3,), "reject reason", "request_rejections.csv"),
    Coded((4,), "follow-up action", "follow_up_actions.csv"),
)
CODED: dict[str, dict[str, tuple[Coded, ...]]] = {
    "835": {
        "CLP": (Coded((2,), "claim status", "claim_payment_status.csv", grave=True), replace(FILING, places=(6,))),
        "CAS": (GROUP, CARC),
        "MOA": (MOA,),
        "MIA": (MIA,),
        "LQ": (Coded((2,), "RARC", "rarc.csv", only=(1, frozenset(["HE"]))),),
        "PLB": (Coded((3, 5, 7, 9, 11, 13), "PLB reason", "plb_reasons.yaml", part(1)),),
        "SVC": (PROCEDURE, DENTAL),
    },
    "837": {
        "CLM": (
            replace(PLACE, places=(5,), codes=_place_of_service),
            Coded((5,), "claim frequency", "claim_frequency.csv", part(3)),
        ),
        "SBR": (Coded((1,), "payer sequence", "payer_sequence.csv"), replace(FILING, places=(9,))),
        "CAS": (GROUP, replace(CARC, dated=False)),
        "MOA": (replace(MOA, dated=False),),
        "MIA": (replace(MIA, dated=False),),
        "HI": (
            Coded(DIAGNOSES, "an ICD-10-CM diagnosis (no point)", codes=behind("ABK ABF ABJ APR ABN"), shape=ICD10_CM),
            Coded(DIAGNOSES, "an ICD-9-CM diagnosis (no point)", codes=behind("BK BF BJ PR BN"), shape=ICD9_CM),
            Coded(DIAGNOSES, "an ICD-10-PCS procedure", codes=behind("BBR BBQ"), shape=ICD10_PCS),
            Coded(DIAGNOSES, "an ICD-9-CM procedure (no point)", codes=behind("BR BQ"), shape=ICD9_PROCEDURE),
        ),
        "SV1": (PROCEDURE, replace(PLACE, places=(5,))),
        "SV2": (replace(PROCEDURE, places=(2,)), Coded((1,), "a revenue code (four digits)", shape=REVENUE)),
        "SV3": (DENTAL, replace(PLACE, places=(3,))),
    },
    "277": {
        "STC": (
            Coded(STATUSES, "claim status category", "claim_status_categories.csv", part(1)),
            Coded(STATUSES, "claim status code", "claim_status_codes.csv", _status_code, pad="0"),
            Coded(STATUSES, "entity code", "status_entities.csv", part(3)),
        ),
    },
    "271": {
        "EB": (Coded((1,), "benefit information code", "benefit_information.csv"), replace(SERVICE, places=(3,))),
        "AAA": REJECTION,
    },
    "270": {"EQ": (replace(SERVICE, places=(1,)),)},
    "278": {"AAA": REJECTION},
}
"""Per ST01 and segment. 277 stands for the 277CA and the pending 277 too."""
