"""Faust's Kafka consumer, taught to deliver one message per partition batch and to commit only what the engine says."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError
from aiokafka.structs import OffsetAndMetadata
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ConsumerMessage
from mode.utils.futures import maybe_async

from services.chassis.eviction import ending_when_evicted
from services.chassis.fetch_session import in_sessions

FETCH_WAIT_MS = 500
BRIEF_WAIT_MS = 50
"""Of a fetch that leaves out partitions whose records still wait here: they cannot be fetched before it returns."""
FETCH_BYTES = 4_194_304
BUSY_BYTES = 262_144
"""What a fetch waits for, BRIEF_WAIT_MS long, while the worker has enough to do."""
LOOK_SECONDS = 5.0
"""The fetcher is told of all that concerns it; so often it looks all the same."""
NOTHING_TO_ASK: Any = ((), {}, LOOK_SECONDS, False, ())
"""What the fetcher does while a fetch is under way at every broker: it waits."""


class BatchMessage(ConsumerMessage):
    """A message that carries all records of a fetch from one partition; its offset is the last one's."""

    batch: list[Any]
    term: int


def idle() -> bool:
    """A worker that nobody has told of its work is not busy."""
    return False


class BatchThread(driver.AIOKafkaConsumerThread):
    """The thread that owns the aiokafka consumer."""

    busy: Callable[[], bool] = staticmethod(idle)
    """Whether the worker has enough to do, so that records may gather at the broker."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        consumer._max_partition_fetch_bytes = FETCH_BYTES
        return consumer

    async def on_start(self) -> None:
        """Start the consumer; from now on a fetch waits long only where it asks for every partition."""
        await super().on_start()
        consumer = self._ensure_consumer()
        consumer._coordinator._send_req = ending_when_evicted(consumer._coordinator._send_req)
        fetcher = consumer._fetcher
        fetcher._client.send = in_sessions(fetcher._client.send)
        fetcher._fetcher_timeout = LOOK_SECONDS
        actions = fetcher._get_actions_per_node
        nodes = consumer._client.cluster.brokers

        def with_patience(assignment: Any) -> Any:
            if fetcher._in_flight.issuperset(node.nodeId for node in nodes()):
                return NOTHING_TO_ASK
            busy = self.busy()
            fetcher._fetch_min_bytes = BUSY_BYTES if busy else 1
            fetcher._fetch_max_wait_ms = BRIEF_WAIT_MS if busy or fetcher._records else FETCH_WAIT_MS
            return actions(assignment)

        fetcher._get_actions_per_node = with_patience

    async def _keepalive2(self) -> None:
        """Nothing: mode wakes both loops each second in case that they miss a call from another thread."""

    def _get_tasks(self) -> Iterable[Any]:
        """None: the same precaution in the thread itself."""
        return ()

    async def call_thread(self, fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What the function answers, called in the thread; without the queue of mode, whose every turn takes four tasks."""

        async def call() -> Any:
            return await maybe_async(fun(*args, **kwargs))

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(call(), self.thread_loop))

    async def commit_ends(self, ends: Mapping[TP, int], generation: int) -> frozenset[TP]:
        """Commit offsets in one generation; those that were taken, none if the group has moved on."""
        consumer = self._ensure_consumer()
        if consumer._coordinator.generation != generation:
            return frozenset()
        ours = consumer.assignment()
        taken = {
            place: offset for place, offset in ends.items() if TopicPartition(place.topic, place.partition) in ours
        }
        wanted = {TopicPartition(at.topic, at.partition): OffsetAndMetadata(end, "") for at, end in taken.items()}
        try:
            if wanted:
                await consumer.commit(wanted)
        except (CommitFailedError, IllegalStateError):
            return frozenset()
        return frozenset(taken)

    async def committed(self, places: Iterable[TP]) -> dict[TP, int]:
        """Committed offsets of the group, of any worker's partitions; 0 where there is none."""
        wanted = {TopicPartition(place.topic, place.partition): place for place in places}
        found = await self._ensure_consumer()._coordinator.fetch_committed_offsets(list(wanted))
        return {place: max(found[tp].offset, 0) if tp in found else 0 for tp, place in wanted.items()}

    async def ends(self, places: Iterable[TP]) -> dict[TP, int]:
        """Ends of partitions, as the broker tells them now."""
        wanted = [TopicPartition(place.topic, place.partition) for place in places]
        found = await self._ensure_consumer().end_offsets(wanted)
        return {TP(tp.topic, tp.partition): end for tp, end in found.items()}


class BatchConsumer(driver.Consumer):
    """The app's consumer. Faust's own committer is idle: there is one committer, the engine."""

    _thread: BatchThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on_positions: Callable[[Mapping[TP, int]], None] | None = None
        """Called when a generation begins, before any of its records, with the committed offsets."""
        self.on_ready: Callable[[], None] | None = None
        """Called when a generation begins to flow, also one without any partition."""
        self._flowing = asyncio.Event()
        self.term = 0
        """How often the positions were told: what was fetched before the last time is read again."""

    def _new_consumer_thread(self) -> BatchThread:
        return BatchThread(self, loop=self.loop, beacon=self.beacon)

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> dict[TP, list[Any]]:
        fetched = await self._thread.getmany(active_partitions, timeout)
        return {TP(tp.topic, tp.partition): [records] for tp, records in fetched.items() if records}

    def _to_message(self, tp: TP, record: list[Any]) -> BatchMessage:
        last = record[-1]
        message = BatchMessage(
            tp.topic,
            tp.partition,
            last.offset,
            last.timestamp / 1000,
            last.timestamp_type,
            None,
            None,
            b"",
            None,
            tp=tp,
            generation_id=self.app.consumer_generation_id,
        )
        message.batch = record
        message.term = self.term
        return message

    async def _drain_messages(self, fetcher: Any) -> None:
        """Hand over what comes, until told to stop.

        A delivery that waits while a rebalance goes on ends after it, in another term: the engine leaves it alone, and
        what was fetched with it is left here: told as of the new term it would pass over what is read again.
        """
        try:
            while not (self.should_stop or fetcher.should_stop):
                async for tp, message in self.getmany(timeout=1.0):
                    term = self.term
                    if message.offset >= (self._read_offset[tp] or 0):
                        self._read_offset[tp] = message.offset
                        await self.callback(message)
                    if self.term != term:
                        break
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise

    async def _wait_next_records(self, timeout: float) -> tuple[Any, Any]:
        if not self.flow_active:
            await self.wait(self.can_resume_flow.wait())
        active = self._get_active_partitions()
        if active:
            return await self._getmany(active, timeout), active
        self._flowing.clear()
        await self.wait_for_stopped(self._flowing.wait(), timeout=1.0)
        return {}, active

    def on_buffer_drop(self, tp: TP) -> None:
        """A stream has room again: fetch at once."""
        super().on_buffer_drop(tp)
        self._flowing.set()

    def resume_partitions(self, tps: Iterable[TP]) -> None:
        """Partitions may be fetched again: fetch at once."""
        super().resume_partitions(tps)
        self._flowing.set()

    def resume_flow(self) -> None:
        """The generation begins to flow."""
        super().resume_flow()
        if not self.assignment():
            self._tell({})  # without partitions Faust seeks nothing
        if self.on_ready is not None:
            self.on_ready()

    async def perform_seek(self) -> None:
        """Begin a generation at its committed offsets, and tell who keeps them."""
        await super().perform_seek()
        self._tell(await self.committed([TP(tp.topic, tp.partition) for tp in self.assignment()]))

    def _tell(self, positions: Mapping[TP, int]) -> None:
        self.term += 1
        if self.on_positions is not None:
            self.on_positions(positions)

    def while_busy(self, busy: Callable[[], bool]) -> None:
        """Let records gather at the broker while `busy` says so."""
        self._thread.busy = busy

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        """Nothing: offsets are committed by commit_ends alone, so that they never go back."""
        return False

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Nothing: liveness.py looks at lag and progress instead."""

    async def commit_ends(self, ends: Mapping[TP, int], generation: int) -> frozenset[TP]:
        """Commit the ends of batches; those that were taken, none if the group has moved on."""
        taken: frozenset[TP] = await self._thread.call_thread(self._thread.commit_ends, dict(ends), generation)
        return taken

    async def committed(self, places: Iterable[TP]) -> dict[TP, int]:
        """Committed offsets of the group."""
        found: dict[TP, int] = await self._thread.call_thread(self._thread.committed, list(places))
        return found

    async def ends(self, places: Iterable[TP]) -> dict[TP, int]:
        """Ends of partitions."""
        found: dict[TP, int] = await self._thread.call_thread(self._thread.ends, list(places))
        return found


class BatchTransport(driver.Transport):
    """Faust's aiokafka transport with the batch consumer."""

    Consumer = BatchConsumer
