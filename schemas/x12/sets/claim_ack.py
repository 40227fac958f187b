"""277CA, 005010X214."""

from __future__ import annotations

from schemas.x12.description import NOWHERE, Loop, SetDescription, add, party, seg, spread
from schemas.x12.records.acks import ClaimAck277CA, ClaimStatusCA, LineStatus, ProviderAck, ReceiverAck, SourceAck
from schemas.x12.segments import AMT, BHT, DTP, NM1, QTY, REF, STC, TRN
from schemas.x12.segments_claim import HL
from schemas.x12.segments_status import SVC

LINE = Loop(
    "2220D",
    LineStatus,
    add("lines"),
    seg(SVC, spread()),
    (
        seg(STC, add("statuses"), "R"),
        seg(REF, add("references"), codes="FJ"),
        seg(DTP, add("dates"), codes="472"),
    ),
)
CLAIM = Loop(
    "2000D",
    ClaimStatusCA,
    add("claims"),
    seg(HL, NOWHERE, codes="PT"),
    (
        seg(NM1, party("patient"), "R", 1, "QC"),
        seg(TRN, add("traces"), "R"),
        seg(STC, add("statuses"), "R"),
        seg(REF, add("references"), codes="1K D9 BLT"),
        seg(DTP, add("dates"), codes="472"),
        LINE,
    ),
    level="PT",
    leaf=True,
)
PROVIDER = Loop(
    "2000C",
    ProviderAck,
    add("providers"),
    seg(HL, NOWHERE, codes="19"),
    (
        seg(NM1, party("provider"), "R", 1, "85"),
        seg(TRN, add("traces")),
        seg(STC, add("statuses")),
        seg(REF, add("references"), codes="0B 1G G2 LU SY TJ EI"),
        seg(QTY, add("quantities"), codes="QA QC"),
        seg(AMT, add("amounts"), codes="YU YY"),
        CLAIM,
    ),
    level="19",
)
RECEIVER = Loop(
    "2000B",
    ReceiverAck,
    add("receivers"),
    seg(HL, NOWHERE, codes="21"),
    (
        seg(NM1, party("receiver"), "R", 1, "41"),
        seg(TRN, add("traces"), "R"),
        seg(STC, add("statuses")),
        seg(QTY, add("quantities"), codes="90 AA"),
        seg(AMT, add("amounts"), codes="YU YY"),
        PROVIDER,
    ),
    required=True,
    level="21",
)
SOURCE = Loop(
    "2000A",
    SourceAck,
    add("sources"),
    seg(HL, NOWHERE, codes="20"),
    (
        seg(NM1, party("source"), "R", 1, "PR AY"),
        seg(TRN, add("traces"), "R"),
        seg(DTP, add("dates"), "R", codes="050 009"),
        RECEIVER,
    ),
    required=True,
    level="20",
)
CLAIM_ACK = SetDescription(
    "277", ClaimAck277CA.VERSION, ClaimAck277CA, (seg(BHT, spread(), "R", 1), SOURCE), versions=("005010X214E1",)
)
