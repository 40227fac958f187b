"""Tripwires: what the chassis counts on in Faust 0.15.3 and in its own settings. They tell when an upgrade changes it.

Each test says what breaks if it fails (DESIGN §4.1, §4.4, §4.5).
"""

import inspect
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiokafka
import faust
import pytest
from aiokafka.consumer.fetcher import Fetcher
from faust.tables import TableManager
from faust.tables.recovery import Recovery
from faust.transport import consumer as faust_consumer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from services.chassis.app import BatchApp, NoTables, create_app
from services.chassis.batch_consumer import NOTHING_TO_ASK, BatchConsumer, BatchMessage, BatchThread
from services.chassis.config import Config
from services.chassis.records import Batch


async def ignore(batch: Batch) -> None:
    return


@pytest.fixture
def app(tmp_path: Path) -> BatchApp:
    config = Config("probe", "127.0.0.1:1", "mongodb://nowhere", tmp_path, tmp_path / "keys", prefix="p-", worker=2)
    return create_app(config, ("in.v1", "more.v1"), ignore)


def test_versions_that_were_measured() -> None:
    """The subclass reaches into internals of these: read its notes again before moving on."""
    assert faust.__version__ == "0.15.3"
    assert aiokafka.__version__ == "0.14.0"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("broker_session_timeout", 10.0),
        ("broker_heartbeat_interval", 3.0),
        ("broker_max_poll_records", 500),
        ("consumer_group_instance_id", "probe-2"),
        ("stream_wait_empty", False),
        ("stream_buffer_maxsize", 8),
        ("stream_recovery_delay", 0.0),
        ("table_standby_replicas", 1),
        ("topic_disable_leader", True),
        ("topic_allow_declare", False),
        ("web_enabled", False),
        ("consumer_auto_offset_reset", "earliest"),
    ],
)
def test_settings_that_were_measured(app: BatchApp, setting: str, value: object) -> None:
    assert getattr(app.conf, setting) == value
    assert app.conf.id == "p-probe"


async def test_the_assignor_keeps_a_partition_number_together(app: BatchApp) -> None:
    """With no standby replica Faust assigns round-robin: a key's topics would land on different workers."""
    thread = consumer_thread(app)
    assert thread._create_worker_consumer(app.transport)._group_instance_id == "probe-2"
    assert thread._assignor is app.assignor
    app.conf.table_standby_replicas = 0
    thread._create_worker_consumer(app.transport)
    assert thread._assignor is not app.assignor


async def test_fetches_wait_no_longer_than_the_chassis_wants(app: BatchApp) -> None:
    """Faust asks for 1,500 ms: a partition left out of a fetch would wait so long for its next record."""
    consumer = consumer_thread(app)._create_worker_consumer(app.transport)
    assert consumer._fetch_max_wait_ms == 500


def consumer_thread(app: BatchApp) -> BatchThread:
    consumer = app.consumer
    assert isinstance(consumer, BatchConsumer)
    return consumer._thread


def record(offset: int) -> Any:
    return SimpleNamespace(offset=offset, timestamp=1000, timestamp_type=0)


async def test_a_batch_is_one_message_with_the_offset_of_its_last_record(app: BatchApp) -> None:
    app.consumer_generation_id = 7
    message = app.consumer._to_message(TP("p-in.v1", 1), [record(4), record(9)])
    assert isinstance(message, BatchMessage)
    assert (message.offset, message.partition, message.generation_id) == (9, 1, 7)
    assert [item.offset for item in message.batch] == [4, 9]
    channel = app.topic("p-in.v1", value_serializer="raw", acks=False)
    event = await channel.decode(message, propagate=True)
    assert event.message.batch is message.batch, "the raw serializer must let the batch through"


async def test_fausts_own_committer_commits_nothing(app: BatchApp) -> None:
    """Committing beside it made offsets go backwards (3000 to 1000)."""
    consumer = app.consumer
    consumer._acked[TP("p-in.v1", 0)].append(3)
    assert await consumer.commit() is False
    assert consumer._committed_offset[TP("p-in.v1", 0)] is None


async def test_topics_of_the_chassis_are_never_acknowledged(app: BatchApp) -> None:
    """Faust acknowledges a message whose agent raised, and one of an old generation: both would be lost."""
    assert all(not agent.channel.acks for agent in app.agents.values())
    message = app.consumer._to_message(TP("p-in.v1", 0), [record(0)])
    app.consumer.ack(message)
    assert not app.consumer._acked[TP("p-in.v1", 0)]


async def test_plain_faust_still_acknowledges_what_failed() -> None:
    """If this fails, Faust may have learnt to keep failed messages: see whether noack() could be trusted again."""
    source = inspect.getsource(faust.Stream._py_aiter)
    assert "if event is not None and (do_ack or value is skipped_value)" in source
    assert "finally:" in source


def test_every_generation_begins_with_a_seek_to_committed_offsets() -> None:
    """A batch dropped because the group moved on is read again only because of this seek."""
    resume = inspect.getsource(Recovery._resume_streams)
    assert resume.index("perform_seek") < resume.index("resume_flow")
    assert "self._tables_finalized" in inspect.getsource(TableManager._update_channels)
    assert issubclass(NoTables, TableManager)


def test_the_table_manager_waits_for_nothing_else_than_a_second() -> None:
    """NoTables repeats on_start without its sleep; if on_start grows, NoTables must grow."""
    source = inspect.getsource(TableManager.on_start)
    calls = [line.strip() for line in source.splitlines() if "await" in line]
    assert calls == ["await self.sleep(1.0)", "await self._update_channels()", "await self.recovery.start()"]


PLACE = TP("p-in.v1", 0)


def coming(app: BatchApp, monkeypatch: pytest.MonkeyPatch, *offsets: int) -> list[int]:
    """Batches with these last offsets are fetched, one a round, then the consumer is told to stop; what is delivered."""
    consumer, left, delivered = app.consumer, list(offsets), []

    async def getmany(timeout: float) -> AsyncIterator[tuple[TP, Any]]:
        if left:
            yield PLACE, consumer._to_message(PLACE, [record(left.pop(0))])
        else:
            consumer._stopped.set()

    async def deliver(message: Any) -> None:
        delivered.append(message.offset)

    monkeypatch.setattr(consumer, "getmany", getmany)
    monkeypatch.setattr(consumer, "callback", deliver)
    return delivered


async def test_what_lies_below_the_position_is_not_delivered_and_a_gap_is_none(
    app: BatchApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fetched before the partition was sought back, or a second time; offsets have gaps (transactions, compaction)."""
    app.consumer._read_offset[PLACE] = 5
    delivered = coming(app, monkeypatch, 4, 5, 90, 17, 91)
    await app.consumer._drain_messages(SimpleNamespace(should_stop=False))
    assert delivered == [5, 90, 91]


async def test_a_delivery_that_waits_over_a_rebalance_passes_over_nothing(
    app: BatchApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rebalance seeks back to the committed offset while a message still waits for room in its stream."""
    delivered = coming(app, monkeypatch, 80, 7)
    deliver = app.consumer.callback

    async def waits(message: Any) -> None:
        if message.offset == 80:
            app.consumer._read_offset[PLACE] = 3  # what perform_seek does
        await deliver(message)

    monkeypatch.setattr(app.consumer, "callback", waits)
    await app.consumer._drain_messages(SimpleNamespace(should_stop=False))
    assert delivered == [80, 7]


async def test_what_was_fetched_before_a_rebalance_is_not_delivered_after_it(
    app: BatchApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member may join again within its generation, which Faust does not see: the rest would count as of the new term."""
    consumer, other, delivered = app.consumer, TP("p-in.v1", 1), []
    rounds = [{PLACE: [[record(80)]], other: [[record(290)]]}, {other: [[record(190)]]}]

    async def fetched(timeout: float) -> tuple[Any, Any]:
        if not rounds:
            consumer._stopped.set()
        return (rounds.pop(0) if rounds else {}), {PLACE, other}

    async def rejoins(message: Any) -> None:
        delivered.append((message.partition, message.offset))
        if message.offset == 80:
            consumer._read_offset[other] = 100
            consumer._tell({PLACE: 0, other: 100})

    monkeypatch.setattr(consumer, "_wait_next_records", fetched)
    monkeypatch.setattr(consumer, "highwater", lambda tp: 300)
    monkeypatch.setattr(consumer, "callback", rejoins)
    await consumer._drain_messages(SimpleNamespace(should_stop=False))
    assert delivered == [(0, 80), (1, 190)]


async def test_the_fetcher_takes_five_answers_to_what_it_should_ask(app: BatchApp) -> None:
    """NOTHING_TO_ASK is one of them: requests, resets, seconds to wait, whether metadata is stale, partitions to resume."""
    source = inspect.getsource(Fetcher._get_actions_per_node)
    returned = source[source.rindex("return (") :]
    names = [name.strip() for name in returned.removeprefix("return (").split(")")[0].split(",") if name.strip()]
    assert names == ["fetch_requests", "awaiting_reset", "backoff", "invalid_metadata", "resume_futures"]
    assert len(NOTHING_TO_ASK) == len(names)


def test_names_that_the_subclass_overrides_are_there() -> None:
    for name in ("_getmany", "_to_message", "_wait_next_records", "on_buffer_drop", "perform_seek", "commit"):
        assert callable(getattr(driver.Consumer, name)), name
    assert "await consumer._drain_messages(self)" in inspect.getsource(faust_consumer.Fetcher)
    for name in ("_create_worker_consumer", "call_thread", "_ensure_consumer", "getmany", "_keepalive2", "_get_tasks"):
        assert callable(getattr(driver.AIOKafkaConsumerThread, name)), name
