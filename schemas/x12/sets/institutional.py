"""837I, 005010X223A2."""

from __future__ import annotations

from schemas.x12.balance_837 import balance_submission
from schemas.x12.description import NOWHERE, Loop, SetDescription, add, cents, extend, seg, spread
from schemas.x12.quick_submission import HOSPITAL
from schemas.x12.records.claim import Claim837I, Claims837I, ServiceLine
from schemas.x12.rules.sets import INSTITUTIONAL as INSTITUTIONAL_RULES
from schemas.x12.segments import AMT, DTP, HI, NTE, PWK, QTY, REF
from schemas.x12.segments_claim import CL1, CLM, CN1, CRC, HCP, K3, LX, SV2, details
from schemas.x12.sets.claim_common import ADJUDICATION, DRUG, PARENTS, body, hi_family, other_payer, providers
from schemas.x12.sets.wanted import HOSPITAL_CLAIM, HOSPITAL_LINE

LINE = Loop(
    "2400",
    ServiceLine,
    add("lines"),
    seg(LX, spread()),
    (
        seg(SV2, spread(), "R", 1, wants=HOSPITAL_LINE),
        seg(PWK, add("attachments"), limit=10),
        seg(DTP, add("dates"), codes="472"),
        seg(REF, add("references"), codes="6R 9B 9D"),
        seg(AMT, add("amounts"), codes="GT N8"),
        seg(NTE, add("notes"), limit=1),
        seg(HCP, details("HCP"), limit=1),
        DRUG,
        *providers("2420", "72", "ZZ", "82", "DN"),
        ADJUDICATION,
    ),
    required=True,
    limit=999,
)
CLAIM = Loop(
    "2300",
    Claim837I,
    NOWHERE,
    seg(CLM, spread(), wants=HOSPITAL_CLAIM),
    (
        seg(DTP, add("dates"), "R", codes="096 434 435 050"),
        seg(CL1, details("CL1"), "R", 1),
        seg(PWK, add("attachments"), limit=10),
        seg(CN1, details("CN1"), limit=1),
        seg(AMT, cents("patient_paid", "F3"), limit=1, codes="F3"),
        seg(REF, add("references"), limit=1, codes="4N 9F G1 F8 9A 9C LX D9 LU EA P4 G4"),
        seg(K3, details("K3"), limit=10),
        seg(NTE, add("notes")),
        seg(CRC, details("CRC"), limit=3),
        seg(HI, extend("diagnoses", 12, hi_family()), "R"),
        seg(QTY, NOWHERE),
        seg(HCP, details("HCP"), limit=1),
        *providers("2310", "71", "72", "ZZ", "82", "77", "DN"),
        other_payer("71", "72", "ZZ", "77", "82", "DN", "85"),
        LINE,
    ),
    unit=True,
    parents=PARENTS,
)
INSTITUTIONAL = SetDescription(
    "837",
    Claims837I.VERSION,
    Claims837I,
    body(CLAIM),
    units="claims",
    balance=balance_submission,
    quick=HOSPITAL,
    rules=INSTITUTIONAL_RULES,
    versions=("005010X223", "005010X223A1", "005010X223A3", "004010X096A1", "004010X096"),
)
