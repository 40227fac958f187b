"""A worker meets documents that another version of its service wrote."""

import asyncio
from typing import Any

import pytest

from tests.integration.chassis_kit import Kit

pytestmark = pytest.mark.stack


async def rests(kit: Kit, key: str, state: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A purse as another version left it."""
    document = {"_id": key, "version": 3, "partition": 0, "outbox": [], "seen": b"", "state": state, **more}
    await kit.mongo[f"{kit.prefix}probe"]["purse"].insert_one(document)
    return document


async def test_a_document_of_the_first_form_is_taken_over_and_written_in_the_present_one(kit: Kit) -> None:
    await rests(kit, "ann", {"sum": 500, "bookings": 4, "timers": {}})
    kit.spawn()
    for number in range(2):
        await kit.deposit("ann", number)
        await kit.settled()
    purse = (await kit.purses())["ann"]
    assert (purse["schema"], purse["version"]) == (2, 5)
    assert purse["state"] == {"balance": 700, "bookings": 6, "reminders": 0, "timers": {}}


async def test_a_worker_that_meets_a_newer_document_ends_and_leaves_it_to_the_newer_program(kit: Kit) -> None:
    newer = await rests(kit, "bob", {"coins": [1, 2], "timers": {}}, schema=3)
    worker = kit.spawn()
    await kit.deposit("bob", 1)
    await kit.producer.flush()
    assert await asyncio.to_thread(worker.wait, 30) == 70
    assert "a stored Purse has schema 3, this program writes 2: a newer program wrote it" in kit.log()
    assert (await kit.purses())["bob"] == newer
    assert await kit.events() == []
    assert sum((await kit.committed()).values()) == 0
