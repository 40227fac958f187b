"""The commands of `overturn` as Typer groups: a table of sub-commands, each imported only when it is called."""

import importlib
import signal
import threading
from types import FrameType
from typing import Any

import typer
from typer.core import TyperGroup

# name -> "module:attribute"; the attribute is a Typer app (a group of commands) or a function (one command)
COMMANDS = {
    "demo": "services.cli.demo:demo",
    "up": "services.cli.stack:up",
    "encounters": "services.cli.encounters:app",
    "x12": "services.cli.x12:app",
    "remit": "services.cli.remit:remit",
    "payers": "services.cli.payers:app",
    "deadletters": "services.cli.deadletters:app",
    "topics": "services.cli.topics:app",
    "reconcile": "services.cli.reconcile:reconcile",
    "bench": "services.cli.bench:bench",
}


def load(name: str, target: str) -> Any:
    """Import a sub-command and give it its name on the command line."""
    module, attribute = target.split(":")
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, typer.Typer):
        function, found = found, typer.Typer(add_completion=False)
        found.command(name)(function)
    command = typer.main.get_command(found)
    command.name = name
    return command


class LazyCommands(TyperGroup):
    """A group whose commands come from COMMANDS."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return load(cmd_name, COMMANDS[cmd_name]) if cmd_name in COMMANDS else None


app = typer.Typer(
    cls=LazyCommands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Overturn: from a coded encounter to the last cent a payer or a patient owes.",
)


@app.callback()
def root() -> None:
    """Overturn: from a coded encounter to the last cent a payer or a patient owes."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, end_cleanly)


def end_cleanly(number: int, frame: FrameType | None) -> None:
    """Unwind as Ctrl-C does, so that a command told to end stops what it started; exit status 128 + signal."""
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)
