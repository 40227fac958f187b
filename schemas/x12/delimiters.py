"""The four delimiters of an interchange."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Delimiters:
    """Element separator (ISA byte 4), component separator (ISA16), segment terminator, repetition separator (ISA11 from
    00501 on). `line_end` is what the writer puts behind each terminator."""

    element: str = "*"
    component: str = ":"
    segment: str = "~"
    repetition: str = "^"
    line_end: str = ""
