"""`overturn topics` and `overturn deadletters` as an engineer on call types them."""

import asyncio
import json
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from typer.testing import CliRunner, Result

from services.chassis.broker import Broker
from services.chassis.crypto import Cipher, create_key_file, load_keys
from services.chassis.deadletters import Letters
from services.chassis.records import Batch
from services.chassis.verdicts import Reject
from services.cli import deadletters, topics

pytestmark = pytest.mark.stack


class Poison:
    """A record that intake could not read."""

    def __init__(self, offset: int) -> None:
        self.offset, self.timestamp, self.key, self.headers = offset, 1_767_571_200_000, b"k", ()
        self.value = b"Joan Smith, not JSON"


@pytest.fixture
def run(broker: str, mongodb: str, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Run":
    create_key_file(tmp_path / "keys.json")
    names = {"KAFKA_BOOTSTRAP_SERVERS": broker, "MONGODB_URL": mongodb, "OVERTURN_PREFIX": prefix}
    for name, value in {**names, "OVERTURN_KEYS": str(tmp_path / "keys.json"), "OVERTURN_STATE": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    return Run()


class Run:
    def topics(self, *arguments: str) -> Result:
        return CliRunner().invoke(topics.app, arguments)

    def letters(self, *arguments: str) -> Result:
        return CliRunner().invoke(deadletters.app, arguments)


def test_topics_are_made_once_and_differences_named(run: Run) -> None:
    assert run.topics("diff", "--partner", "acme").exit_code == 1
    assert "topics created" in run.topics("apply", "--partner", "acme", "--local").output
    assert run.topics("apply", "--partner", "acme", "--local").output == "0 topics created\n"
    assert run.topics("diff", "--partner", "acme", "--local").exit_code == 0
    differs = run.topics("diff", "--partner", "acme", "--partner", "zeta")
    assert differs.exit_code == 1
    assert "partner.zeta.encounters.v1: missing" in differs.output
    assert "retention.ms is -1" in differs.output


async def test_letters_are_listed_shown_replayed_and_closed(run: Run, broker: str, prefix: str, tmp_path: Path) -> None:
    await asyncio.to_thread(run.topics, "apply", "--partner", "acme", "--local")
    await bury(broker, prefix, Cipher(load_keys(tmp_path / "keys.json")))
    listed = await asyncio.to_thread(run.letters, "list", "intake", "--json")
    letters = [json.loads(line) for line in listed.output.splitlines()]
    assert [(letter["code"], letter["offset"]) for letter in letters] == [("undecodable", 3), ("undecodable", 4)]
    assert "Joan" not in listed.output
    first, second = (letter["id"] for letter in letters)
    shown = await asyncio.to_thread(run.letters, "show", "intake", first[:8])
    assert json.loads(shown.output)["place"] == "value" and "Joan" not in shown.output
    opened = await asyncio.to_thread(run.letters, "show", "intake", first, "--payload")
    assert json.loads(opened.output)["value"] == "Joan Smith, not JSON"
    replayed = await asyncio.to_thread(run.letters, "replay", "intake", first)
    assert "1 of 1 put back" in replayed.output
    assert "1 closed" in (await asyncio.to_thread(run.letters, "discard", "intake", second)).output
    assert "No dead letters" in (await asyncio.to_thread(run.letters, "list")).output
    record = await last(broker, TopicPartition(f"{prefix}intake.replay.v1", 1))
    assert (record.value, record.key, record.timestamp) == (b"Joan Smith, not JSON", b"k", 1_767_571_200_000)
    assert dict(record.headers)["overturn_topic"] == b"partner.acme.encounters.v1"


async def bury(broker: str, prefix: str, cipher: Cipher) -> None:
    """Two letters, written twice as a crash would."""
    sender = Broker(broker, "test", prefix)
    await sender.start()
    batch = Batch("partner.acme.encounters.v1", 1, [Poison(3), Poison(4)], 5)
    for _ in range(2):
        letters = [(record, Reject("undecodable", "value")) for record in batch.records]
        await Letters("intake", sender, cipher, prefix, 4).write(batch, letters)
    await sender.stop()


async def last(broker: str, place: TopicPartition) -> "AIOKafkaConsumer":
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, group_id=None)
    await consumer.start()
    consumer.assign([place])
    await consumer.seek_to_beginning()
    record = await consumer.getone()
    await consumer.stop()
    return record


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list", "nobody"), "no service is named nobody"),
        (("replay", "intake"), "name letters by id"),
        (("discard", "intake", "beef"), "no such open letter"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(run: Run, arguments: tuple[str, ...], words: str) -> None:
    run.topics("apply", "--local")
    result = run.letters(*arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_without_surroundings_a_command_says_what_to_set(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS")
    result = run.letters("list")
    assert result.exit_code == 78
    assert "KAFKA_BOOTSTRAP_SERVERS is not set" in result.output
    assert "overturn up" in result.output
