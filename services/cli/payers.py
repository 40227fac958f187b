"""`overturn payers`: checks payer policies of the simulator before a demo uses them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from deploy.local.payers import PayerModel

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Payer policies of the simulator.")


@app.callback()
def payers() -> None:
    """Payer policies of the simulator (deploy/local/payers/README.md is their manual)."""


@app.command()
def validate(
    folder: Annotated[Path, typer.Argument(help="Folder with one YAML file a payer.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")] = False,
) -> None:
    """Check every policy of FOLDER; exit status 0: all usable, 1: faults (file, line, place, remedy), 2: no folder, or
    unusable code tables.

    A CARC, RARC or claim status code that is in no list is a fault, one that is not valid when a demo begins a warning.
    """
    from deploy.local.payers import PolicyError, judge_codes, load
    from deploy.local.population.times import DAY_ZERO
    from schemas.codes.dated import TableError

    if not folder.is_dir():
        _say([f"{folder}: is no folder; name one that holds one YAML file a payer"], [], as_json)
        raise typer.Exit(2)
    try:
        faults, warnings = judge_codes(folder, DAY_ZERO)
    except TableError as error:
        _say([str(error)], [], as_json)
        raise typer.Exit(2) from None
    found: list[PayerModel] = []
    try:
        found = load(folder)
    except PolicyError as error:
        faults = [*error.faults, *faults]
    if faults:
        _say(faults, warnings, as_json)
        raise typer.Exit(1)
    rows = [_row(payer) for payer in found]
    if as_json:
        typer.echo(orjson.dumps({"payers": rows, "faults": [], "warnings": warnings}).decode())
        return
    _say([], warnings, as_json)
    title = f"{len(rows)} payer{'s are' if len(rows) > 1 else ' is'} usable"
    table = Table("payer", "name", "kind", "share", "rules", "cannot deny for", title=title)
    for row in rows:
        table.add_row(*(_text(value) for name, value in row.items() if name != "causes"))
    Console().print(table)


def _text(value: object) -> str:
    return (", ".join(value) or "-") if isinstance(value, list) else str(value)


def _row(payer: "PayerModel") -> dict[str, object]:
    from deploy.local.population.recipes import recipes
    from deploy.local.population.rules import rules_of

    offers = recipes(payer)
    return {
        "payer": payer.payer_id,
        "name": payer.published.name,
        "kind": payer.published.kind,
        "share": payer.share,
        "rules": len(rules_of(payer)),
        "causes": [cause for cause, made in offers.items() if made],
        "lacks": [cause for cause, made in offers.items() if not made],
    }


def _say(faults: list[str], warnings: list[str], as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps({"payers": [], "faults": faults, "warnings": warnings}).decode())
        return
    for line in (*faults, *(f"warning: {warning}" for warning in warnings)):
        typer.echo(line, err=True)
