"""The option `--json PATH` of long commands, checked before the run instead of after it."""

from pathlib import Path
from typing import Annotated

import typer


def writable(path: Path | None) -> Path | None:
    """The path, if a file can be written there; raises BadParameter."""
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise typer.BadParameter(f"{path}: no file can be written there; name a file in a folder that exists")
    return path


Output = Annotated[
    Path | None,
    typer.Option("--json", callback=writable, help="Write the figures as one JSON object to this file."),
]
