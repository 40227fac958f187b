"""Waiting for something to become true, with a limit and a name for the failure."""

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Return as soon as condition holds; fail the test, naming what was waited for, after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)
