"""The measured run: clean encounters through every service, all published at once, to posted payments and statements."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer

from deploy.local.bench.alone import Alone
from deploy.local.bench.measure import Batches, Operations, Traffic, batches, cpu_seconds, operations, traffic
from deploy.local.fleet import service_parts
from deploy.local.payers import load
from deploy.local.payers.simulator import HOURS
from deploy.local.population import Encounter, build, write_hidden
from deploy.local.simulation.driver import Driver, tick_time
from deploy.local.simulation.plan import PARTNERS, Plan, prepare
from deploy.local.simulation.quiet import Doors, Look, QuietTest
from deploy.local.simulation.subscriptions import CLOCK, subscriptions
from deploy.local.stack import Stack
from services.chassis.topics import apply_topics
from services.cli.books import Books, Place

POLICIES = Path(__file__).with_name("policies")
PAYERS = "payers"
FIRST_DAY = 61
"""Encounters of days 0 to 59 are published together on this one."""
DAYS = 9
"""From publication to payment and the first statement."""
WARM = 200
"""Encounters that go before, so that processes, broker and database are warm for the services as for the bare loop."""
SPARE = 1.25
"""A population holds oddities besides clean encounters; so many more are drawn."""


@dataclass(slots=True)
class Measured:
    """What the run cost.

    `seconds` leaves out virtual days on which nothing but the tick moved, and `payers_alone`: what was the simulated
    payers' work and nobody else's (alone.py says how that is told).
    """

    claims: int = 0
    seconds: float = 0.0
    payers_alone: float = 0.0
    messages: int = 0
    cpu: dict[str, float] = field(default_factory=dict)
    operations: Operations = field(default_factory=lambda: Operations(0, 0))
    traffic: Traffic = field(default_factory=lambda: Traffic((), ()))
    batch: float = 0.0
    """Records a batch, on average over all services."""


class Bench:
    """One benchmark on a stack: made before the stack is entered."""

    def __init__(self, stack: Stack, claims: int, seed: int) -> None:
        self._stack = stack
        payers = load(POLICIES)
        population = build(seed, round((claims + WARM) * SPARE) + 20, payers)
        clean = [encounter for encounter in population.encounters if encounter.truth.scenario == "clean"]
        if len(clean) < claims + WARM:
            raise ValueError(f"a population of seed {seed} has {len(clean)} clean encounters only; take another seed")
        self._warm, self._encounters = clean[:WARM], clean[WARM : WARM + claims]
        plan = Plan(0, seed, FIRST_DAY + 2 * DAYS, str(POLICIES))
        stack.extend_env(prepare(stack.state, plan, tuple(payer.published for payer in payers)))
        write_hidden(population, stack.state / "hidden")

    def run(self) -> Measured:
        """Start everything, publish, let the days pass; raises StackError or TimeoutError."""
        stack = self._stack
        asyncio.run(apply_topics(stack.bootstrap, stack.prefix, stack.partitions, PARTNERS, local=True))
        payers = replace(stack.python(PAYERS, "deploy.local.payers"), ready=None)
        stack.run(*service_parts(stack), payers)
        measured = asyncio.run(self._measure())
        stack.supervisor.stop([part.name for part in (*service_parts(stack), payers)])
        return measured

    async def _measure(self) -> Measured:
        stack = self._stack
        topics = {group: names for group, names in subscriptions(stack.prefix).items() if not group.endswith("actors")}
        readers = Counter(name for names in topics.values() for name in names if not name.endswith(CLOCK))
        moved = sorted(readers)
        quiet = QuietTest(
            stack.bootstrap,
            topics,
            {name: stack.partitions for names in topics.values() for name in names},
            Doors(stack.state / "doors"),
        )
        await quiet.start()
        try:
            driver = Driver(stack.bootstrap, stack.prefix + CLOCK, stack.partitions, quiet, first=FIRST_DAY)
            await self._publish(self._warm, FIRST_DAY)
            await driver.run(FIRST_DAY + DAYS, pass_by, stack.check)
            before = await quiet.look()
            paid = count_claims(stack)
            measured = Measured()
            await self._season(quiet, driver, before, moved, measured)
        finally:
            await quiet.stop()
        measured.traffic = await traffic(stack.bootstrap, readers, stack.partitions, before.ends)
        measured.claims = count_claims(stack) - paid
        return measured

    def _batches(self) -> Batches:
        return batches(self._stack.ports[part.name] for part in service_parts(self._stack))

    async def _season(
        self, quiet: QuietTest, driver: Driver, before: Look, moved: Sequence[str], measured: Measured
    ) -> None:
        """From publication to rest, and each day after it on which something moved."""
        stack = self._stack
        done, cpu, worked = operations(stack.mongodb), cpu_seconds(stack.supervisor.pids), self._batches()
        alone = Alone(lambda: stack.supervisor.pids, PAYERS, stack.state / HOURS)
        watching = asyncio.create_task(alone.watch())
        begun = await self._publish(self._encounters, FIRST_DAY + DAYS + 1)
        count = _messages(await quiet.wait(300), moved)
        measured.seconds += quiet.rested_at - begun

        async def passed(_: int) -> None:
            nonlocal count
            total = _messages(await quiet.look(), moved)
            if total > count:
                payers = alone.seconds(driver.wrote_at, quiet.rested_at)
                measured.payers_alone += payers
                measured.seconds += quiet.rested_at - driver.wrote_at - payers
            count = total

        try:
            await driver.run(FIRST_DAY + 2 * DAYS, passed, stack.check)
        finally:
            watching.cancel()
        measured.messages = count - _messages(before, moved)
        measured.operations = operations(stack.mongodb).since(done)
        measured.batch = self._batches().since(worked).mean
        measured.cpu = {
            name: round(seconds - cpu.get(name, 0.0), 2) for name, seconds in cpu_seconds(stack.supervisor.pids).items()
        }

    async def _publish(self, encounters: Sequence[Encounter], before: int) -> float:
        """Publish on the day before a day's tick; when the first went out (time.monotonic)."""
        stamp = int(tick_time(before - 1).timestamp() * 1000)
        producer = AIOKafkaProducer(bootstrap_servers=self._stack.bootstrap, acks="all", linger_ms=5)
        topic = f"{self._stack.prefix}partner.{PARTNERS[0]}.encounters.v1"
        events = [(encounter.number.encode(), encoded(encounter)) for encounter in encounters]
        await producer.start()
        try:
            begun = time.monotonic()
            for key, value in events:
                await producer.send(topic, value, key=key, timestamp_ms=stamp)
            await producer.flush()
        finally:
            await producer.stop()
        return begun


async def pass_by(_: int) -> None:
    """A day that nobody measures."""


def _messages(look: Look, topics: Sequence[str]) -> int:
    """Messages that were ever written to these topics."""
    counted = frozenset(topics)
    return sum(end for place, end in look.ends.items() if place.topic in counted)


def encoded(encounter: Encounter) -> bytes:
    """The partner's event as it goes over the wire."""
    return orjson.dumps(encounter.event)


def count_claims(stack: Stack) -> int:
    """Claims that were paid."""
    paid = 0
    with Books(Place.of(stack.env())) as books:
        for found in books.stored("claim_submission", "account"):
            paid += sum(bool(claim["postings"]) for claim in found["state"]["claims"])
    return paid


def summary(measured: Measured, bare: float) -> dict[str, Any]:
    """The figures of `overturn bench`; the simulated payers' processor time is reported apart."""
    services = {name.removesuffix("-0"): seconds for name, seconds in measured.cpu.items()}
    payers = services.pop(PAYERS, 0.0)
    rate = measured.messages / measured.seconds
    return {
        "claims": measured.claims,
        "seconds": round(measured.seconds, 2),
        "claims_per_second": round(measured.claims / measured.seconds, 1),
        "messages": measured.messages,
        "messages_per_second": round(rate, 1),
        "share_of_bare_loop": round(rate / bare, 3),
        "records_per_batch": round(measured.batch, 1),
        "inserts": measured.operations.inserts,
        "updates": measured.operations.updates,
        "deliveries": len(measured.traffic.deliveries),
        "bytes": sum(measured.traffic.messages),
        "cpu_seconds": services,
        "payer_simulator_cpu_seconds": payers,
        "payer_simulator_alone_seconds": round(measured.payers_alone, 2),
    }
