"""What every broker and every database that we run on must do; the same tests over each that is at hand."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import KafkaError, MessageSizeTooLargeError
from pymongo import MongoClient, WriteConcern
from pymongo.read_concern import ReadConcern

from deploy.local.stack import Stack
from tests.containers import docker_answers, kafka_container, mongo_container

pytestmark = pytest.mark.stack
LONG_AGO, FAR_AHEAD = 86_400_000, 4_102_444_800_000  # 1970-01-02 and 2100-01-01, in milliseconds


@dataclass(frozen=True)
class Parts:
    """A broker and a database."""

    bootstrap: str
    mongodb: str


@pytest.fixture(scope="module", params=["embedded", "docker"])
def parts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    if request.param == "docker":
        if not docker_answers():
            pytest.skip("no Docker daemon answers on this machine")
        broker, bootstrap = kafka_container()
        database, url = mongo_container()
        yield Parts(bootstrap, url)
        broker.stop()
        database.stop()
        return
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URL"):
            patch.delenv(variable, raising=False)
        patch.setenv("OVERTURN_STATE", str(tmp_path_factory.mktemp("contract")))
        with Stack.fresh("contract") as stack:
            yield Parts(stack.bootstrap, stack.mongodb)


@pytest.fixture
def topic(parts: Parts, request: pytest.FixtureRequest) -> str:
    name = Path(request.node.name).name.split("[")[0]
    admin = KafkaAdminClient(bootstrap_servers=parts.bootstrap)
    admin.create_topics([NewTopic(name, 2, 1, topic_configs={"max.message.bytes": "2097152"})])
    admin.close()
    return name


def test_topics_are_not_made_by_accident(parts: Parts) -> None:
    producer = KafkaProducer(bootstrap_servers=parts.bootstrap, max_block_ms=1_500)
    with pytest.raises(KafkaError):
        producer.send("nobody-declared-this", b"x").get(2)
    producer.close()
    admin = KafkaAdminClient(bootstrap_servers=parts.bootstrap)
    assert "nobody-declared-this" not in admin.list_topics()
    admin.close()


def test_record_times_may_lie_far_from_the_wall_clock(parts: Parts, topic: str) -> None:
    producer = KafkaProducer(bootstrap_servers=parts.bootstrap, acks="all")
    for moment in (LONG_AGO, FAR_AHEAD):
        producer.send(topic, b"x", partition=0, timestamp_ms=moment).get(10)
    producer.close()
    consumer = KafkaConsumer(bootstrap_servers=parts.bootstrap, auto_offset_reset="earliest")
    consumer.assign([TopicPartition(topic, 0)])
    assert [next(consumer).timestamp for _ in range(2)] == [LONG_AGO, FAR_AHEAD]
    consumer.close()


def test_a_record_over_the_topic_s_limit_is_refused_and_one_below_is_taken(parts: Parts, topic: str) -> None:
    for size, expected in ((3_000_000, pytest.raises(MessageSizeTooLargeError)), (2_000_000, nullcontext())):
        # a producer that met this error fails whatever it sends afterwards
        producer = KafkaProducer(bootstrap_servers=parts.bootstrap, max_request_size=8_000_000)
        with expected:
            producer.send(topic, b"x" * size).get(10)
        producer.close()


def test_a_group_goes_on_where_it_committed(parts: Parts, topic: str) -> None:
    producer = KafkaProducer(bootstrap_servers=parts.bootstrap)
    for value in (b"one", b"two"):
        producer.send(topic, value, partition=0).get(10)
    producer.close()
    for value in (b"one", b"two"):
        consumer = KafkaConsumer(
            topic,
            bootstrap_servers=parts.bootstrap,
            group_id=f"{topic}-group",
            group_instance_id="worker-0",
            session_timeout_ms=10_000,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            max_poll_records=1,
        )
        assert next(consumer).value == value
        consumer.commit()
        consumer.close()


def test_the_database_is_a_replica_set_that_takes_journaled_majority_writes(parts: Parts) -> None:
    client: MongoClient[dict[str, int]] = MongoClient(parts.mongodb, retryWrites=False)
    things = client.contract.get_collection(
        "things", write_concern=WriteConcern("majority", j=True), read_concern=ReadConcern("majority")
    )
    things.insert_one({"n": 1, "version": 1})
    assert things.replace_one({"n": 1, "version": 0}, {"n": 1, "version": 2}).matched_count == 0
    assert things.replace_one({"n": 1, "version": 1}, {"n": 1, "version": 2}).matched_count == 1
    assert [thing["version"] for thing in things.find({"n": 1})] == [2]
    client.close()
