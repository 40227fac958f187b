"""`overturn x12`: what is in an X12 file, whether it is sound, and how one claim reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from schemas.x12.companion import Guide
    from schemas.x12.summary import Summary

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Look into X12 files: inspect, validate, show.")
Files = Annotated[list[Path], typer.Argument(help="X12 files.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, a line a file.")]
Codes = Annotated[
    Path | None,
    typer.Option(
        "--codes", help="Directory with newer code tables (CSV and YAML as in schemas/codes).", show_default=False
    ),
]
Companion = Annotated[
    list[Path] | None,
    typer.Option("--companion", help="A payer's companion guide (YAML); may be given again.", show_default=False),
]
SOUND, FAULTY, NOT_X12 = 0, 1, 2


@app.command()
def inspect(files: Files, as_json: AsJson = False, codes: Codes = None) -> None:
    """Count what is in each file: sets, versions, claims, money, adjustments, remarks, statuses, payments."""
    worst = SOUND
    for path in files:
        summary = _read(path, codes)
        if as_json:
            _line(summary.as_json())
        else:
            from services.cli.x12_text import print_summary

            print_summary(summary)
        worst = max(worst, _status(summary))
    raise typer.Exit(worst)


@app.command()
def validate(files: Files, as_json: AsJson = False, codes: Codes = None, companion: Companion = None) -> None:
    """Say what is wrong with each file, where, and what to do about it."""
    guides = _guides(companion or [])
    worst = SOUND
    for path in files:
        summary = _read(path, codes, guides)
        if as_json:
            from schemas.x12.summary import as_json as finding_json

            found = [finding_json(finding) for finding in summary.diagnostics]
            _line({"file": path.name, "valid": not _status(summary), "diagnostics": found})
        else:
            from services.cli.x12_text import print_findings

            print_findings(summary)
        worst = max(worst, _status(summary))
    raise typer.Exit(worst)


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="An X12 file.", show_default=False)],
    claim: Annotated[str, typer.Option("--claim", help="CLM01, CLP01 or the payer's number.", show_default=False)],
) -> None:
    """Show one claim of a file, its lines and its money, with the names of the codes."""
    from services.cli.x12_text import print_claims

    try:
        with file.open("rb") as data:
            found, is_x12 = print_claims(data, claim)
    except OSError as error:
        typer.echo(_unreadable(file, error), err=True)
        raise typer.Exit(NOT_X12) from None
    if not is_x12:
        typer.echo(f"{file}: this is no X12 file; name one that is", err=True)
        raise typer.Exit(NOT_X12)
    if not found:
        typer.echo(f"{file}: no claim {claim} in it; `overturn x12 inspect` counts what there is", err=True)
        raise typer.Exit(FAULTY)


def _read(path: Path, codes: Path | None, guides: Sequence[Guide] = ()) -> Summary:
    """What is in a file and what is wrong with it; a file that cannot be read is no X12, and told on standard error too."""
    from schemas.codes.dated import TableError, use_directory
    from schemas.x12.diagnostics import Diagnostic
    from schemas.x12.summary import Summary, summarise

    if codes is not None:
        use_directory(codes)
    try:
        with path.open("rb") as data:
            summary = summarise(data, path.name)
        for guide in guides:
            _apply(guide, path, summary)
    except OSError as error:
        found = Diagnostic("not_x12", "error", 1, 0, _unreadable(path, error), "envelope", "", "file", path.name)
        typer.echo(found.message, err=True)
        summary = Summary(path.name, is_x12=False, diagnostics=[found])
    except TableError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(NOT_X12) from None
    return summary


def _unreadable(path: Path, error: OSError) -> str:
    return f"{path}: {error.strerror or error}; name a file that can be read"


def _apply(guide: Guide, path: Path, summary: Summary) -> None:
    from schemas.x12.companion_check import examine

    with path.open("rb") as data:
        summary.diagnostics += examine(data, guide, path.name)
    summary.diagnostics.sort(key=lambda finding: finding.segment)


def _guides(paths: list[Path]) -> list[Guide]:
    if not paths:
        return []
    from schemas.x12.companion import GuideError, load_guide

    try:
        return [load_guide(path) for path in paths]
    except GuideError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(NOT_X12) from None


def _line(content: object) -> None:
    typer.echo(json.dumps(content, separators=(",", ":")))


def _status(summary: Summary) -> int:
    if not summary.is_x12:
        return NOT_X12
    return FAULTY if any(finding.severity == "error" for finding in summary.diagnostics) else SOUND
