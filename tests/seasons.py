"""A whole billing season on a stack of its own, for tests that look at what became of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
from kafka import KafkaConsumer, TopicPartition

from deploy.local import payers
from deploy.local.fleet import service_names
from deploy.local.population import Population, build
from deploy.local.population.population import PARTNER, Encounter
from deploy.local.simulation.plan import Plan
from deploy.local.simulation.run import Simulation
from deploy.local.stack import INFRASTRUCTURE, Stack
from services.chassis.crypto import load_keys
from services.chassis.identity import Identity
from services.cli.books import Books, Place
from services.cli.collect import collect


class Hooks:
    """What a test does to a season."""

    def before(self, stack: Stack) -> None:
        """All parts are ready; no day has begun."""

    def passed(self, stack: Stack, day: int) -> None:
        """A day has come to rest; runs in the driver's event loop."""


@dataclass(frozen=True)
class Season:
    """A stack at rest after its last day: broker and database run, services have ended."""

    stack: Stack
    plan: Plan
    report: dict[str, Any]

    @cached_property
    def population(self) -> Population:
        """What partners published, and the truth behind it."""
        return build(self.plan.seed, self.plan.encounters, payers.load(Path(self.plan.payers_dir)))

    @property
    def place(self) -> Place:
        """Where its broker, database and keys are."""
        return Place.of(self.stack.env())

    @cached_property
    def facts(self) -> frozenset[str]:
        """What the outcome is made of."""
        with Books(self.place) as books:
            return frozenset(
                f"{service} {fact}"
                for service in service_names()
                for key, state in books.all_documents(service)
                for fact in import_module(f"services.{service}.domain.facts").facts(key, state)
            )

    @property
    def doors(self) -> Path:
        """The folders of payers and patients."""
        return self.stack.state / "doors"

    def account(self, encounter: str) -> str:
        """The account of an encounter number."""
        return Identity(load_keys(self.stack.keys).identity()).account_id(PARTNER, encounter)

    def state(self, service: str, collection: str, key: str) -> dict[str, Any]:
        """A document as it rests; {} where there is none."""
        with Books(self.place) as books:
            found = next(books.stored(service, collection, {"_id": key}), None)
        return found["state"] if found else {}

    def events(self, topic: str) -> list[dict[str, Any]]:
        """The envelopes on a topic, each id once, in the order of their partitions."""
        consumer = KafkaConsumer(bootstrap_servers=self.stack.bootstrap, group_id=None, auto_offset_reset="earliest")
        places = [TopicPartition(self.stack.prefix + topic, number) for number in range(self.stack.partitions)]
        consumer.assign(places)
        ends = consumer.end_offsets(places)
        found: dict[str, dict[str, Any]] = {}
        while any(consumer.position(place) < ends[place] for place in places):
            for batch in consumer.poll(timeout_ms=500).values():
                for record in batch:
                    event = orjson.loads(record.value)
                    found.setdefault(event["id"], event)
        consumer.close()
        return list(found.values())

    def scenario(self, *names: str) -> list[Encounter]:
        """The encounters that were made for one of these stories."""
        return [one for one in self.population.encounters if one.truth.scenario in names]


@contextmanager
def season(plan: Plan, label: str, hooks: Sequence[Hooks] = ()) -> Iterator[Season]:
    """Run a plan to its last day; its services end, its broker and database stay until the block ends."""
    stack = Stack.fresh(label)
    simulation = Simulation(stack, plan)

    async def passed(day: int) -> None:
        for hook in hooks:
            hook.passed(stack, day)

    with stack:
        simulation.start()
        for hook in hooks:
            hook.before(stack)
        simulation.run(passed)
        stack.supervisor.stop([name for name in stack.supervisor.pids if name not in INFRASTRUCTURE])
        yield Season(stack, plan, collect(stack)[0])
