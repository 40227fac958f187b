"""837P, 005010X222A1."""

from __future__ import annotations

from schemas.x12.balance_837 import balance_submission
from schemas.x12.description import NOWHERE, Loop, SetDescription, add, cents, extend, seg, spread
from schemas.x12.quick_submission import PROFESSIONAL as QUICK
from schemas.x12.records.claim import Claim837P, Claims837P, ServiceLine
from schemas.x12.rules.sets import PROFESSIONAL as PROFESSIONAL_RULES
from schemas.x12.segments import AMT, DTP, HI, NTE, PWK, QTY, REF
from schemas.x12.segments_claim import CLM, CN1, CR1, CR2, CR3, CRC, HCP, K3, LX, MEA, PS1, SV1, SV5, details
from schemas.x12.sets.claim_common import ADJUDICATION, DRUG, FORM, PARENTS, body, hi_family, other_payer, providers
from schemas.x12.sets.wanted import PROFESSIONAL_CLAIM, PROFESSIONAL_LINE

LINE = Loop(
    "2400",
    ServiceLine,
    add("lines"),
    seg(LX, spread()),
    (
        seg(SV1, spread(), "R", 1, wants=PROFESSIONAL_LINE),
        seg(SV5, details("SV5"), limit=1),
        seg(PWK, add("attachments"), limit=10),
        seg(CR1, details("CR1"), limit=1),
        seg(CR3, details("CR3"), limit=1),
        seg(CRC, details("CRC"), limit=5),
        seg(DTP, add("dates"), "R", codes="472 471 607 463 461 304 738 739 011 455 454"),
        seg(QTY, add("quantities"), codes="PT FL"),
        seg(MEA, details("MEA"), limit=5),
        seg(CN1, details("CN1"), limit=1),
        seg(REF, add("references"), codes="9B 9D G1 6R EW X4 F4 BT 9F"),
        seg(AMT, add("amounts"), codes="T F4"),
        seg(K3, details("K3"), limit=10),
        seg(NTE, add("notes")),
        seg(PS1, details("PS1"), limit=1),
        seg(HCP, details("HCP"), limit=1),
        DRUG,
        *providers("2420", "82", "QB", "77", "DQ", "DK", "DN P3", "PW", "45"),
        ADJUDICATION,
        FORM,
    ),
    required=True,
    limit=50,
)
CLAIM = Loop(
    "2300",
    Claim837P,
    NOWHERE,
    seg(CLM, spread(), wants=PROFESSIONAL_CLAIM),
    (
        seg(DTP, add("dates"), codes="431 454 304 453 439 484 455 471 314 360 361 297 296 435 096 090 091 444 050"),
        seg(PWK, add("attachments"), limit=10),
        seg(CN1, details("CN1"), limit=1),
        seg(AMT, cents("patient_paid", "F5"), limit=1, codes="F5"),
        seg(REF, add("references"), limit=1, codes="4N F5 EW 9F G1 F8 X4 9A 9C LX D9 EA P4 1J"),
        seg(K3, details("K3"), limit=10),
        seg(NTE, add("notes"), limit=1),
        seg(CR1, details("CR1"), limit=1),
        seg(CR2, details("CR2"), limit=1),
        seg(CRC, details("CRC"), limit=8),
        seg(HI, extend("diagnoses", 12, hi_family("ABK", "ABF", "BK", "BF")), "R"),
        seg(HCP, details("HCP"), limit=1),
        *providers("2310", "DN P3", "82", "77", "DQ", "PW", "45"),
        other_payer("DN P3", "82", "77", "DQ", "85"),
        LINE,
    ),
    unit=True,
    parents=PARENTS,
)
PROFESSIONAL = SetDescription(
    "837",
    Claims837P.VERSION,
    Claims837P,
    body(CLAIM),
    units="claims",
    balance=balance_submission,
    quick=QUICK,
    rules=PROFESSIONAL_RULES,
    versions=("005010X222", "005010X222A2", "004010X098A1", "004010X098"),
)
