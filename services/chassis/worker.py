"""One worker: its parts put together, started in order, stopped in order."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from aiokafka.errors import KafkaError
from faust.types import TP
from pymongo.errors import PyMongoError

from services.chassis.app import BatchApp, consumer_of, create_app
from services.chassis.assignment import Assignment
from services.chassis.backlog import Backlog
from services.chassis.broker import Broker, partition_of
from services.chassis.codec import Codec
from services.chassis.config import ConfigError
from services.chassis.database import Database
from services.chassis.deadletters import KafkaOutlet, Letters
from services.chassis.decide import Decider
from services.chassis.documents import Form
from services.chassis.effects import Effects
from services.chassis.engine import Engine
from services.chassis.letter_limit import LetterLimit
from services.chassis.liveness import Liveness, exit_now
from services.chassis.log_ends import ClockView, LogEnds
from services.chassis.outbox import Input
from services.chassis.publisher import Publisher
from services.chassis.reader import Reader
from services.chassis.recent import Recent
from services.chassis.records import Batch
from services.chassis.router import Router
from services.chassis.service import Context, Service
from services.chassis.store import MongoStore, MongoTally
from services.chassis.ticks import Ticks
from services.chassis.together import StoreTogether, Together
from services.chassis.topics import record_time_topics
from services.chassis.trouble import Part, Trouble
from services.chassis.verdicts import Fatal
from services.chassis.web import Web

log = logging.getLogger(__name__)
TRANSIENT = (KafkaError, PyMongoError, OSError)
DRAIN_SECONDS, LEAVE_SECONDS = 3.5, 1.0
LIMIT_LOOK_SECONDS = 2.0
PARTITION_PATIENCE = 4
"""So many times longer may one partition number stand still than the whole worker."""
T = TypeVar("T")


class End(NamedTuple):
    """The end of a batch, to be committed."""

    place: TP
    offset: int
    generation: int


class Worker:
    """A worker of a service."""

    def __init__(self, context: Context, service: Service) -> None:
        self._config = context.config
        self._service = service
        self._cipher = context.cipher
        self._codec = Codec(context.cipher)
        self._broker = Broker(self._config.bootstrap, self._config.member, self._config.prefix)
        self._ends = LogEnds(self._config.bootstrap, self._config.member, self._config.prefix)
        self._clock = ClockView(
            self._config.bootstrap, self._config.member, self._config.prefix, self._config.partitions, self._codec
        )
        self._trouble = Trouble()
        self._web = Web(self._config.metrics_host, self._config.metrics_port, self._unhealthy, self._unready)
        self._stop = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._busy = 0
        self._flowing = False
        self._tasks: list[asyncio.Task[None]] = []
        self._commit_together = Together(self._commit_all)
        self._liveness: Liveness | None = None
        self._limit: LetterLimit | None = None
        self._app: BatchApp | None = None
        self._backlog: Backlog | None = None

    async def run(self) -> None:
        """Start, serve until stop() is called, and stop. Raises ConfigError or Fatal."""
        port = await self._web.start()
        log.info("%s starts, http port %s", self._config.member, port)
        await self._start()
        await self._stop.wait()
        await self._leave()

    def stop(self) -> None:
        """Finish the batch in hand, commit, leave."""
        self._stop.set()

    async def _start(self) -> None:
        config = self._config
        database = await self._patiently(Part.DATABASE, self._connect)
        self._limit = LetterLimit(MongoTally(database, config.worker))
        await self._limit.start()
        if self._limit.stopped and not await self._resumed(self._limit):
            return
        await self._patiently(Part.BROKER, self._broker.start)
        await self._ends.start()
        topics = await self._patiently(Part.BROKER, self._topics)
        router = Router(self._service.routes, topics, record_time_topics())
        await self._check_topics(router)
        engine, assignment = self._compose(router, database)
        self._backlog = Backlog(partial(self._process, engine))
        self._app = create_app(config, router.sources, self._backlog.put)
        self._follow(self._app, assignment)
        consumer_of(self._app).while_busy(self._backlog.busy)
        self._liveness = Liveness(
            self._ends,
            lambda: assignment.acknowledged,
            lambda: engine.finished,
            config.stall_seconds,
            max(PARTITION_PATIENCE * config.stall_seconds, 2 * config.retry_seconds),
            stranded=assignment.stranded,
        )
        self._tasks.append(asyncio.create_task(self._liveness.run(), name="liveness"))
        self._watch(Part.DATABASE, database.ping)
        self._watch(Part.BROKER, partial(self._ends.ends, [(next(iter(router.sources)), 0)]))
        await self._app.start()

    def _watch(self, part: Part, ask: Callable[[], Awaitable[object]]) -> None:
        self._tasks.append(asyncio.create_task(self._trouble.watch(part, ask), name=f"watch {part.value}"))

    async def _resumed(self, limit: LetterLimit) -> bool:
        log.error("the dead letter limit stopped this worker; it reads nothing until `overturn deadletters resume`")
        while not self._stop.is_set():
            try:
                await asyncio.wait_for(self._stop.wait(), LIMIT_LOOK_SECONDS)
            except TimeoutError:
                if await limit.lifted():
                    return True
        return False

    async def _connect(self) -> Database:
        database = Database(self._config.mongodb_url, self._config.database, self._service.documents)
        await database.ensure_indexes()
        return database

    def _compose(self, router: Router, database: Database) -> tuple[Engine, Assignment]:
        config, service = self._config, self._service
        home = partial(partition_of, partitions=config.partitions)
        documents = MongoStore(database, Form(self._cipher), [stored.aggregate for stored in service.documents])
        letters = Letters(service.name, self._broker, self._cipher, config.prefix, config.partitions)
        outlet = KafkaOutlet(self._broker, letters)
        store = Recent(StoreTogether(documents), self._generation, config.recent_documents, router.shared)
        assignment = Assignment(
            generation=self._generation,
            commit=self._commit,
            committed=self._committed,
        )
        assert self._limit is not None
        engine = Engine(
            reader=Reader(router, self._codec),
            decider=Decider(service.name, self._codec, self._cipher, home),
            store=store,
            outlet=outlet,
            ownership=assignment,
            effects=Effects(service.doors, self._cipher),
            ticks=Ticks(service.name, documents, outlet, self._codec),
            limit=self._limit,
            partition_of=home,
            trouble=self._trouble,
            transient=TRANSIENT,
            retry_seconds=config.retry_seconds,
        )
        publisher = Publisher(service.name, self._codec, outlet, home)
        mine = lambda name: assignment.owns(home(name))
        self._sources = [partial(source.run, publisher, self._clock, mine, self._stop) for source in service.sources]
        return engine, assignment

    def _follow(self, app: BatchApp, assignment: Assignment) -> None:
        consumer = consumer_of(app)
        prefix = len(self._config.prefix)

        def positions(committed: Mapping[TP, int]) -> None:
            places = {(tp.topic[prefix:], tp.partition): offset for tp, offset in committed.items()}
            assignment.assigned(places, consumer.term)
            owned: dict[str, list[int]] = {}
            for topic, partition in sorted(places):
                owned.setdefault(topic, []).append(partition)
            log.info("%s owns %s partitions", self._config.member, len(places), extra={"fields": {"owns": owned}})

        consumer.on_positions = positions
        consumer.on_ready = self._flow

    def _flow(self) -> None:
        if self._flowing:
            return
        self._flowing = True
        log.info("%s is ready", self._config.member)
        for source in self._sources:
            self._tasks.append(asyncio.create_task(self._guard(source()), name="source"))

    async def _process(self, engine: Engine, batch: Batch) -> None:
        if self._stop.is_set():
            await asyncio.Event().wait()  # nothing new is begun; the process is about to leave
        self._busy += 1
        self._idle.clear()
        try:
            await self._guard(engine.process(batch))
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    async def _guard(self, work: Awaitable[object]) -> None:
        try:
            await work
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            exit_now("work was cut off, and what follows it would be committed over it")
        except Fatal as error:
            exit_now(str(error))
        except BaseException as error:  # whatever escapes here would be acknowledged by Faust and lost
            log.exception("unexpected %s", type(error).__name__)
            exit_now(f"unexpected {type(error).__name__}")

    async def _leave(self) -> None:
        try:
            await asyncio.wait_for(self._idle.wait(), DRAIN_SECONDS)
            if self._app is not None:
                await asyncio.wait_for(self._app.stop(), LEAVE_SECONDS)
        except TimeoutError:
            log.warning("stopped before all was drained: what is not committed is read again")
        if self._backlog is not None:
            self._backlog.close()
        for task in self._tasks:
            task.cancel()
        log.info("%s stopped", self._config.member)

    def _generation(self) -> int:
        return int(self._app.consumer_generation_id) if self._app is not None else -1

    async def _commit(self, place: Input, offset: int, generation: int) -> bool:
        end = End(self._tp(place), offset, generation)
        return end in await self._commit_together(end)

    async def _commit_all(self, ends: Sequence[End]) -> set[End]:
        assert self._app is not None
        taken: set[End] = set()
        for generation in {end.generation for end in ends}:
            wanted = {end.place: end.offset for end in sorted(ends) if end.generation == generation}
            done = await consumer_of(self._app).commit_ends(wanted, generation)
            taken |= {end for end in ends if end.generation == generation and end.place in done}
        return taken

    async def _committed(self, places: Iterable[Input]) -> Mapping[Input, int]:
        assert self._app is not None
        wanted = {self._tp(place): place for place in places}
        found = await consumer_of(self._app).committed(wanted)
        return {wanted[tp]: offset for tp, offset in found.items()}

    def _tp(self, place: Input) -> TP:
        return TP(self._config.topic(place[0]), place[1])

    async def _topics(self) -> list[str]:
        prefix = self._config.prefix

        found = [name[len(prefix) :] for name in await self._known_topics() if name.startswith(prefix)]
        partners = self._config.partners
        return [
            name for name in found if not partners or not name.startswith("partner.") or name.split(".")[1] in partners
        ]

    async def _known_topics(self) -> set[str]:
        cluster = await self._broker.producer.client.fetch_all_metadata()
        self._counts = {name: len(cluster.partitions_for_topic(name) or ()) for name in cluster.topics()}
        return set(self._counts)

    async def _check_topics(self, router: Router) -> None:
        for topic, source in router.sources.items():
            count = self._counts.get(self._config.topic(topic))
            if count is None:
                raise ConfigError(f"topic {self._config.topic(topic)} is missing: run `overturn topics apply`")
            if source.partner is None and count != self._config.partitions:
                raise ConfigError(
                    f"OVERTURN_PARTITIONS is {self._config.partitions}, topic {self._config.topic(topic)} has {count}: "
                    "all internal topics have one count for life"
                )

    async def _patiently(self, part: Part, attempt: Callable[[], Awaitable[T]]) -> T:
        begun = time.monotonic()
        while True:
            try:
                found = await attempt()
            except TRANSIENT as error:
                if time.monotonic() - begun > self._config.retry_seconds:
                    raise Fatal(
                        f"{part.value} does not answer ({type(error).__name__}): is it up, is the address right?"
                    ) from error
                log.warning("%s does not answer yet (%s)", part.value, type(error).__name__)
                self._trouble.met("start", error, part)
                await asyncio.sleep(0.5)
            else:
                self._trouble.over("start")
                return found

    def _unhealthy(self) -> str | None:
        return self._liveness.wrong if self._liveness is not None else None

    def _unready(self) -> str | None:
        if self._limit is not None and self._limit.stopped:
            return "dead letter limit reached: see `overturn deadletters`"
        if self._stop.is_set():
            return "stopping"
        wrong = self._trouble.wrong or self._unhealthy()
        return wrong if self._flowing else f"starting; {wrong}" if wrong else "starting"
