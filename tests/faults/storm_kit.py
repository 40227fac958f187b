"""Kills for a whole season: every fail point of every service, and random SIGKILLs by seed."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from deploy.local.fleet import service_names
from deploy.local.part import Part
from deploy.local.stack import Stack
from tests.seasons import Hooks

EVENTS = ("half_published", "after_publish")
ALWAYS = ("after_load", "after_write", "before_commit", "after_commit")
DOORS = ("after_temporary_file", "after_rename")
SILENT = ("remittance",)
"""Services that cause no event, so that nothing can be half published."""
WITH_DOORS = ("clearinghouse", "patient_collections")
SPREAD = {"intake": 3, "eligibility": 3, "claim_submission": 3}
"""Services with work on every early day die at every third chance, so that no single day holds all their restarts."""
LONGEST_DELAY = 0.6
"""Seconds after a day's rest in which a random kill falls: within the work of the next day."""


def points(service: str) -> tuple[str, ...]:
    """Every fail point that a service can pass."""
    events = () if service in SILENT else EVENTS
    return (*events, *(DOORS if service in WITH_DOORS else ()), *ALWAYS)


def plan_of(service: str) -> tuple[str, ...]:
    """The points in the order of their arming; two of them, others for each service, twice in a row."""
    all_points, at = points(service), service_names().index(service)
    twice = {all_points[at % len(all_points)], all_points[(at + 3) % len(all_points)]}
    return tuple(name for point in all_points for name in ([point] * 2 if point in twice else [point]))


def specification(service: str) -> str:
    """The plan as OVERTURN_FAILPOINT says it."""
    passes = SPREAD.get(service, 1)
    return ",".join(f"{name}:{passes}" if name in ALWAYS else name for name in plan_of(service))


def arm(parts: Iterable[Part]) -> list[Part]:
    """The services' parts with their fail points in the environment."""
    return [
        replace(part, env={**part.env, "OVERTURN_FAILPOINT": specification(part.name.rpartition("-")[0])})
        for part in parts
    ]


def missed(state: Path) -> list[str]:
    """Points that were armed and never passed."""
    wanted = {
        f"{service}-{name}" + (f".{number}" if number > 1 else "")
        for service in service_names()
        for name, count in Counter(plan_of(service)).items()
        for number in range(1, count + 1)
    }
    folder = state / "failpoints"
    return sorted(wanted - {marker.name for marker in folder.iterdir()}) if folder.is_dir() else sorted(wanted)


class Killer(Hooks):
    """Kills parts by SIGKILL, so many over a season, chosen by a seed."""

    def __init__(self, seed: int, kills: int, days: int) -> None:
        rng = random.Random(seed)
        victims = [*(f"{service}-0" for service in service_names()), "payers", "actors"]
        self.kills = kills
        self.done: list[str] = []
        self._plan: dict[int, list[tuple[str, float]]] = {}
        for number in range(kills):
            kill = victims[number % len(victims)], rng.uniform(0, LONGEST_DELAY)
            self._plan.setdefault(rng.randrange(days), []).append(kill)

    def passed(self, stack: Stack, day: int) -> None:
        """Set the kills of the next day going."""
        for name, delay in self._plan.get(day, ()):
            asyncio.get_running_loop().call_later(delay, self._kill, stack, name)

    def _kill(self, stack: Stack, name: str) -> None:
        pid = stack.supervisor.pids.get(name)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.done.append(name)
