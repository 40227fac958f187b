"""A population: what partners publish, day by day, and what is true behind it."""

import json
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.payers.deciding.members import Member

PARTNER = "riverside"


@dataclass(frozen=True, slots=True)
class Publication:
    """One record on a partner's inbound topic. `value` is what is sent, right or wrong."""

    day: int
    key: str
    event_id: str
    value: bytes
    kind: str = "encounter"
    partner: str = PARTNER


@dataclass(frozen=True, slots=True)
class Truth:
    """The hidden truth of an encounter, for judging only."""

    scenario: str
    cause: str = ""
    rule: str = ""
    wins: str = ""
    payer_id: str = ""
    corrects: bool = True


@dataclass(frozen=True, slots=True)
class Encounter:
    """One encounter: the event that arrives first, and the revisions that the partner has when asked."""

    number: str
    day: int
    event_id: str
    event: dict[str, Any]
    truth: Truth
    revisions: tuple[dict[str, Any], ...] = ()
    """Full events (envelope and data) of revisions 2, 3 …, without their time."""


@dataclass(frozen=True, slots=True)
class Population:
    """All of it. The same (seed, N, payers) make the same population, byte for byte."""

    seed: int
    encounters: tuple[Encounter, ...]
    publications: tuple[Publication, ...]
    members: tuple[Member, ...]
    partner: str = PARTNER
    _by_day: dict[int, list[Publication]] = field(default_factory=lambda: defaultdict(list))
    _by_event: dict[str, tuple[Encounter, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for publication in self.publications:
            self._by_day[publication.day].append(publication)
        for encounter in self.encounters:
            self._by_event[encounter.event_id] = (encounter, 0)
            for at, event in enumerate(encounter.revisions, 1):
                self._by_event[event["id"]] = (encounter, at)

    def on(self, day: int) -> tuple[Publication, ...]:
        """What partners publish on a day, in order."""
        return tuple(self._by_day.get(day, ()))

    def correction(self, event_id: str) -> dict[str, Any] | None:
        """The event with the next revision after the one that was accepted; None where the partner has none to send."""
        encounter, at = self._by_event.get(event_id, (None, 0))
        if encounter is None or not encounter.truth.corrects or at >= len(encounter.revisions):
            return None
        return encounter.revisions[at]


def write_hidden(population: Population, folder: Path) -> None:
    """`members.json` for the simulator and `truth.json` for judging, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    members = [member.model_dump(mode="json") for member in population.members]
    _write(folder / "members.json", {"seed": population.seed, "members": members})
    truths = [
        {"encounter": entry.number, "day": entry.day, **{name: getattr(entry.truth, name) for name in Truth.__slots__}}
        for entry in population.encounters
    ]
    _write(folder / "truth.json", {"seed": population.seed, "encounters": truths})


def _write(path: Path, content: dict[str, Any]) -> None:
    temporary = path.with_name(f".tmp-{os.getpid()}-{path.name}")
    temporary.write_text(json.dumps(content, sort_keys=True), "utf-8")
    os.replace(temporary, path)


def merge(members: Iterable[Member]) -> tuple[Member, ...]:
    """One entry a membership: what several encounters know of it is put together."""
    found: dict[tuple[str, str], Member] = {}
    for member in members:
        key = (member.payer_id, member.member_id)
        other = found.get(key)
        if other is None:
            found[key] = member
            continue
        found[key] = other.model_copy(
            update={
                "authorizations": tuple(dict.fromkeys((*other.authorizations, *member.authorizations))),
                "services": tuple(dict.fromkeys((*other.services, *member.services))),
            }
        )
    return tuple(found[key] for key in sorted(found))
