"""A whole simulation on one stack: topics, services, payers, actors, and the days that pass."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from deploy.local import payers
from deploy.local.fleet import service_parts
from deploy.local.payers.simulator import HIDDEN
from deploy.local.population import build, write_hidden
from deploy.local.simulation.driver import Driver
from deploy.local.simulation.plan import PARTNERS, Plan, prepare
from deploy.local.simulation.quiet import Doors, QuietTest
from deploy.local.simulation.subscriptions import CLOCK, subscriptions
from deploy.local.stack import Stack
from services.chassis.topics import apply_topics

Progress = Callable[[int], Awaitable[None]]


class Simulation:
    """The parts of a simulation on a stack: made before the stack is entered, ended by the stack's end."""

    def __init__(self, stack: Stack, plan: Plan) -> None:
        """Write what the parts must know into the stack's folder, the population's hidden truth too: what no population
        can be made of is told at once. Raises PolicyError for an unusable policy."""
        self.stack = stack
        self.plan = plan
        models = payers.load(Path(plan.payers_dir))
        stack.extend_env(prepare(stack.state, plan, tuple(model.published for model in models)))
        population = build(plan.seed, plan.encounters, models)
        write_hidden(population, stack.state / HIDDEN)
        self.left_out = sum(encounter.day > plan.days for encounter in population.encounters)
        """Encounters that no partner publishes, since the last day comes before theirs."""

    def start(self) -> None:
        """Bring up topics, services, payers and actors; raises StackError naming the log of what does not come up."""
        asyncio.run(apply_topics(self.stack.bootstrap, self.stack.prefix, self.stack.partitions, PARTNERS, local=True))
        self.stack.run(
            *service_parts(self.stack),
            replace(self.stack.python("payers", "deploy.local.payers"), ready=None),
            replace(self.stack.python("actors", "deploy.local.actors"), ready=None),
        )

    def run(self, progress: Progress) -> None:
        """Let the days pass; raises StackError or TimeoutError when a part or a day does not come to an end."""
        asyncio.run(self._run(progress))

    async def _run(self, progress: Progress) -> None:
        stack = self.stack
        topics = subscriptions(stack.prefix)
        partitions = {topic: stack.partitions for names in topics.values() for topic in names}
        quiet = QuietTest(stack.bootstrap, topics, partitions, Doors(stack.state / "doors"))
        await quiet.start()
        try:
            driver = Driver(stack.bootstrap, stack.prefix + CLOCK, stack.partitions, quiet)
            await driver.run(self.plan.days, progress, stack.check)
        finally:
            await quiet.stop()
