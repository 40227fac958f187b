"""The `overturn` command.

Everything goes through Typer (`commands`), except that a command of `QUICK` given plain files runs at once: reading a file takes
less time than Typer takes to start.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

# words -> "module:function" of (files, in_json), which gives the exit status; Typer calls the same functions
QUICK = {
    ("x12", "inspect"): "services.cli.x12_files:inspect",
    ("x12", "validate"): "services.cli.x12_files:validate",
}
JSON = "--json"
INTERRUPTED = 130


def app() -> None:
    """Run what the command line says; ends the process with its exit status."""
    first, words = tuple(sys.argv[1:3]), sys.argv[3:]
    files = [word for word in words if word != JSON]
    if first in QUICK and files and not any(word.startswith("-") for word in files):
        sys.exit(_quick(QUICK[first], [Path(file) for file in files], JSON in words))
    from services.cli.commands import app as commands

    commands()


def _quick(target: str, files: list[Path], in_json: bool) -> int:
    module, function = target.split(":")
    try:
        status: int = getattr(importlib.import_module(module), function)(files, in_json)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status
