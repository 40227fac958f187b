"""The command: prove, print, and say by the exit status whether the books balance."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from pymongo.errors import PyMongoError
from rich.console import Console

from services.chassis.schema_version import UnknownSchema
from services.cli.books import Books, Place
from services.cli.reconcile.proofs import Verdict, prove
from services.cli.surroundings import surroundings

SHOWN = 50
UNANSWERED = 2


def reconcile(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Compare intake, X12, claims, payments, denials, appeals and patients to the cent.

    Exit status 0: every record agrees; 1: some do not, each is named; 2: the database does not
    answer, or holds what this version cannot read; 78: no stack is named or runs here.
    """
    config, _ = surroundings()
    place = Place(config.bootstrap, config.mongodb_url, config.prefix, config.keys)
    try:
        with Books(place) as books:
            verdict = prove(books)
    except PyMongoError as error:
        typer.echo(f"the database at MONGODB_URL does not answer ({type(error).__name__}): is it up?", err=True)
        raise typer.Exit(UNANSWERED) from None
    except UnknownSchema as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNANSWERED) from None
    if as_json:
        typer.echo(json.dumps({"conserved": verdict.conserved, **asdict(verdict)}))
    else:
        show(Console(), verdict)
    raise typer.Exit(0 if verdict.conserved else 1)


def show(console: Console, verdict: Verdict) -> None:
    """What was compared, and each disagreement on a line of its own."""
    compared = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in verdict.compared.items())
    console.print(f"Compared {compared}; {len(verdict.in_flight)} accounts are in flight.", highlight=False)
    for finding in verdict.findings[:SHOWN]:
        console.print(f"[red]{finding}[/red]", highlight=False, soft_wrap=True)
    if len(verdict.findings) > SHOWN:
        console.print(f"… and {len(verdict.findings) - SHOWN} more; --json prints all")
    for moving in verdict.in_flight[:SHOWN]:
        console.print(f"in flight: {moving.subject}: {moving.what}, since {moving.since}", highlight=False)
    console.print("[green]The books balance.[/green]" if verdict.conserved else "[red]The books do not balance.[/red]")
