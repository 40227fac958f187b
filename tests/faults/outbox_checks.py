"""What must hold when all is quiet, told from the documents and from what went out, without the outbox rule."""

from collections import Counter

import orjson

from services.chassis.codec import derived_id
from services.chassis.held import Held
from tests.faults.outbox_world import Bell, Record, World


def check(world: World) -> None:
    """Raise AssertionError unless nothing was lost, doubled, invented or put out of order."""
    assert not world.lag(), "something was not handled"
    _check_commits(world)
    contents: dict[str, bytes] = {}
    for entry in world.published:
        known = contents.setdefault(entry.id, entry.value)
        assert known == entry.value, "one id with two contents: a reader would keep whichever came first"
    owed: set[str] = set()
    for _, held, _ in world.documents.values():
        owed |= _check_document(world, held)
    assert contents.keys() == owed, "published without a write, or written and never published"


def _check_commits(world: World) -> None:
    highest = dict.fromkeys(world.logs, 0)
    for place, offset in world.commits:
        assert offset >= highest[place], "a committed offset fell"
        highest[place] = offset


def _check_document(world: World, held: Held) -> set[str]:
    bell = held.state
    assert isinstance(bell, Bell)
    assert max(Counter(bell.applied).values(), default=0) <= 1, "an event was applied twice"
    switches = _keys(world.logs["model.a.v1", 0])
    missing = {event for event, key in switches.items() if key == held.key} - set(bell.applied)
    assert not missing, "an event that always changes its document was lost"
    expected = [derived_id("model", event, at) for event in bell.applied for at in range(1 if event in switches else 2)]
    chimes = {derived_id("model", event, "effect", 0) for event in bell.applied if event in switches}
    assert chimes <= set(world.chimes), "an effect was lost"
    first_seen = list(dict.fromkeys(entry.id for entry in world.published if entry.key == held.key))
    assert first_seen == expected, "events of one document were lost, or went out in another order than written"
    return set(expected)


def _keys(log: list[Record]) -> dict[str, str]:
    """Keys of events by event id."""
    return {event["id"]: event["subject"] for event in (orjson.loads(record.value) for record in log)}
