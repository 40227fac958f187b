"""The state folder: where it lies, who holds it, and how another command finds the stack that runs on it."""

import fcntl
import json
import os
from pathlib import Path
from typing import IO

from deploy.local.errors import StackError


def state_dir() -> Path:
    """OVERTURN_STATE, else .overturn in the working directory; absolute."""
    return Path(os.environ.get("OVERTURN_STATE") or ".overturn").absolute()


def make_state(state: Path) -> None:
    """Make the folder where it is not there, for its owner alone: payers' files lie in it. Raises StackError."""
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        (state / "lock").touch()
    except OSError as error:
        raise StackError(
            f"{state} cannot be used as a state folder ({error.strerror}); name another by OVERTURN_STATE"
        ) from None


class StateLock:
    """The right to run a stack on a folder; the kernel takes it back when the holder dies, however it dies."""

    def __init__(self, state: Path) -> None:
        self._path = state / "lock"
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Raises StackError when another process holds it, or the folder cannot be used."""
        make_state(self._path.parent)
        file = self._path.open("a+")
        if not _lock(file):
            file.close()
            raise StackError(
                f"another stack runs on {self._path.parent}; stop it, or name another folder by OVERTURN_STATE"
            )
        self._file = file

    def release(self) -> None:
        """Give it back; nothing happens when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def announce(state: Path, env: dict[str, str]) -> None:
    """Write how to reach the stack that runs on this folder."""
    temporary = state / ".stack.json"
    temporary.write_text(json.dumps({"pid": os.getpid(), "env": env}, indent=1) + "\n")
    temporary.replace(state / "stack.json")


def withdraw(state: Path) -> None:
    """Take the announcement back."""
    (state / "stack.json").unlink(missing_ok=True)


def running_stack(state: Path) -> dict[str, str] | None:
    """The environment of the stack that runs on this folder and is ready; None when there is none."""
    try:
        with (state / "lock").open("r+") as file:
            if _lock(file):
                return None
        env: dict[str, str] = json.loads((state / "stack.json").read_text())["env"]
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise StackError(f"OVERTURN_STATE names {state}, which is no folder; name a folder, or leave it out") from None
    return env
