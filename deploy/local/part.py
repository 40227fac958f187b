"""One process of the stack: what to run, and what has become of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

LAUNCHER = Path(__file__).with_name("launch.py")
WRONG_CONFIGURATION = 78
FAST_SECONDS = 10.0
FAST_FAILURES = 5
SIGNAL_BACKOFF = 0.1
FAILURE_BACKOFF = 0.25
LOG_TAIL_LINES = 15


@dataclass(frozen=True)
class Part:
    """A process to supervise.

    env is laid over the stack's environment. ready tells whether the part can do its work; without it a part is
    ready when it runs. ready_within and stop_within are seconds; past stop_within a stop turns into SIGKILL.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None
    ready_within: float = 120.0
    stop_within: float = 10.0


class Child:
    """A part's process over its restarts. Used by the supervisor's thread only, but for reading plain values."""

    def __init__(self, part: Part, log: Path, env: Mapping[str, str]) -> None:
        self.part = part
        self.log = log
        self.env = {**env, **part.env}
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_again_at: float | None = None
        self.restarts = 0
        self.fast_failures = 0
        self.error: str | None = None
        self.stopping = False

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        process = self.process
        return process.pid if process is not None and process.returncode is None else None

    def spawn(self) -> None:
        """Start the process in a group of its own, its output appended to the log."""
        command = [sys.executable, "-IS", str(LAUNCHER), str(os.getpid()), *self.part.argv]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self.started_at = time.monotonic()
        self.start_again_at = None

    def look(self) -> None:
        """Notice an end, and decide when to start again or to give up; start again when it is time."""
        if self.stopping or self.error:
            return
        now = time.monotonic()
        if self.start_again_at is not None:
            if now >= self.start_again_at:
                self._again()
        elif self.process is not None and self.process.poll() is not None:
            self._ended(self.process.returncode, now)

    def _again(self) -> None:
        self.restarts += 1
        try:
            self.spawn()
        except OSError as error:  # no memory, disk or folder: `check` says so, and the other parts stay looked after
            self.error = f"{self.part.name} cannot be started again ({error.strerror})"

    def _ended(self, code: int, now: float) -> None:
        self.signal_group(signal.SIGKILL)
        by_signal = code < 0 or code > 128
        if by_signal or now - self.started_at >= FAST_SECONDS:
            self.fast_failures = 0
        else:
            self.fast_failures += 1
        if code == WRONG_CONFIGURATION:
            self.error = f"{self.part.name} ended with exit status {code}: its configuration is wrong"
            return
        if self.fast_failures >= FAST_FAILURES:
            self.error = f"{self.part.name} ended {FAST_FAILURES} times at once, last with exit status {code}"
            return
        self.start_again_at = now + (SIGNAL_BACKOFF if by_signal else FAILURE_BACKOFF * 2**self.fast_failures)

    def signal_group(self, number: int) -> None:
        """Send a signal to the process and all it started; nothing happens when they have gone."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def wait_end(self, seconds: float) -> bool:
        """Wait for the process to end; false when it still runs after so many seconds."""
        if self.process is None:
            return True
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def log_tail(log: Path, lines: int = LOG_TAIL_LINES) -> str:
    """The last lines of a log, for an error message."""
    if not log.is_file():
        return "(no log was written)"
    with log.open("rb") as file:
        return tail_of(file, lines)


def tail_of(file: IO[bytes], lines: int) -> str:
    """The last lines of an open file, reading 16 KB at most."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 16_384))
    text = file.read().decode(errors="replace").splitlines()
    return "\n".join(f"    {line}" for line in text[-lines:]) or "    (the log is empty)"
