"""`overturn x12`: what is in an X12 file, whether it is sound, and how one claim reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Look into X12 files: inspect, validate, show.")
Files = Annotated[list[Path], typer.Argument(help="X12 files.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, a line a file.")]
SOUND, FAULTY, NOT_X12 = 0, 1, 2


@app.command()
def inspect(files: Files, as_json: AsJson = False) -> None:
    """Count what is in each file: sets, versions, claims, money, adjustments, remarks, statuses, payments."""
    from schemas.x12.summary import Summary, summarise

    worst = SOUND
    for path in files:
        try:
            with path.open("rb") as data:
                summary = summarise(data, path.name)
        except OSError as error:
            summary = Summary(path.name, is_x12=False)
            typer.echo(f"{path}: {error.strerror}; name a file that can be read", err=True)
        if as_json:
            typer.echo(json.dumps(summary.as_json(), ensure_ascii=False, separators=(",", ":")))
        else:
            from services.cli.x12_text import print_summary

            print_summary(summary)
        worst = max(worst, _status(summary.is_x12, (finding.severity for finding in summary.diagnostics)))
    raise typer.Exit(worst)


@app.command()
def validate(files: Files, as_json: AsJson = False) -> None:
    """Say what is wrong with each file, where, and what to do about it."""
    from schemas.x12.summary import Summary, summarise
    from schemas.x12.summary import as_json as finding_json

    worst = SOUND
    for path in files:
        try:
            with path.open("rb") as data:
                summary = summarise(data, path.name)
        except OSError as error:
            summary = Summary(path.name, is_x12=False)
            typer.echo(f"{path}: {error.strerror}; name a file that can be read", err=True)
        if as_json:
            found = [finding_json(finding) for finding in summary.diagnostics]
            line = {"file": path.name, "valid": not _status(summary.is_x12, _severities(summary)), "diagnostics": found}
            typer.echo(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
        else:
            from services.cli.x12_text import print_findings

            print_findings(summary)
        worst = max(worst, _status(summary.is_x12, _severities(summary)))
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
            found = print_claims(data, claim)
    except OSError as error:
        typer.echo(f"{file}: {error.strerror}; name a file that can be read", err=True)
        raise typer.Exit(NOT_X12) from None
    if not found:
        typer.echo(f"{file}: no claim {claim} in it; `overturn x12 inspect` counts what there is", err=True)
        raise typer.Exit(FAULTY)


def _severities(summary: object) -> list[str]:
    return [finding.severity for finding in getattr(summary, "diagnostics", ())]


def _status(is_x12: bool, severities: object) -> int:
    if not is_x12:
        return NOT_X12
    return FAULTY if "error" in set(severities) else SOUND  # type: ignore[call-overload]
