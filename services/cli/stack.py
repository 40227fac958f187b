"""`overturn up`: the whole stack in the foreground."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.errors import StackError
from deploy.local.payers import SHIPPED, PolicyError
from deploy.local.stack import Stack
from deploy.local.whole import start_whole

LOOK_SECONDS = 1.0
Policies = Annotated[Path, typer.Option(help="A folder of payer policies (YAML) for the simulator.")]
Workers = Annotated[int, typer.Option(min=1, max=16, help="Processes of every service.")]


def up(payers: Policies = SHIPPED, workers: Workers = 1) -> None:
    """Run broker, database, every service and the payer simulator until Ctrl-C; the state is kept."""
    console = Console()
    try:
        with Stack() as stack:
            with console.status("Starting services and payers"):
                start_whole(stack, payers_dir=payers, workers=workers)
            show(console, stack)
            while True:
                stack.check()
                time.sleep(LOOK_SECONDS)
    except (StackError, PolicyError) as error:
        console.print(f"[red]The stack stopped:[/red] {error}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print(f"Stopped. State and logs are kept in {stack.state}", highlight=False, soft_wrap=True)


def show(console: Console, stack: Stack) -> None:
    """Where everything answers."""
    table = Table("part", "address", title="Overturn is up; Ctrl-C stops it", title_justify="left")
    table.add_row("broker", stack.bootstrap)
    table.add_row("database", "MONGODB_URL" if stack.external_database else stack.mongodb)
    for name, port in stack.ports.items():
        if name in stack.supervisor.pids and name not in ("kafka", "mongod"):
            table.add_row(name, f"http://127.0.0.1:{port}/metrics")
    console.print(table)
    console.print(f"State {stack.state}, logs {stack.state / 'logs'}", highlight=False, soft_wrap=True)
