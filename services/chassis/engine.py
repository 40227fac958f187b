"""What happens to a batch: read, load, publish what is owed, decide, write, publish, do effects, commit (DESIGN §4)."""

import asyncio
import logging
import random
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from services.chassis import metrics, outbox
from services.chassis.decide import Decider
from services.chassis.effects import Effects
from services.chassis.errors import Conflict, OutboxFull, Superseded
from services.chassis.failpoints import armed, failpoint
from services.chassis.held import DocumentKey, Held
from services.chassis.letter_limit import LetterLimit
from services.chassis.observe import labelled
from services.chassis.outbox import Entry, Input
from services.chassis.ports import Outlet, Ownership, Store
from services.chassis.reader import Reader, Reading, Work
from services.chassis.records import Batch, Record
from services.chassis.ticks import Ticks
from services.chassis.trouble import Trouble
from services.chassis.verdicts import Fatal, Reject, Retry

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0


@dataclass(slots=True)
class Run:
    """One attempt at a batch."""

    batch: Batch
    reading: Reading
    held: dict[DocumentKey, Held] = field(default_factory=dict)
    hop: list[Entry] = field(default_factory=list)
    letters: list[tuple[Record, Reject]] = field(default_factory=list)
    sent: list[Awaitable[None]] = field(default_factory=list)
    verdicts: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    @property
    def changed(self) -> list[Held]:
        """Documents to write."""
        return [held for held in self.held.values() if held.changed]


class Engine:
    """Works off batches; one at a time a partition number, whatever the topic."""

    def __init__(
        self,
        *,
        reader: Reader,
        decider: Decider,
        store: Store,
        outlet: Outlet,
        ownership: Ownership,
        effects: Effects,
        ticks: Ticks,
        limit: LetterLimit,
        partition_of: Callable[[str], int],
        trouble: Trouble,
        transient: tuple[type[Exception], ...] = (),
        retry_seconds: float = 60.0,
    ) -> None:
        self._reader = reader
        self._decider = decider
        self._store = store
        self._outlet = outlet
        self._ownership = ownership
        self._effects = effects
        self._ticks = ticks
        self._limit = limit
        self._partition_of = partition_of
        self._trouble = trouble
        self._transient: tuple[type[Exception], ...] = (Retry, *transient)
        self._retry_seconds = retry_seconds
        self._writer = secrets.randbits(63)
        """This process among all that ever were of its name."""
        self._locks: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.finished = time.monotonic()
        """When a batch was last finished (monotonic seconds)."""

    async def process(self, batch: Batch) -> bool:
        """Work off a batch to its commit; False if the group moved on and somebody will read it again.

        Raises Fatal when nothing durable can be done: the process must end, nothing is acknowledged.
        """
        async with self._locks[batch.partition]:
            done = await self._persist(batch)
        self._trouble.over(_line(batch))
        self.finished = time.monotonic()
        metrics.PROGRESS.set(time.time())
        return done

    async def _persist(self, batch: Batch) -> bool:
        begun, pause = time.monotonic(), FIRST_PAUSE
        while True:
            if not self._ownership.current(batch):
                metrics.SUPERSEDED.inc()
                return False
            try:
                return await self._attempt(batch.after(self._ownership.acknowledged.get(batch.input, 0)))
            except Conflict:
                metrics.CONFLICTS.inc()
                await asyncio.sleep(random.uniform(0, 0.01))  # two workers in step would collide again
            except Superseded:
                metrics.SUPERSEDED.inc()
                return False
            except OutboxFull:
                first, second = batch.halves()
                return await self._persist(first) and await self._persist(second)
            except self._transient as error:
                metrics.RETRIES.labels(type(error).__name__).inc()
                self._trouble.met(_line(batch), error)
                log.warning("batch is tried again: %s", type(error).__name__)
                if time.monotonic() - begun > self._retry_seconds:
                    raise Fatal(f"{type(error).__name__} for {self._retry_seconds:.0f} s") from error
                await asyncio.sleep(pause)
                self.finished = time.monotonic()  # not stalled: it says itself what is away, and for how long
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _attempt(self, batch: Batch) -> bool:
        with stage("read"):
            run = Run(batch, self._reader.read(batch))
        run.letters.extend(run.reading.letters)
        if run.reading.tick is not None:
            await self._ticks.turn(batch.partition, run.reading.tick)
        if run.reading.work:
            await self._ponder(run)
        if run.letters:
            await self._bury(run)  # before the write, which remembers refused events as seen
        if run.reading.work:
            await self._settle(run)
        return await self._commit(run)

    async def _ponder(self, run: Run) -> None:
        with stage("load"):
            await self._load(run)
        failpoint("after_load")
        with stage("decide"):
            self._decide(run)
            await self._effects.retry_stuck(run.reading.work, run.held)

    async def _settle(self, run: Run) -> None:
        changed = run.changed
        for held in changed:
            held.generation, held.writer = run.batch.generation, self._writer
        if changed:
            with stage("write"):
                await self._store.write(changed)
            failpoint("after_write")
        with stage("publish"):
            await self._publish(run, changed)
        with stage("effects"):
            await self._effects.do(run.held.values(), self._store)

    async def _load(self, run: Run) -> None:
        wanted = {(work.document, work.key): work for work in run.reading.work if work.document is not None}
        found = await self._store.load(wanted)
        await self._beware(run.batch, [held for held, _ in found.values()])
        acknowledged = await self._acknowledged(run.batch, [stored for _, stored in found.values()])
        for key, work in wanted.items():
            if key in found:
                held, stored = found[key]
                held.owe(stored, acknowledged)
            else:
                assert work.document is not None
                held = Held(work.document, work.key, partition=self._home(work, run.batch))
            run.held[key] = held
        owed = [entry for held in run.held.values() if held.live for entry in outbox.owed_events(held.live)]
        if owed:
            metrics.REPUBLISHED.inc(len(owed))
            run.sent.append(await self._outlet.send(owed))

    async def _beware(self, batch: Batch, loaded: Sequence[Held]) -> None:
        """Raise Superseded if a rival has written what we loaded and the broker does not confirm that we rule.

        It may have found an event of this batch to change nothing, and committed it; on the later state that we loaded
        it would change something, whose outbox entry everybody takes for dead. A rival is of a newer generation, or
        another process of ours: a static member is replaced without a new one.
        """
        ours = (batch.generation, self._writer)
        rivals = any(held.generation >= batch.generation and (held.generation, held.writer) != ours for held in loaded)
        if rivals and not await self._ownership.confirm(batch):
            raise Superseded

    async def _acknowledged(self, batch: Batch, outboxes: Sequence[Sequence[Entry]]) -> Mapping[Input, int]:
        own = self._ownership.acknowledged
        foreign = {entry.cause for entries in outboxes for entry in entries if entry.cause not in own}
        return {**await self._ownership.foreign(foreign), **own} if foreign else own

    def _home(self, work: Work, batch: Batch) -> int:
        return batch.partition if work.partitioned else self._partition_of(work.key)

    def _decide(self, run: Run) -> None:
        origin = run.batch.input
        for work in run.reading.work:
            if work.handler is None:
                continue
            try:
                verdict = self._apply(work, run, origin)
            except Reject as reject:
                run.letters.append((work.record, reject))
                verdict = "rejected"
            run.verdicts[work.event.data.TYPE or "received", verdict] += 1

    def _apply(self, work: Work, run: Run, origin: Input) -> str:
        if work.document is None:
            run.hop.extend(self._decider.hop(work, origin))
            return "handled"
        try:
            return self._decider.apply(work, run.held[work.document, work.key], origin)
        except OutboxFull:
            if len(run.batch.records) > 1:
                raise
            raise Reject("outbox_full") from None

    async def _publish(self, run: Run, changed: Sequence[Held]) -> None:
        own = [entry for held in changed for entry in outbox.owed_events(held.added)] + run.hop
        if own and armed("half_published"):
            half = (len(own) + 1) // 2
            await (await self._outlet.send(own[:half]))
            failpoint("half_published")
            own = own[half:]
        if own:
            run.sent.append(await self._outlet.send(own))
        for sent in run.sent:
            await sent
        if run.sent:
            failpoint("after_publish")

    async def _bury(self, run: Run) -> None:
        with stage("letters"):
            await self._outlet.letters(run.batch, run.letters)
        for _, reject in run.letters:
            metrics.DEAD_LETTERS.labels(reject.code).inc()

    async def _commit(self, run: Run) -> bool:
        busy = bool(run.reading.work or run.letters or run.reading.tick)
        await self._limit.note(run.batch, {record.offset for record, _ in run.letters})
        if busy:
            failpoint("before_commit")
        with stage("commit"):
            done = await self._ownership.commit(run.batch)
        if busy:
            failpoint("after_commit")
        self._count(run)
        return done

    def _count(self, run: Run) -> None:
        labelled(metrics.BATCH_RECORDS, run.batch.topic).observe(len(run.batch.records))
        for (type_, verdict), number in run.verdicts.items():
            labelled(metrics.EVENTS, type_, verdict).inc(number)
        if run.reading.skipped:
            labelled(metrics.SKIPPED, run.batch.topic).inc(run.reading.skipped)


def _line(batch: Batch) -> str:
    return f"partition {batch.partition}"


def stage(name: str) -> AbstractContextManager[object]:
    """Observes the seconds of a stage."""
    timer: AbstractContextManager[object] = labelled(metrics.STAGE_SECONDS, name).time()
    return timer
