"""A service on the chassis with a real broker and database: what goes in comes out once, or is parked with a reason."""

import json

import pytest

from services.chassis.config import from_env
from services.chassis.crypto import Cipher, load_keys
from services.chassis.letter_desk import Desk
from tests.integration.chassis_kit import DAY_ONE, TOPICS, Kit, until

pytestmark = pytest.mark.stack


def desk(kit: Kit) -> Desk:
    config = from_env("cli", kit.env())
    return Desk(config, Cipher(load_keys(config.keys)))


async def test_good_events_pass_beside_poison(kit: Kit) -> None:
    kit.spawn()
    await kit.deposit("ann", 1)
    await kit.raw("probe.in.v1", "ann", b"\xff\x00 not JSON, Joan Smith")
    await kit.raw("probe.in.v1", "ann", b'{"type": "test.deposited.v1", "id": "x"}', "test.deposited.v1")
    await kit.deposit("ann", 2, then="crash")
    await kit.deposit("ann", 3, then="reject")
    await kit.publish("probe.in.v1", "test.deposited.v1", "ann", "d-ann-4", {"cents": "Joan Smith"})
    await kit.publish("probe.in.v1", "test.unknown.v1", "ann", "u-1", {"whatever": 1})
    await kit.deposit("ann", 5)
    await kit.deposit("ann", 5)
    await kit.withdraw("ann", 1)
    await kit.settled()
    purse = (await kit.purses())["ann"]
    assert purse["state"]["balance"] == 199
    assert purse["state"]["bookings"] == 3
    letters = await desk(kit).letters("probe")
    assert sorted((letter.code, letter.place) for letter in letters) == sorted(
        [
            ("handler_failed", next(letter.place for letter in letters if letter.code == "handler_failed")),
            ("invalid_data", "data.cents (int_parsing)"),
            ("invalid_envelope", "source (missing)"),
            ("refused", "data.then"),
            ("undecodable", "value"),
        ]
    )
    assert "KeyError at chassis_probe.py" in next(letter.place for letter in letters if letter.code == "handler_failed")
    assert len({event["id"] for event in await kit.events()}) == 3
    _no_patient_in(kit.log(), str(await kit.read("probe.deadletters.v1")), (await kit.http("/metrics"))[1])


def _no_patient_in(*texts: str) -> None:
    for text in texts:
        assert "Joan" not in text


async def test_a_mended_letter_is_replayed_to_this_service_alone(kit: Kit) -> None:
    kit.spawn()
    await kit.raw("probe.in.v1", "bob", b"{ broken")
    await kit.deposit("bob", 1, then="reject")
    await kit.settled()
    broken, refused = sorted(await desk(kit).letters("probe"), key=lambda letter: letter.offset)
    assert (broken.code, refused.code) == ("undecodable", "refused")
    assert json.loads((await desk(kit).raw(refused)).value or b"")["id"] == "d-bob-1"
    assert await desk(kit).discard([broken]) == 1
    assert await desk(kit).replay([refused]) == 1
    await kit.settled((*TOPICS[:2], "probe.replay.v1"))
    states = [(letter.code, letter.topic, letter.state) for letter in await desk(kit).letters("probe")]
    assert sorted(states) == [
        ("refused", "probe.in.v1", "replayed"),
        ("refused", "probe.replay.v1", "open"),
        ("undecodable", "probe.in.v1", "discarded"),
    ]


async def test_phi_rests_encrypted_and_arrives_whole(kit: Kit) -> None:
    kit.spawn()
    cipher = Cipher(load_keys(kit.folder / "keys.json"))
    phi = kit.encrypted(cipher, "d-cy-1", {"name": "Joan Smith"})
    await kit.deposit("cy", 1, phi=phi)
    await kit.settled()
    purse = (await kit.purses())["cy"]
    event = (await kit.events())[0]
    assert b"Joan" not in json.dumps(event).encode()
    assert kit.decrypted(cipher, event["id"], event["phi"]) == {"name": "Joan Smith"}
    assert b"Joan" not in bytes(purse["phi"])
    assert "phi" not in purse["state"]
    await kit.withdraw("cy", 1)
    await kit.settled()
    assert (await kit.purses())["cy"]["phi"] == purse["phi"], "unchanged PHI is not encrypted anew"


async def test_a_timer_rings_once_at_the_first_tick_after_it(kit: Kit) -> None:
    kit.spawn()
    await kit.deposit("dan", 1, then="remind")
    await kit.settled()
    for number, day in enumerate((5, 6, 6, 7)):
        await kit.tick(number, DAY_ONE.replace(day=day))
        await kit.settled((*TOPICS[:2], "clock.v1", "probe.timers.v1"))
        reminders = (await kit.purses())["dan"]["state"]["reminders"]
        assert reminders == (0, 1, 1, 1)[number]
    assert "due_at" not in (await kit.purses())["dan"]


async def test_a_shut_door_holds_no_commit_and_is_tried_at_ticks(kit: Kit) -> None:
    doors = kit.folder / "doors"
    doors.mkdir()
    (doors / "shut").touch()
    worker = kit.spawn()
    await kit.deposit("eve", 1, then="write")
    await kit.deposit("eve", 2)
    await kit.settled()
    assert (await kit.purses())["eve"]["state"]["bookings"] == 2
    worker.terminate()
    assert worker.wait(5) == 0
    kit.spawn()
    await kit.tick(1, DAY_ONE)
    await kit.settled((*TOPICS[:2], "clock.v1", "probe.timers.v1"))
    assert not list(doors.glob("*.txt"))
    (doors / "shut").unlink()
    await kit.tick(2, DAY_ONE)
    await kit.settled((*TOPICS[:2], "clock.v1", "probe.timers.v1"))
    assert [paper.read_text() for paper in doors.glob("*.txt")] == ["100\n"]
    purse = (await kit.purses())["eve"]
    assert not [entry for entry in purse["outbox"] if entry.get("stuck")]
    assert "due_at" not in purse


async def test_the_dead_letter_limit_stops_the_worker_until_a_person_resumes_it(kit: Kit) -> None:
    worker = kit.spawn()
    for number in range(60):
        await kit.deposit("fay", number, then="reject")
    await kit.producer.flush()
    assert worker.wait(30) == 70
    kit.spawn()

    async def explained() -> bool:
        try:
            status, text = await kit.http("/readyz")
        except OSError:
            return False
        return status == 503 and "dead letter limit" in text

    await until(explained, what="un-ready with a reason")
    assert sum((await kit.committed()).values()) == 0, "a stopped worker acknowledges nothing"
    assert await desk(kit).resume("probe") == 1
    await kit.deposit("fay", 100)
    await until(lambda: _ended_or_ready(kit))


async def _ended_or_ready(kit: Kit) -> bool:
    try:
        return (await kit.http("/readyz"))[0] == 200
    except OSError:
        return kit.workers[-1].poll() == 70
