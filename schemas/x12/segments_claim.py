"""Segments of the 837 guides."""

from __future__ import annotations

from typing import Any

from schemas.x12.delimiters import Delimiters
from schemas.x12.description import Place, Values
from schemas.x12.records.claim import RawDetail
from schemas.x12.shapes import Fields, Special, Texts

HL = Texts("HL")
CLM = Fields(
    "CLM",
    "claim_id:T1-38!! charge:$!! - - facility_code/facility_qualifier/frequency:C! signature:T1 assignment:T1! "
    "benefits_assigned:T1! release:T1! signature_source:T1 related_causes:C special_program:T2-3 - - - - - - - delay_reason:T1-2",
)
SBR = Fields(
    "SBR",
    "sequence:T1! relationship:T2 group_number:T1-50 group_name:T1-60 insurance_type:T1-3 coordination:T1 - - filing_indicator:T1-2!",
)
PAT = Fields("PAT", "relationship:T2 - - - =D8 death_date:D =01 weight:# pregnant:T1")
OI = Fields("OI", "- - assignment:T1! signature_source:T1 - release:T1!")
SV1 = Fields(
    "SV1",
    "procedure:P!! charge:$!! unit:T2! units:#! place_of_service:T1-2 - pointers:I! - emergency:T1 - epsdt:T1 "
    "family_planning:T1 - - copay_exempt:T1",
)
SV2 = Fields("SV2", "revenue_code:T1-48! procedure:P? charge:$!! unit:T2! units:#! - non_covered:$?")
SV3 = Fields(
    "SV3", "procedure:P!! charge:$!! place_of_service:T1-2 oral_cavity:C prosthesis:T1 units:# - - - - pointers:I"
)
SVD = Fields("SVD", "payer_id:T2-80! paid:$! procedure:P? revenue_code:T1-48 units:#! bundled_line:T1-6")
LIN = Fields("LIN", "- qualifier:T2! code:T1-48!")
TOO = Texts("TOO")


def _read_ctp(texts: list[str], delimiters: Delimiters) -> Any:
    unit = texts[5].split(delimiters.component)[0] if len(texts) > 5 else ""
    value, problems = CTP_FIELDS.read([*texts[:5], unit], delimiters)
    if problems:
        raise ValueError("4 is not a quantity; ask the sender to correct it")
    return value


def _write_ctp(value: Any, delimiters: Delimiters) -> list[str]:
    return CTP_FIELDS.write(value, delimiters)


CTP_FIELDS = Fields("CTP", "- - - quantity:#! unit:T2!")
CTP = Special(
    "CTP",
    _read_ctp,
    _write_ctp,
    tuple,
    pattern=lambda p, _: f"{p.element}{{3}}{p.element}{p.number}{p.element}[A-Z0-9]{{2}}(?:{p.component}{p.some})?+",
)


def detail(tag: str) -> Special:
    """A segment that is kept by its element texts, as a `RawDetail`."""
    return Special(
        tag,
        lambda texts, _: RawDetail(texts[0], tuple(texts[1:])),
        lambda value, _: list(value.elements),
        lambda: None,
        pattern=lambda patterns, codes: patterns.first(codes) + patterns.rest,
    )


def details(tag: str) -> Place:
    """The record's `details` of this tag."""

    def bind(record: Any, value: Any, _: int) -> None:
        if value is not None:
            record.details.append(value)

    def collect(record: Any) -> Values:
        return [item for item in record.details if item.tag == tag]

    return Place(bind, collect, watch="details")


CL1, CN1, CR1, CR2, CR3, CRC, CR7 = (detail(tag) for tag in ("CL1", "CN1", "CR1", "CR2", "CR3", "CRC", "CR7"))
DN1, DN2, HCP, K3, MEA, PS1, HSD = (detail(tag) for tag in ("DN1", "DN2", "HCP", "K3", "MEA", "PS1", "HSD"))
SV5, FRM = detail("SV5"), detail("FRM")
LQ = Fields("LQ", "code_list:T1-3! code:T1-30!")
CUR = Fields("CUR", "=85 currency:T3!")
LX = Fields("LX", "number:N!")
TOO_DETAIL = detail("TOO")
