"""837D, 005010X224A2."""

from __future__ import annotations

from schemas.x12.balance_837 import balance_submission
from schemas.x12.description import NOWHERE, Loop, SetDescription, add, cents, extend, seg, spread
from schemas.x12.quick_submission import SUBMISSION
from schemas.x12.records.claim import Claim837D, Claims837D, ServiceLine
from schemas.x12.rules.sets import DENTAL as DENTAL_RULES
from schemas.x12.segments import AMT, DTP, HI, NTE, PWK, REF
from schemas.x12.segments_claim import CLM, CN1, DN1, DN2, HCP, K3, LX, SV3, TOO, details
from schemas.x12.sets.claim_common import ADJUDICATION, PARENTS, body, hi_family, other_payer, providers
from schemas.x12.sets.wanted import DENTAL_LINE, PROFESSIONAL_CLAIM

LINE = Loop(
    "2400",
    ServiceLine,
    add("lines"),
    seg(LX, spread()),
    (
        seg(SV3, spread(), "R", 1, wants=DENTAL_LINE),
        seg(TOO, add("teeth"), limit=32),
        seg(DTP, add("dates"), codes="472 441 452 446 196 198"),
        seg(CN1, details("CN1"), limit=1),
        seg(REF, add("references"), codes="G3 G1 9F 6R 9B 9D LU"),
        seg(AMT, add("amounts"), codes="T"),
        seg(K3, details("K3"), limit=10),
        seg(HCP, details("HCP"), limit=1),
        *providers("2420", "82", "DD", "DQ", "77"),
        ADJUDICATION,
    ),
    required=True,
    limit=50,
)
CLAIM = Loop(
    "2300",
    Claim837D,
    NOWHERE,
    seg(CLM, spread(), wants=PROFESSIONAL_CLAIM),
    (
        seg(DTP, add("dates"), codes="439 452 472 050"),
        seg(DN1, details("DN1"), limit=1),
        seg(DN2, details("DN2"), limit=35),
        seg(PWK, add("attachments"), limit=10),
        seg(CN1, details("CN1"), limit=1),
        seg(AMT, cents("patient_paid", "F5"), limit=1, codes="F5"),
        seg(REF, add("references"), limit=1, codes="G3 4N 9F F8 G1 9A 9C D9 P4 LU"),
        seg(K3, details("K3"), limit=10),
        seg(NTE, add("notes"), limit=5),
        seg(HI, extend("diagnoses", 12, hi_family("ABK", "ABF", "BK", "BF", "TQ"))),
        seg(HCP, details("HCP"), limit=1),
        *providers("2310", "DN P3", "82", "77", "DD", "DQ"),
        other_payer("DN P3", "82", "DQ", "85", "77", "DD"),
        LINE,
    ),
    unit=True,
    parents=PARENTS,
)
DENTAL = SetDescription(
    "837",
    Claims837D.VERSION,
    Claims837D,
    body(CLAIM),
    units="claims",
    balance=balance_submission,
    quick=SUBMISSION,
    rules=DENTAL_RULES,
    versions=("005010X224", "005010X224A1", "005010X224A3", "004010X097A1", "004010X097"),
)
