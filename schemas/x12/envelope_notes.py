"""What may be wrong with the envelope of a file, in words: one line a finding."""

from __future__ import annotations

from typing import Literal, NamedTuple

from schemas.x12.diagnostics import Severity
from schemas.x12.finding_codes import Code


class Note(NamedTuple):
    """A finding whose words are always the same; `ahead`: it is about the segment that comes next."""

    code: Code
    severity: Severity
    element: str
    text: str
    unit: Literal["file", ""] = ""
    ahead: int = 0


CUT = "look whether segments before it were lost"
JOINED = "it is not used, look whether a file was cut or joined"
NOTES: dict[str, Note] = {
    "isa_missing": Note(
        "isa_missing",
        "warning",
        "ISA",
        "there is no ISA; delimiters were guessed, ask the sender for the whole interchange",
        ahead=1,
    ),
    "isa_length": Note(
        "isa_length",
        "warning",
        "ISA",
        "the ISA is not 106 characters long; it is read by its separators, ask the sender to pad it",
        ahead=1,
    ),
    "isa_component": Note(
        "isa_component",
        "warning",
        "ISA",
        "ISA16 names no component separator; composites stay whole, ask the sender to name it",
        ahead=1,
    ),
    "isa_terminator": Note(
        "isa_terminator",
        "warning",
        "ISA",
        "no segment terminator stands behind ISA16; it was guessed, ask the sender to mend the ISA",
        ahead=1,
    ),
    "isa_truncated": Note(
        "isa_truncated",
        "error",
        "ISA",
        "the ISA has fewer than 16 elements; ask the sender for the whole interchange",
        "file",
        1,
    ),
    "before": Note("text_before_isa", "warning", "ISA", f"text stands before the ISA; {JOINED}", ahead=1),
    "behind": Note("stray_segment", "warning", "IEA", f"text stands behind the last IEA; {JOINED}"),
    "not_x12": Note(
        "not_x12",
        "error",
        "ISA",
        "neither ISA, GS nor ST was found; this is no X12 file, look what was sent here",
        "file",
    ),
    "group_missing": Note(
        "group_missing",
        "warning",
        "GS",
        "the ST stands in no GS; the version is guessed, ask the sender for the whole group",
    ),
    "group_truncated": Note(
        "group_truncated",
        "warning",
        "GE",
        "the GE is absent; transactions may be missing, ask the sender to send it again",
    ),
    "stray_se": Note("stray_trailer", "warning", "SE", f"an SE stands without its ST; {CUT}"),
    "stray_ge": Note("stray_trailer", "warning", "GE", f"a GE stands without its GS; {CUT}"),
    "stray_iea": Note("stray_trailer", "warning", "IEA", f"an IEA stands without its ISA; {CUT}"),
}
