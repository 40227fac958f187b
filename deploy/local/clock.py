"""A consumer group of clock.v1 with one member: it commits a tick only when all that the tick caused is durable."""

import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from queue import Empty, SimpleQueue
from typing import Any

import orjson
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from deploy.local.ready import answer_ready

RETRY_SECONDS = 0.5
TOPIC_WITHIN = 120.0
"""Seconds to wait for clock.v1 to exist."""
LISTEN_MILLISECONDS = 250
"""How long one wait at the broker lasts; a tick ends it at once."""
LEAVE_WITHIN = 2.0

Ticks = dict[TopicPartition, list[Any]]
Ends = dict[TopicPartition, int]


class ClockGroup:
    """Reads every partition of clock.v1 by assignment, so that a restart has no session to wait for.

    A thread of its own waits at the broker and commits: between ticks the caller looks into a queue and nothing else.
    """

    def __init__(self, bootstrap: str, topic: str, group: str) -> None:
        self._consumer = KafkaConsumer(
            bootstrap_servers=bootstrap.split(","),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            metadata_max_age_ms=5_000,
            metrics_enabled=False,
        )
        self._topic = topic
        self._ends: dict[TopicPartition, int] = {}
        self._latest: date | None = None
        self._heard: SimpleQueue[Ticks | Exception] = SimpleQueue()
        self._done: SimpleQueue[Ends | None] = SimpleQueue()
        self._answers: SimpleQueue[Exception | None] = SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="clock", daemon=True)

    def start(self) -> None:
        """Wait for the topic and take its partitions; raises TimeoutError where it does not come."""
        deadline = time.monotonic() + TOPIC_WITHIN
        while not (found := self._partitions()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"topic {self._topic} does not exist; run `overturn topics apply`")
            time.sleep(RETRY_SECONDS)
        self._consumer.assign([TopicPartition(self._topic, number) for number in sorted(found)])
        self._thread.start()

    def _partitions(self) -> set[int]:
        try:
            return set(self._consumer.partitions_for_topic(self._topic) or ())
        except KafkaError:
            return set()

    def poll(self, milliseconds: int) -> list[date]:
        """The virtual days that have begun since the last call, oldest first; a tick stands in every partition once.

        Raises KafkaError when the broker could not be read; the next call tells what came later.
        """
        try:
            heard = self._heard.get(timeout=milliseconds / 1000)
        except Empty:
            return []
        if isinstance(heard, Exception):
            raise heard
        days: set[date] = set()
        for partition, batch in heard.items():
            self._ends[partition] = batch[-1].offset + 1
            days |= {day_of_tick(record.value) for record in batch}
        new = sorted(day for day in days if self._latest is None or day > self._latest)
        if new:
            self._latest = new[-1]
        return new

    def commit(self) -> None:
        """Everything read so far has been done; nothing happens where nothing was read. Raises KafkaError."""
        if not self._ends:
            return
        self._done.put(dict(self._ends))
        error = self._answers.get()
        if error is not None:
            raise error
        self._ends.clear()

    def close(self) -> None:
        """Leave."""
        self._stopping.set()
        self._done.put(None)
        if self._thread.is_alive():
            self._thread.join(LEAVE_WITHIN)
        self._consumer.close()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                heard = self._consumer.poll(timeout_ms=LISTEN_MILLISECONDS)
            except Exception as error:  # noqa: BLE001 - the caller must learn of it; it decides whether to go on
                self._heard.put(error)
                self._stopping.wait(RETRY_SECONDS)
                continue
            if heard:
                self._heard.put(heard)
                self._commit()

    def _commit(self) -> None:
        """Wait for what was heard to be done, and commit it; a commit that fails is asked for again."""
        while (ends := self._done.get()) is not None:
            try:
                self._consumer.commit({place: OffsetAndMetadata(end, "", -1) for place, end in ends.items()})
            except Exception as error:  # noqa: BLE001 - the caller waits for an answer, whatever it is
                self._answers.put(error)
            else:
                self._answers.put(None)
                return


def follow(
    clock: ClockGroup, milliseconds: int, act: Callable[[date], None], between: Callable[[], object] = lambda: None
) -> None:
    """Do each virtual day's work as it begins, and `between` at every look, until told to stop (SIGTERM, SIGINT).

    A day whose work the broker interrupts is begun again. Raises TimeoutError where the topic does not come.
    """
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: stopping.append(received))
    clock.start()
    answer_ready()
    waiting: list[date] = []
    while not stopping:
        try:
            waiting += clock.poll(milliseconds)
            between()
            while waiting:
                act(waiting[0])
                waiting.pop(0)
            clock.commit()
        except KafkaError as error:
            print(f"broker: {type(error).__name__}; trying again", file=sys.stderr)
            time.sleep(RETRY_SECONDS)
    clock.close()


def day_of_tick(value: bytes) -> date:
    """The virtual day that a tick begins."""
    moment = datetime.fromisoformat(orjson.loads(value)["time"])
    return moment.astimezone(UTC).date()
