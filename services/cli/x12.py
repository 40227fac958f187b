"""`overturn x12`: what is in an X12 file, whether it is sound, and how one claim reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from schemas.x12.companion import Guide

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


@app.command()
def inspect(files: Files, as_json: AsJson = False, codes: Codes = None) -> None:
    """Count what is in each file: sets, versions, claims, money, adjustments, remarks, statuses, payments."""
    from services.cli import x12_files

    _use(codes)
    raise typer.Exit(x12_files.inspect(files, as_json))


@app.command()
def validate(files: Files, as_json: AsJson = False, codes: Codes = None, companion: Companion = None) -> None:
    """Say what is wrong with each file, where, and what to do about it."""
    from services.cli import x12_files

    guides = _guides(companion or [])
    _use(codes)
    raise typer.Exit(x12_files.validate(files, as_json, guides))


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="An X12 file.", show_default=False)],
    claim: Annotated[str, typer.Option("--claim", help="CLM01, CLP01 or the payer's number.", show_default=False)],
) -> None:
    """Show one claim of a file, its lines and its money, with the names of the codes."""
    from services.cli.x12_files import FAULTY, NOT_X12, unreadable
    from services.cli.x12_text import print_claims

    try:
        with file.open("rb") as data:
            found, is_x12 = print_claims(data, claim)
    except OSError as error:
        typer.echo(unreadable(file, error), err=True)
        raise typer.Exit(NOT_X12) from None
    if not is_x12:
        typer.echo(f"{file}: this is no X12 file; name one that is", err=True)
        raise typer.Exit(NOT_X12)
    if not found:
        typer.echo(f"{file}: no claim {claim} in it; `overturn x12 inspect` counts what there is", err=True)
        raise typer.Exit(FAULTY)


def _use(codes: Path | None) -> None:
    if codes is not None:
        from schemas.codes.dated import use_directory

        use_directory(codes)


def _guides(paths: list[Path]) -> list[Guide]:
    if not paths:
        return []
    from schemas.x12.companion import GuideError, load_guide

    try:
        return [load_guide(path) for path in paths]
    except GuideError as error:
        from services.cli.x12_files import NOT_X12

        typer.echo(str(error), err=True)
        raise typer.Exit(NOT_X12) from None
