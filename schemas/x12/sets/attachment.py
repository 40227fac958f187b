"""275: 006020X314 (OOI, BDS) and 005010X210 (EFI, BIN)."""

from __future__ import annotations

from typing import Any

from schemas.x12.description import (
    CITY,
    SPECIALTY,
    STREET,
    Loop,
    Place,
    Seg,
    SetDescription,
    Values,
    add,
    put,
    seg,
    spread,
)
from schemas.x12.records.information import (
    AdditionalInformation275,
    AdditionalInformation275v5010,
    SubmittedDocument,
)
from schemas.x12.records.parts import Party
from schemas.x12.segments import DTP, LX, N3, N4, NM1, PER, PRV, REF, STC, TRN
from schemas.x12.segments_information import BDS, BGN, BIN, CAT, EFI, NX1, OOI
from schemas.x12.sets.levels import Part

OF_PROVIDER = "0B 1G G2 LU SY TJ EI"
OF_CLAIM = "EJ X1 BLT EA D9 1K"


def _always(*texts: str) -> Place:
    """A segment that says nothing of its own."""
    return Place(lambda record, value, position: None, lambda record: [texts], single=True)


def _octets() -> Place:
    """BIN or BDS: the document's filter and content."""

    def bind(record: Any, value: Any, _: int) -> None:
        record.filter, record.content = value

    def collect(record: Any) -> Values:
        return [(record.filter, record.content)]

    return Place(bind, collect, single=True, covers=("filter", "content"))


def _named(loop_id: str, code: str, attribute: str, *body: Part) -> Loop:
    """A required NM1 loop of the heading."""
    return Loop(loop_id, lambda: Party(code), put(attribute), seg(NM1, spread(), codes=code), tuple(body), True, 1)


HEADING: tuple[Part, ...] = (
    seg(BGN, spread(), "R", 1),
    _named("1000A", "PR", "payer", seg(PER, add("contacts"), limit=1)),
    _named("1000B", "41", "submitter"),
    _named(
        "1000C",
        "1P",
        "provider",
        seg(NX1, _always("1P"), "R", 1, "1P"),
        seg(N3, STREET, limit=1),
        seg(N4, CITY, limit=1),
        seg(PRV, SPECIALTY, limit=1),
        seg(REF, add("references"), codes=OF_PROVIDER),
    ),
    _named(
        "1000D",
        "QC",
        "patient",
        seg(REF, add("references"), "R", codes=OF_CLAIM),
        seg(DTP, add("dates"), limit=1, codes="472"),
    ),
)


def _description(kind: type[AdditionalInformation275], *content: Seg) -> SetDescription:
    document = Loop(
        "2000A",
        SubmittedDocument,
        add("documents"),
        seg(LX, spread()),
        (
            seg(TRN, put("trace"), "R", 1),
            seg(STC, add("statuses")),
            seg(REF, add("references")),
            seg(DTP, add("dates"), limit=1, codes="472"),
            seg(DTP, add("dates"), "R", 1, codes="368"),
            seg(CAT, spread(), "R", 1),
            *content,
        ),
        True,
    )
    return SetDescription("275", kind.VERSION, kind, (*HEADING, document))


OBJECT = spread("object_id", "object_type", "object_name")
ATTACHMENT = _description(
    AdditionalInformation275,
    seg(OOI, OBJECT, "R", 1),
    seg(EFI, spread("security"), limit=1),
    seg(BDS, _octets(), "R", 1),
)
ATTACHMENT_5010 = _description(
    AdditionalInformation275v5010, seg(EFI, spread("security"), "R", 1), seg(BIN, _octets(), "R", 1)
)
