"""The Faust app of a worker: settings that were each measured (DESIGN §4.5), one agent a topic, nothing acknowledged."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import faust
from faust.tables import TableManager

from services.chassis.batch_consumer import BatchConsumer, BatchTransport
from services.chassis.config import Config
from services.chassis.records import Batch

Process = Callable[[Batch], Awaitable[None]]


class NoTables(TableManager):
    """Faust's table manager without the second in which it waits for tables that we do not have."""

    async def on_start(self) -> None:
        """Start what resumes streams after a rebalance."""
        await self._update_channels()
        await self.recovery.start()


class BatchApp(faust.App):
    """A Faust app on the batch transport."""

    def _new_transport(self) -> Any:
        return BatchTransport(self.conf.broker_consumer, self)

    def _create_directories(self) -> None:
        """Nothing: without tables Faust keeps no files."""


def create_app(config: Config, topics: Iterable[str], process: Process) -> BatchApp:
    """The app: hands each batch of the topics (without prefix) to `process`, which never raises."""
    brokers = ";".join(f"kafka://{server.strip()}" for server in config.bootstrap.split(","))
    app = BatchApp(
        config.group,
        broker=brokers,
        store="memory://",
        consumer_group_instance_id=config.member,
        consumer_auto_offset_reset="earliest",
        broker_session_timeout=10.0,
        broker_heartbeat_interval=3.0,
        broker_rebalance_timeout=20.0,
        broker_request_timeout=30.0,
        broker_max_poll_records=500,
        broker_commit_interval=3600.0,
        processing_guarantee="at_least_once",
        stream_wait_empty=False,
        stream_buffer_maxsize=8,
        stream_recovery_delay=0.0,
        table_standby_replicas=1,
        TableManager=NoTables,
        topic_disable_leader=True,
        topic_allow_declare=False,
        topic_partitions=config.partitions,
        value_serializer="raw",
        web_enabled=False,
        web_tables_enabled=False,
        web_router_enabled=False,
    )
    app.boot_strategy.enable_kafka_producer = False
    app.boot_strategy.enable_web = False
    for topic in topics:
        _add_agent(app, config, topic, process)
    app.finalize()
    return app


def _add_agent(app: BatchApp, config: Config, topic: str, process: Process) -> None:
    channel = app.topic(config.topic(topic), value_serializer="raw", acks=False)

    async def consume(stream: Any) -> None:
        async for event in stream.noack().events():
            message = event.message
            records = message.batch
            await process(
                Batch(
                    topic=topic,
                    partition=message.partition,
                    records=records,
                    end=message.offset + 1,
                    generation=message.generation_id,
                    term=message.term,
                )
            )

    app.agent(channel, name=f"{config.service}.{topic}")(consume)


def consumer_of(app: BatchApp) -> BatchConsumer:
    """The app's batch consumer."""
    consumer = app.consumer
    assert isinstance(consumer, BatchConsumer)
    return consumer
