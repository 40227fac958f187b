"""The door to patients: one file a statement, for whoever prints or mails it."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from services.chassis.failpoints import failpoint

TEMPORARY = ".tmp-"


class StatementDoor:
    """Does the effect `statements`: the payload becomes `<statement_id>.json`, once.

    Raises OSError while the folder is full or away; the effect then waits in its document and a tick tries again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def __call__(self, effect_id: str, payload: Mapping[str, Any]) -> None:
        """Deliver one statement; does nothing where it was delivered before."""
        content = orjson.dumps(payload, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        await asyncio.to_thread(deliver, self._folder, f"{payload['statement_id']}.json", content)


def deliver(folder: Path, name: str, content: bytes) -> None:
    """Temporary name, fsync, rename, fsync of the folder; raises OSError and leaves nothing half done under the name."""
    if (folder / name).exists():
        return
    temporary = folder / f"{TEMPORARY}{name}"
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    failpoint("after_temporary_file")
    temporary.rename(folder / name)
    failpoint("after_rename")
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
