"""All payers of a set: files in, virtual days, files out."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from deploy.local.payers.deciding.members import Members, read_members
from deploy.local.payers.desk.day import work
from deploy.local.payers.desk.store import Store
from deploy.local.payers.doors import Door, read_file
from deploy.local.payers.loading import SHIPPED, load
from deploy.local.payers.model.payer import PayerModel

LAST_DAY = "last_day"
HIDDEN = "hidden"
"""In the state folder: what is true of members and encounters."""
HOURS = "payers.hours"
"""In the state folder: a line a tick, start and end of its work (time.monotonic, seconds), for `overturn bench`."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the simulator finds things: the state folder, the doors, and what simulation it is part of."""

    state: Path
    doors: Path
    payers_dir: Path
    seed: int = 0
    encounters: int = 0

    @property
    def hidden(self) -> Path:
        """The folder of hidden truth; nobody but the simulator and judges may read it."""
        return self.state / HIDDEN


def surroundings(env: Mapping[str, str] = os.environ) -> Surroundings:
    """From the environment and, where there is one, `simulation.json`."""
    state = Path(env.get("OVERTURN_STATE") or ".overturn")
    doors = Path(env.get("OVERTURN_DOORS") or state / "doors")
    plan: dict[str, object] = {}
    if (state / "simulation.json").is_file():
        plan = json.loads((state / "simulation.json").read_text("utf-8"))
    payers_dir = Path(str(plan.get("payers_dir") or env.get("OVERTURN_PAYERS") or SHIPPED))
    return Surroundings(state, doors, payers_dir, int(str(plan.get("seed", 0))), int(str(plan.get("encounters", 0))))


class Simulator:
    """The payers at their doors. Everything that it decides lies in one SQLite file."""

    def __init__(self, payers: list[PayerModel], members: Members, where: Surroundings) -> None:
        self._payers = payers
        self._members = members
        self._seed = where.seed
        self._hours = where.state / HOURS
        self._store = Store(where.state / "payers.db")
        self._doors = {payer.payer_id: Door(where.doors, payer.payer_id) for payer in payers}
        self.deliver()

    def pick_up(self) -> int:
        """Take in what lies at the doors; a file is put away once it is durable here. How many files it was."""
        found = [(door, path) for door in self._doors.values() for path in door.waiting()]
        if not found:
            return 0
        with self._store.transaction():
            for door, path in found:
                file = read_file(path)
                self._store.keep(door.payer_id, file)
                if sender := file.content[35:50].decode("latin-1").strip() if file.kind != "appeal.json" else "":
                    self._store.put(f"submitter {door.payer_id}", sender)
        for door, path in found:
            door.archive(path)
        return len(found)

    def tick(self, day: date) -> None:
        """Work every day up to this one that has not been worked; a repeated tick changes nothing."""
        begun, last = time.monotonic(), self._store.get(LAST_DAY)
        current = date.fromisoformat(last) + timedelta(days=1) if last else day
        while current <= day:
            with self._store.transaction():
                for payer in self._payers:
                    work(payer, self._members, self._store, current, self._seed)
                self._store.put(LAST_DAY, current.isoformat())
            self.deliver()
            current += timedelta(days=1)
        with self._hours.open("a", encoding="ascii") as hours:
            hours.write(f"{begun} {time.monotonic()}\n")

    def deliver(self) -> None:
        """Bring to the doors what is committed and not there yet."""
        waiting = self._store.outgoing()
        for _, payer_id, file in waiting:
            if payer_id in self._doors:
                self._doors[payer_id].leave(file)
        if waiting:
            with self._store.transaction():
                self._store.delivered(number for number, _, _ in waiting)

    def close(self) -> None:
        """Close the state."""
        self._store.close()


def build(where: Surroundings) -> Simulator:
    """The simulator of a state folder; raises PolicyError. In a simulation the hidden truth is written first."""
    payers = load(where.payers_dir)
    if where.encounters and not (where.hidden / "members.json").is_file():
        from deploy.local.population import build as populate
        from deploy.local.population import write_hidden

        write_hidden(populate(where.seed, where.encounters, payers), where.hidden)
    return Simulator(payers, read_members(where.hidden / "members.json"), where)
