"""`overturn demo`: encounters through every service to the money, on real parts, in virtual time."""

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.local.errors import StackError
from deploy.local.payers import SHIPPED, PolicyError
from deploy.local.population.plan import LAST_DAY
from deploy.local.simulation.plan import Plan
from deploy.local.simulation.run import Simulation
from deploy.local.stack import Stack
from services.cli.collect import collect
from services.cli.output import Output
from services.cli.reconcile import Verdict
from services.cli.reconcile.command import show
from services.cli.tables import print_report

Count = Annotated[int, typer.Option(min=1, max=20_000, help="How many encounters partners publish.")]
Days = Annotated[
    int,
    typer.Option(
        min=1,
        max=1_000,
        help=f"Virtual days, from 2026-01-05. Encounters come on days 0 to {LAST_DAY}: with fewer days the later ones are "
        "left out.",
    ),
]
Policies = Annotated[Path | None, typer.Option(help="A folder of payer policies (YAML) instead of the four shipped.")]
Keep = Annotated[bool, typer.Option("--keep", help="Keep the run's folder: broker, database, files, logs.")]


def demo(
    encounters: Count = 200, seed: int = 7, days: Days = 120, payers: Policies = None, json_path: Output = None,
    keep: Keep = False,
) -> None:  # fmt: skip
    """Run a whole billing season and show what became of it; exit status 1 where its books do not balance."""
    console = Console()
    plan = Plan(encounters, seed, days, str((payers or SHIPPED).absolute()))
    begun = time.monotonic()
    try:
        stack = Stack.fresh("demo")
        stack.keep = keep
        report, verdict = run(stack, plan, console)
    except (StackError, PolicyError, TimeoutError) as error:
        console.print(f"[red]The demo failed:[/red] {error}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    report = {"seed": seed, "days": days, **report, "wall_seconds": round(time.monotonic() - begun, 1)}
    if json_path:
        json_path.write_text(json.dumps(report, indent=1) + "\n")
    print_report(console, report)
    if not verdict.conserved:
        show(console, verdict)
    close(console, report)
    if keep:
        console.print(f"Kept in {stack.state}", highlight=False, soft_wrap=True)
    if not verdict.conserved:
        raise typer.Exit(1)


def run(stack: Stack, plan: Plan, console: Console) -> tuple[dict[str, Any], Verdict]:
    """One simulation on a fresh stack, its figures and their proof."""
    simulation = Simulation(stack, plan)
    tell_left_out(console, plan, simulation.left_out)
    with stack:
        with console.status("Starting broker, database, eight services, payers, partners and patients"):
            simulation.start()
        bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[day]}"), TimeElapsedColumn()
        )
        with bar:
            task = bar.add_task("Claims move", total=plan.days, day="")

            async def passed(day: int) -> None:
                bar.update(task, completed=day, day=f"day {day} of {plan.days}")

            simulation.run(passed)
        with console.status("Counting, and proving the books"):
            return collect(stack)


def tell_left_out(console: Console, plan: Plan, encounters: int) -> None:
    """Say beforehand that the days do not suffice for all encounters: the figures are of the others alone."""
    if encounters:
        console.print(
            f"[yellow]{encounters} of {plan.encounters} encounters are left out:[/yellow] they come after day {plan.days}, "
            f"the last of this run; --days {LAST_DAY} or more publishes all.",
            highlight=False,
        )


def close(console: Console, report: dict[str, Any]) -> None:
    """What the figures rest on, and where to look next."""
    books = "[green]the books balance[/green]" if report["conserved"] else "[red]the books do not balance[/red]"
    console.print(f"{books}; outcome {report['outcome'][:16]}…; {report['wall_seconds']} s", highlight=False)
    console.print(
        "Next: `make up` runs the same stack in the foreground; `overturn encounters validate FILE` checks an encounter "
        "of yours;\n`overturn remit FILE…` posts 835 files; services/*/README.md tells what each service decides.",
        highlight=False,
    )
