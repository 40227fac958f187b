"""From a partner's file to verified coverage on a real broker and database: intake and eligibility as processes."""

import asyncio
import copy
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from pymongo import MongoClient

from deploy.local.stack import Stack
from schemas.events.clock import Tick
from schemas.events.eligibility import CoverageVerified
from schemas.events.encounters import EncounterAccepted, EncounterPhi, EncounterWithdrawn
from schemas.events.partner import EncounterCancelled, EncounterRejected, EncounterSubmitted
from schemas.events.payer_inbound import EligibilityAnswered
from schemas.events.payer_outbound import EligibilityInquiry
from schemas.examples import example
from services.chassis.broker import partition_of
from services.chassis.codec import Codec, Heading, parse
from services.chassis.crypto import Cipher, create_key_file, load_keys
from services.chassis.topics import apply_topics
from services.cli.encounter_files import read_events
from services.cli.encounter_sender import send

PARTITIONS = 4
DOORS_IN = EncounterSubmitted.TOPIC.format(partner="riverside")
TOPICS = (
    EncounterRejected.TOPIC.format(partner="riverside"),
    EncounterAccepted.TOPIC,
    EligibilityInquiry.TOPIC,
    CoverageVerified.TOPIC,
    "intake.deadletters.v1",
)


class Desk:
    """The front of the house: a partner's topic, intake, eligibility, and what comes out."""

    def __init__(self, stack: Stack, prefix: str, folder: Path) -> None:
        self.stack, self.prefix, self.folder = stack, prefix, folder
        create_key_file(folder / "keys.json", 1)
        self.codec = Codec(Cipher(load_keys(folder / "keys.json")))
        self.parts = [f"{service}-{prefix}" for service in ("intake", "eligibility")]

    async def open(self, **env: str) -> None:
        await apply_topics(self.stack.bootstrap, self.prefix, PARTITIONS, ("riverside",), local=True)
        self.producer = AIOKafkaProducer(bootstrap_servers=self.stack.bootstrap)
        await self.producer.start()
        settings = {
            "OVERTURN_PREFIX": self.prefix,
            "OVERTURN_STATE": str(self.folder),
            "OVERTURN_KEYS": str(self.folder / "keys.json"),
            "OVERTURN_PARTITIONS": str(PARTITIONS),
            **env,
        }
        parts = [self.stack.python(name, f"services.{name.split('-')[0]}", env=settings) for name in self.parts]
        await asyncio.to_thread(self.stack.run, *parts)

    async def close(self) -> None:
        await asyncio.to_thread(self.stack.supervisor.stop, self.parts)
        await self.producer.stop()
        with MongoClient[dict[str, Any]](self.stack.mongodb) as mongo:
            for service in ("intake", "eligibility"):
                mongo.drop_database(self.prefix + service)

    def publish(self, *bodies: dict[str, Any]) -> None:
        """As a partner does: a file and the command's own sender."""
        path = self.folder / "events.ndjson"
        path.write_text("\n".join(map(json.dumps, bodies)))
        send(read_events(path), self.stack.bootstrap, self.prefix, "riverside", lambda: None)

    async def raw(self, value: bytes) -> None:
        await self.producer.send_and_wait(self.prefix + DOORS_IN, value, b"x")

    async def answer(self, key: str, data: EligibilityAnswered, time: datetime) -> None:
        value = self.codec.encode(Heading(f"answer-{data.trace}", "overturn/test", key, time), data, None)
        await self.producer.send_and_wait(self.prefix + data.TOPIC, value, key.encode(), partition_of(key, PARTITIONS))

    async def events(self) -> list[dict[str, Any]]:
        """Everything that came out, each event id once."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.stack.bootstrap, group_id=None)
        await consumer.start()
        try:
            places = [TopicPartition(self.prefix + topic, number) for topic in TOPICS for number in range(PARTITIONS)]
            consumer.assign(places)
            found: dict[Any, dict[str, Any]] = {}
            for place, end in (await consumer.end_offsets(places)).items():
                consumer.seek(place, 0)
                while end and await consumer.position(place) < end:
                    for record in (await consumer.getmany(place, timeout_ms=1000)).get(place, []):
                        letter = place.topic.endswith("deadletters.v1")
                        fields = {"id": record.key, "type": "letter"} if letter else parse(record.value)
                        found[fields["id"]] = fields
            return list(found.values())
        finally:
            await consumer.stop()

    async def until(self, wanted: dict[str, int]) -> list[dict[str, Any]]:
        """Wait until exactly so many events of each type came out."""
        end = asyncio.get_running_loop().time() + 60
        while True:
            found = await self.events()
            counts = Counter(fields["type"] for fields in found)
            if counts == wanted:
                return found
            assert asyncio.get_running_loop().time() < end, f"wanted {wanted}, got {dict(counts)}"
            await asyncio.sleep(0.1)


@pytest.fixture
async def desk(stack: Stack, prefix: str, tmp_path: Path) -> AsyncIterator[Desk]:
    found = Desk(stack, prefix, tmp_path)
    yield found
    await found.close()


def encounter(event_id: str, number: str, **data: Any) -> dict[str, Any]:
    body = copy.deepcopy(example(EncounterSubmitted.TYPE))
    body.update(id=event_id, subject=number)
    body["data"].update(encounter_number=number, **data)
    body["data"]["patient"]["patient_number"] = f"P-{number}"
    return body


def cancellation(event_id: str, number: str) -> dict[str, Any]:
    body = copy.deepcopy(example(EncounterCancelled.TYPE))
    body.update(id=event_id, subject=number)
    body["data"]["encounter_number"] = number
    return body


MIXED = [
    encounter("e1", "N1"),
    encounter("e1", "N1"),
    encounter("e1", "N1", emergency=True),
    encounter("e2", "N2", lines=[]),
    encounter("e3", "N3"),
    encounter("e4", "N3"),
    cancellation("e5", "N3"),
    {**encounter("e6", "N6"), "source": "/partners/lakeside"},
    {**encounter("e7", "N7"), "type": "overturn.partner.encounter.v7"},
]
COUNTS = {
    EncounterAccepted.TYPE: 2,
    EncounterWithdrawn.TYPE: 1,
    EncounterRejected.TYPE: 5,
    EligibilityInquiry.TYPE: 2,
    "letter": 1,
}


async def test_every_event_is_accepted_or_answered_and_coverage_is_asked(desk: Desk) -> None:
    await desk.open()
    desk.publish(*MIXED)
    await desk.raw(b"\xff\xfenot json")
    await desk.raw(json.dumps(encounter("e8", "N8")).replace('"revision"', '"revision": 9, "revision"', 1).encode())
    found = await desk.until({**COUNTS, EncounterRejected.TYPE: 6})
    told = {
        fields["data"]["event_id"]: fields["data"]["reasons"][0]["code"]
        for fields in found
        if "rejection" in fields["type"]
    }
    assert told == {
        "e1": "id_reused", "e2": "wrong_length", "e4": "revision_not_higher", "e6": "wrong_partner", "e7": "unknown_type",
        "e8": "duplicate_key",
    }  # fmt: skip
    assert "Quillfeather" not in json.dumps([fields for fields in found if fields["type"] != "letter"], default=str)
    accepted = next(fields for fields in found if fields["type"] == EncounterAccepted.TYPE)
    phi = desk.codec.decode(json.dumps(accepted).encode(), EncounterAccepted, 0).phi
    assert isinstance(phi, EncounterPhi) and phi.patient.last_name == "Quillfeather"


async def test_an_answer_and_silence_both_end_in_verified_coverage(desk: Desk) -> None:
    await desk.open()
    desk.publish(encounter("e1", "N1"), encounter("e2", "N2"))
    found = await desk.until({EncounterAccepted.TYPE: 2, EligibilityInquiry.TYPE: 2})
    inquiries = [json.dumps(f).encode() for f in found if f["type"] == EligibilityInquiry.TYPE]
    asked = [desk.codec.decode(value, EligibilityInquiry, 0) for value in inquiries]
    told = EligibilityAnswered(payer_id="MERIDIAN", trace=asked[0].data.trace, active=True, benefit_codes=("1",))
    await desk.answer(asked[0].subject, told, asked[0].time)
    before = {EncounterAccepted.TYPE: 2, EligibilityInquiry.TYPE: 2}
    await desk.until({**before, CoverageVerified.TYPE: 1})
    await tick(desk, asked[0].time)
    found = await desk.until({**before, CoverageVerified.TYPE: 2})
    statuses = [f["data"]["coverages"][0]["status"] for f in found if f["type"] == CoverageVerified.TYPE]
    assert sorted(statuses) == ["active", "payer_unavailable"]


async def tick(desk: Desk, after: datetime) -> None:
    time = after + timedelta(days=4)
    for partition in range(PARTITIONS):
        value = desk.codec.encode(Heading(f"tick-{partition}", "overturn/test", "tick", time), Tick(number=4), None)
        await desk.producer.send_and_wait(desk.prefix + Tick.TOPIC, value, b"tick", partition)


POINTS = ("after_write", "half_published")


async def test_kills_change_nothing_that_comes_out(desk: Desk) -> None:
    await desk.open(OVERTURN_FAILPOINT=",".join(POINTS))
    for body in MIXED:
        desk.publish(body)
    await desk.raw(b"\xff\xfenot json")
    wanted = dict(COUNTS)
    await desk.until(wanted)
    points = {f"{service}-{point}" for service in ("intake", "eligibility") for point in POINTS}
    for number in range(len(points)):  # a life whose batch left nothing new to the next one never met its own point
        if points <= {path.name for path in (desk.folder / "failpoints").iterdir()}:
            break
        desk.publish(encounter(f"late{number}", f"L{number}"))
        wanted[EncounterAccepted.TYPE] += 1
        wanted[EligibilityInquiry.TYPE] += 1
        await desk.until(wanted)
    assert points <= {path.name for path in (desk.folder / "failpoints").iterdir()}
