"""After a season no patient's name, member id or birth date lies in the broker's, the database's or the log files."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import bson
import pytest
from kafka import KafkaConsumer, TopicPartition
from pymongo import MongoClient

from tests.disturbances import TOPIC
from tests.seasons import Season

pytestmark = pytest.mark.stack
BORN_BEFORE = "2020"
"""Later births may be days of service or virtual days too."""


@pytest.fixture(scope="module")
def telling(calm: Season, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of what tells who a patient is, as partners, payers and X12 write it, a line each."""
    found: set[str] = set()
    for encounter in calm.population.encounters:
        for event in (encounter.event, *encounter.revisions):
            found |= set(words(event["data"]))
    for member in calm.population.members:
        found |= set(words(member.model_dump(mode="json")))
    assert len(found) > 100
    path = tmp_path_factory.mktemp("privacy") / "words"
    path.write_text("\n".join(sorted(found)) + "\n")
    return path


def words(value: Any, name: str = "") -> Iterator[str]:
    """Full names, member ids and birth dates anywhere in a value."""
    if isinstance(value, dict):
        if value.get("last_name") and value.get("first_name"):
            yield from names(str(value["first_name"]), str(value["last_name"]))
        for key, inner in value.items():
            yield from words(inner, key)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from words(inner, name)
    elif isinstance(value, str) and value:
        if name in ("member_id", "former_id", "patient_number"):
            yield value
        elif name == "birth_date" and value < BORN_BEFORE:
            yield from (value, value.replace("-", ""))


def names(first: str, last: str) -> Iterator[str]:
    for one, other in ((first, last), (first.upper(), last.upper())):
        yield from (f"{one} {other}", f"{other}*{one}", f"{other}, {one}", f'"last_name":"{other}"')
        yield f'"last_name": "{other}"'


def test_the_search_finds_what_is_there(calm: Season, telling: Path) -> None:
    """The doors, which are the outside, do hold patients' data: so the words are the right ones."""
    sent = b"".join(path.read_bytes() for path in calm.doors.glob("*/to_payer/archive/*.837"))
    assert len(found_in(sent, telling)) > 30


def test_not_in_any_record_of_our_topics(calm: Season, telling: Path) -> None:
    consumer = KafkaConsumer(bootstrap_servers=calm.stack.bootstrap, group_id=None)
    topics = [topic for topic in consumer.topics() if not topic.endswith(TOPIC) and not topic.startswith("__")]
    assert len(topics) > 30
    places = [TopicPartition(topic, p) for topic in topics for p in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(places)
    consumer.seek_to_beginning(*places)
    ends, told = consumer.end_offsets(places), set()
    while any(consumer.position(place) < ends[place] for place in places):
        for place, batch in consumer.poll(timeout_ms=500, max_records=5000).items():
            whole = b"\n".join(part for record in batch for part in parts(record))
            told |= {(place.topic, word) for word in found_in(whole, telling)}
    consumer.close()
    assert told == set()


def parts(record: Any) -> Iterator[bytes]:
    yield from (record.key or b"", record.value or b"")
    for name, value in record.headers:
        yield from (name.encode(), value or b"")


def test_not_in_the_brokers_files(calm: Season, telling: Path) -> None:
    folder = calm.stack.state / "kafka"
    if calm.stack.external_broker:
        pytest.skip("the broker's files are not ours")
    ours = [path for path in files(folder) if TOPIC not in path.parent.name]
    assert [path for path in files(folder) if TOPIC in path.parent.name]
    assert leaks(ours, telling) == {}


def test_not_in_any_document_nor_in_the_journal_of_changes(calm: Season, telling: Path) -> None:
    with MongoClient[dict[str, Any]](calm.stack.mongodb) as client:
        for name in client.list_database_names():
            if name in ("admin", "config") or not name.startswith(("local", calm.stack.prefix)):
                continue
            for collection in client[name].list_collection_names():
                documents = client[name].get_collection(
                    collection,
                    codec_options=bson.codec_options.CodecOptions(document_class=bson.raw_bson.RawBSONDocument),
                )
                whole = b"".join(document.raw for document in documents.find())
                assert found_in(whole, telling) == set(), f"{name}.{collection}"


def test_not_in_the_databases_files(calm: Season, telling: Path) -> None:
    if calm.stack.external_database:
        pytest.skip("the database's files are not ours")
    assert leaks(files(calm.stack.state / "mongod"), telling) == {}


def test_not_in_the_logs(calm: Season, telling: Path) -> None:
    logs = list(files(calm.stack.state / "logs"))
    assert len(logs) >= 10
    assert leaks(logs, telling) == {}


def files(folder: Path) -> Iterator[Path]:
    """Files that hold content; an index holds offsets only, in a large hole."""
    return (
        path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in (".index", ".timeindex")
    )


def leaks(paths: Iterable[Path], telling: Path) -> dict[str, set[bytes]]:
    """Words found, by file."""
    told = {path.name: _grep(telling, str(path)) for path in paths}
    return {name: words for name, words in told.items() if words}


def found_in(content: bytes, telling: Path) -> set[bytes]:
    return _grep(telling, "-", content)


def _grep(telling: Path, where: str, content: bytes | None = None) -> set[bytes]:
    """grep looks for thousands of fixed words at once."""
    argv = ["grep", "--text", "--only-matching", "--no-filename", "--fixed-strings", f"--file={telling}", where]
    done = subprocess.run(argv, input=content, env={**os.environ, "LC_ALL": "C"}, capture_output=True, check=False)
    assert done.returncode < 2, done.stderr
    return set(done.stdout.splitlines())
