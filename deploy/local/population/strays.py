"""Events beside the encounters: cancellations, repeats, reused ids, old revisions, bytes that nobody can read."""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from deploy.local.payers.draws import number
from deploy.local.population.population import PARTNER, Encounter, Publication
from deploy.local.population.times import instant
from schemas.events.partner import EncounterCancelled

POISON = (b"\xff\xfe\x00not json", b"ISA*00*          *00*", b'{"specversion": "1.0", "id": ', b"\x00\x01\x02\x03", b"")
POISON_DAYS = (1, 4, 9)


def strays(encounters: Sequence[Encounter], seed: int) -> Iterator[Publication]:
    """All stray events of a population."""
    for encounter in encounters:
        if encounter.truth.scenario in ("cancelled_early", "cancelled_late"):
            yield cancellation(encounter, 1 if encounter.truth.scenario == "cancelled_early" else 20)
    plain = [encounter for encounter in encounters if encounter.truth.scenario == "clean"]
    plain.sort(key=lambda encounter: number("stray", seed, encounter.number))
    for at, encounter in enumerate(plain[: max(1, len(plain) // 60)]):
        yield repeat(encounter, 1 + at % 3)
    for encounter in plain[-max(1, len(plain) // 200) :]:
        yield reused_id(encounter)
    if len(plain) > 2:
        yield old_revision(plain[1])
    for day in POISON_DAYS:
        yield poison(day, number("poison", seed, day))


def cancellation(encounter: Encounter, after: int) -> Publication:
    """The partner takes an encounter back."""
    day = encounter.day + after
    data = {"encounter_number": encounter.number, "reason": "cancelled"}
    event = {
        **encounter.event,
        "id": f"{encounter.number}-C",
        "type": EncounterCancelled.TYPE,
        "time": instant(day),
        "data": data,
    }
    return _stray(day, event, "cancellation")


def repeat(encounter: Encounter, after: int) -> Publication:
    """The same event once more: it must change nothing."""
    return _stray(encounter.day + after, encounter.event, "repeat")


def reused_id(encounter: Encounter) -> Publication:
    """The same id with another charge: refused."""
    event: dict[str, Any] = copy.deepcopy(encounter.event)
    event["data"]["lines"][0]["charge_cents"] += 100
    return _stray(encounter.day + 2, event, "reused_id")


def old_revision(encounter: Encounter) -> Publication:
    """A new event with a revision that is not higher: refused."""
    event = {**copy.deepcopy(encounter.event), "id": f"{encounter.number}-1b", "time": instant(encounter.day + 3)}
    return _stray(encounter.day + 3, event, "old_revision")


def poison(day: int, draw: int) -> Publication:
    """Bytes that are no event at all: a dead letter."""
    bodies = [body for body in POISON if body]
    return Publication(
        day, f"poison-{day}", f"poison-{day}", bodies[draw % len(bodies)] + str(day).encode(), "poison", PARTNER
    )


def _stray(day: int, event: dict[str, Any], kind: str) -> Publication:
    return Publication(day, event["subject"], event["id"], orjson.dumps(event), kind)
