"""What `overturn x12 inspect` and `validate` do: each file read once, told as JSON or in words. Needs no Typer."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.codes.dated import TableError
from schemas.x12.diagnostics import Diagnostic
from schemas.x12.summary import Summary, as_json, summarise

if TYPE_CHECKING:
    from schemas.x12.companion import Guide

SOUND, FAULTY, NOT_X12 = 0, 1, 2


def inspect(files: Sequence[Path], in_json: bool) -> int:
    """Tells what is in each file; gives the worst exit status."""
    worst = SOUND
    for summary in _summaries(files):
        if in_json:
            _line(summary.as_json())
        else:
            from services.cli.x12_text import print_summary

            print_summary(summary)
        worst = max(worst, _status(summary))
    return worst


def validate(files: Sequence[Path], in_json: bool, guides: Sequence[Guide] = ()) -> int:
    """Tells what is wrong with each file, by the payers' guides too; gives the worst exit status."""
    worst = SOUND
    for summary in _summaries(files, guides):
        if in_json:
            found = [as_json(finding) for finding in summary.diagnostics]
            _line({"file": summary.file, "valid": not _status(summary), "diagnostics": found})
        else:
            from services.cli.x12_text import print_findings

            print_findings(summary)
        worst = max(worst, _status(summary))
    return worst


def unreadable(path: Path, error: OSError) -> str:
    """Why a file cannot be read, and what to do."""
    return f"{path}: {error.strerror or error}; name a file that can be read"


def _summaries(files: Sequence[Path], guides: Sequence[Guide] = ()) -> Iterator[Summary]:
    """What is in each file; one that cannot be read is no X12, and told on standard error too. A code table that cannot be
    read ends it all."""
    for path in files:
        try:
            yield _summary(path, guides)
        except OSError as error:
            found = Diagnostic("not_x12", "error", 1, 0, unreadable(path, error), "envelope", "", "file", path.name)
            print(found.message, file=sys.stderr)
            yield Summary(path.name, is_x12=False, diagnostics=[found])
        except TableError as error:
            print(error, file=sys.stderr)
            raise SystemExit(NOT_X12) from None


def _summary(path: Path, guides: Sequence[Guide]) -> Summary:
    with path.open("rb") as data:
        summary = summarise(data, path.name)
    for guide in guides:
        from schemas.x12.companion_check import examine

        with path.open("rb") as data:
            summary.diagnostics += examine(data, guide, path.name)
        summary.diagnostics.sort(key=lambda finding: finding.segment)
    return summary


def _line(content: object) -> None:
    print(json.dumps(content, separators=(",", ":")))


def _status(summary: Summary) -> int:
    if not summary.is_x12:
        return NOT_X12
    return FAULTY if any(finding.severity == "error" for finding in summary.diagnostics) else SOUND
