"""`overturn bench`: claims a second through every service, beside a bare loop over the same broker and database."""

import json
import logging
from dataclasses import replace
from statistics import median
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.bench.bare import bare_rate
from deploy.local.bench.measure import Traffic
from deploy.local.bench.run import Bench, Measured, summary
from deploy.local.errors import StackError
from deploy.local.fleet import service_names
from deploy.local.stack import Stack
from services.cli.output import Output

FULL_BATCH = 500
"""What the chassis takes at most."""
BARE_RUNS = 3
"""One run's rate lies up to a seventh beside the next one's."""
Claims = Annotated[int, typer.Option(min=100, max=20_000, help="How many clean claims pass through.")]


def bench(claims: Claims = 1000, seed: int = 1, json_path: Output = None) -> None:
    """Measure on real parts.

    Seconds exclude start-up, virtual days on which nothing moved, and time that only the simulated payers needed.
    """
    console = Console()
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    try:
        stack = Stack.fresh("bench")
        measurement = Bench(stack, claims, seed)
        with stack:
            with console.status(f"{claims} claims through every service"):
                measured = measurement.run()
            with console.status(f"{measured.messages} bare messages of the same sizes"):
                bare = _baselines(stack, measured)
    except (StackError, TimeoutError, ValueError) as error:
        console.print(f"[red]The benchmark failed:[/red] {error}", highlight=False)
        raise typer.Exit(1) from None
    figures = summary(measured, bare["bare_loop"]) | {
        f"{name}_messages_per_second": round(rate, 1) for name, rate in bare.items()
    }
    if json_path:
        json_path.write_text(json.dumps(figures, indent=1) + "\n")
    table = Table("figure", "value", title="Overturn beside a bare loop", title_justify="left")
    for name, value in figures.items():
        if not isinstance(value, dict):
            table.add_row(name.replace("_", " "), f"{value:,}")
    for name, seconds in figures["cpu_seconds"].items():
        table.add_row(f"cpu seconds, {name}", f"{seconds:,.1f}")
    console.print(table)


def _baselines(stack: Stack, measured: Measured) -> dict[str, float]:
    """Messages a second of the bare loop in the chassis' batches, the middle of three runs, and of two others to judge it
    by."""
    batch, read_once = max(round(measured.batch), 1), replace(measured.traffic, deliveries=measured.traffic.messages)

    def rate(traffic: Traffic, size: int) -> float:
        return bare_rate(stack, traffic, measured.operations, len(service_names()), size)

    return {
        "bare_loop": median(rate(measured.traffic, batch) for _ in range(BARE_RUNS)),
        "bare_loop_read_once": rate(read_once, batch),
        "bare_loop_full_batches": rate(measured.traffic, FULL_BATCH),
    }
