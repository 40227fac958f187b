"""What must hold when all is quiet, told from the documents and from what went out, without the outbox rule."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

import orjson

from services.chassis.codec import derived_id
from services.chassis.held import Held
from tests.faults.outbox_world import Bell, Record, Switched, World

Told = tuple[str, bool]


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
    logs = [_events(log, held.key) for log in world.logs.values()]
    assert explained(logs[0], logs[1], bell.applied), "no order of the two topics leads to this state"
    switches = {event for log in logs for event, switch in log if switch}
    expected = [derived_id("model", event, at) for event in bell.applied for at in range(1 if event in switches else 2)]
    chimes = {derived_id("model", event, "effect", 0) for event in bell.applied if event in switches}
    assert chimes <= set(world.chimes), "an effect was lost"
    first_seen = list(dict.fromkeys(entry.id for entry in world.published if entry.key == held.key))
    assert first_seen == expected, "events of one document were lost, or went out in another order than written"
    return set(expected)


def explained(first: Sequence[Told], second: Sequence[Told], applied: Sequence[str]) -> bool:
    """Whether handling each event exactly once, each topic in its order, can end with these events applied."""

    @cache
    def leads(at: tuple[int, int], done: int, on: bool) -> bool:
        if at == (len(first), len(second)):
            return done == len(applied)
        for log, here, after in ((first, at[0], (at[0] + 1, at[1])), (second, at[1], (at[0], at[1] + 1))):
            if here == len(log):
                continue
            event, switch = log[here]
            if not switch and not on and leads(after, done, on):
                return True
            changes = switch or on
            if changes and done < len(applied) and applied[done] == event and leads(after, done + 1, on != switch):
                return True
        return False

    return leads((0, 0), 0, True)


def _events(log: list[Record], key: str) -> list[Told]:
    """Of one key, in order: event id, and whether it switches (else it presses)."""
    events = [orjson.loads(record.value) for record in log]
    return [(event["id"], event["type"] == Switched.TYPE) for event in events if event["subject"] == key]
