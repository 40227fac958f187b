"""Named points at which a process kills itself with SIGKILL, once, to prove that nothing is lost there.

OVERTURN_FAILPOINT="after_write" or "after_load,after_write:3": a list is worked off one kill at a time, each restart
arms the next; `:n` waits for the n-th pass. A marker under OVERTURN_STATE/failpoints tells a restart what was hit.
"""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

NAMES = (
    "after_load",
    "after_write",
    "half_published",
    "after_publish",
    "before_commit",
    "after_commit",
    "after_temporary_file",
    "after_rename",
)


@dataclass(slots=True)
class Armed:
    """The next point to die at, and where to leave word of it."""

    name: str
    passes: int
    marker: Path


_armed: Armed | None = None


def arm(service: str, spec: str, state: Path) -> None:
    """Arm the first point of `spec` that has no marker yet; raises ValueError for an unknown name."""
    global _armed
    _armed = None
    counts: dict[str, int] = {}
    for item in filter(None, (part.strip() for part in spec.split(","))):
        name, _, nth = item.partition(":")
        if name not in NAMES or (nth and not nth.isdigit()):
            raise ValueError(f"OVERTURN_FAILPOINT names {item!r}: use one of {', '.join(NAMES)}, with :nth if wanted")
        counts[name] = counts.get(name, 0) + 1
        marker = state / "failpoints" / (f"{service}-{name}" + (f".{counts[name]}" if counts[name] > 1 else ""))
        if _armed is None and not marker.exists():
            _armed = Armed(name, int(nth or 1), marker)


def armed(name: str) -> bool:
    """Whether the next pass of this point ends the process."""
    return _armed is not None and _armed.name == name and _armed.passes == 1


def failpoint(name: str) -> None:
    """Die here if this point is armed and its pass has come; costs nothing otherwise."""
    if _armed is None or _armed.name != name:
        return
    _armed.passes -= 1
    if _armed.passes:
        return
    _armed.marker.parent.mkdir(parents=True, exist_ok=True)
    _armed.marker.touch()
    os.kill(os.getpid(), signal.SIGKILL)
