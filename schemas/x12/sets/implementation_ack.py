"""999, 005010X231A1."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Loop, SetDescription, add, seg, spread
from schemas.x12.elements import components, join
from schemas.x12.records.acks import Ack999, ElementError, SegmentError, SetAck
from schemas.x12.shapes import Fields, Special, Texts

AK1 = Fields("AK1", "functional_id:T2! group_control_number:T1-9! group_version:T1-12")
AK2 = Fields("AK2", "set_id:T3! set_control_number:T4-9! version:T1-35")
IK3 = Fields("IK3", "segment_id:T2-3! segment_position:N! loop:T1-4 code:T1-3!")
CTX = Texts("CTX")


def _read_ik4(texts: list[str], delimiters: Delimiters) -> Any:
    place = [*components(texts[1], delimiters), ""]
    e = [*texts, "", "", ""]
    component = int(place[1]) if place[1] else None
    return tuple(zip(NAMES, (int(place[0] or 0), component, e[2], e[3], e[4]), strict=True))


NAMES = ("element", "component", "reference", "code", "value")


def _write_ik4(value: Any, delimiters: Delimiters) -> list[str]:
    component = "" if value.component is None else str(value.component)
    return [join([str(value.element), component], delimiters.component), value.reference, value.code, value.value]


def _verdict(tag: str) -> Special:
    """IK5 and AK9 end with up to five reason codes."""
    counts = ("included", "received", "accepted") if tag == "AK9" else ()
    behind = 2 + len(counts)

    def read(texts: list[str], _: Delimiters) -> Any:
        numbers = [(name, int(text)) for name, text in zip(counts, texts[2:behind], strict=False) if text]
        return (("code", texts[1]), *numbers, ("reasons", tuple(text for text in texts[behind:] if text)))

    def write(value: Any, _: Delimiters) -> list[str]:
        return [value.code, *(str(getattr(value, name)) for name in counts), *value.reasons]

    return Special(tag, read, write, tuple, essential=True)


IK4 = Special("IK4", _read_ik4, _write_ik4, tuple)
ELEMENT = Loop(
    "2110",
    lambda: ElementError(0),
    add("elements"),
    seg(IK4, replace(spread(), covers=NAMES)),
    (seg(CTX, add("contexts"), limit=10),),
    limit=999,
)
SEGMENT = Loop(
    "2100",
    lambda: SegmentError("", 0),
    add("segments"),
    seg(IK3, spread()),
    (seg(CTX, add("contexts"), limit=10), ELEMENT),
)
SET = Loop(
    "2000",
    SetAck,
    add("sets"),
    seg(AK2, spread()),
    (SEGMENT, seg(_verdict("IK5"), replace(spread(), covers=("code", "reasons")), "R", 1)),
)
IMPLEMENTATION_ACK = SetDescription(
    "999",
    Ack999.VERSION,
    Ack999,
    (
        seg(AK1, spread(), "R", 1),
        SET,
        seg(_verdict("AK9"), replace(spread(), covers=("code", "included", "received", "accepted", "reasons")), "R", 1),
    ),
    versions=("005010X231",),
)
