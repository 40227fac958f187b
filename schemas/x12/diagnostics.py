"""Findings about what was read or is about to be written; reading never raises for the content of a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from schemas.x12.finding_codes import Code, GuideCode

Severity = Literal["error", "warning", "info"]


@dataclass(slots=True, frozen=True)
class Diagnostic:
    """One finding.

    `code` is stable and machine-readable (`line_out_of_balance`), declared in `finding_codes` or by a companion guide; `snip` the WEDI SNIP type 1-7; `segment` counts every
    segment of the file from ISA = 1 (0 = the file as a whole); `message` says what is wrong and what to do and never
    holds an element's value that could name a patient. `unit` is what an error sets aside: file, interchange, group,
    transaction, claim, or nothing.
    """

    code: Code | GuideCode
    severity: Severity
    snip: int
    segment: int
    message: str
    loop: str = ""
    element: str = ""
    unit: Literal["file", "interchange", "group", "transaction", "claim", ""] = ""
    file: str = ""


class X12WriteError(ValueError):
    """Raised by `write` when a record would not balance or lacks what the guide requires; carries `diagnostics`."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = list(diagnostics)
        super().__init__(
            "; ".join(f"{d.code} at {d.loop or d.element or d.segment}: {d.message}" for d in self.diagnostics)
        )


def errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Only the findings of severity error."""
    return [finding for finding in diagnostics if finding.severity == "error"]
