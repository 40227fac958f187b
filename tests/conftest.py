"""The broker and the database that tests run on: containers where a Docker daemon answers, else the embedded stack.

KAFKA_BOOTSTRAP_SERVERS and MONGODB_URL replace either. Both live as long as the test session.
"""

import secrets
from collections.abc import Iterator

import pytest
from hypothesis import settings

from deploy.local.simulation.plan import Plan
from deploy.local.stack import Stack
from tests.disturbances import disturbances, policies
from tests.seasons import Season, season

# How long one example takes says more about the machine's other work than about the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A stack without services on a fresh folder; what it runs on may be containers."""
    from tests.containers import docker_answers, kafka_container, mongo_container  # late: slow to import

    with pytest.MonkeyPatch.context() as patch:
        running = []
        if docker_answers():
            for variable, start in (("KAFKA_BOOTSTRAP_SERVERS", kafka_container), ("MONGODB_URL", mongo_container)):
                container, address = start()
                running.append(container)
                patch.setenv(variable, address)
        try:
            with Stack.fresh("test") as fresh:
                yield fresh
        finally:
            for container in running:
                container.stop()


@pytest.fixture(scope="session")
def broker(stack: Stack) -> str:
    """Bootstrap servers of the session's broker."""
    return stack.bootstrap


@pytest.fixture(scope="session")
def mongodb(stack: Stack) -> str:
    """URL of the session's database, a replica set with a primary."""
    return stack.mongodb


@pytest.fixture
def prefix(stack: Stack) -> str:
    """A prefix for the topics, groups and databases of one test; nobody else uses it."""
    return f"{stack.prefix}t{secrets.token_hex(4)}-"


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """One season that nobody kills in; its broker and database stay for all who look at what became of it."""
    payers = policies(tmp_path_factory.mktemp("payers"))
    plan = Plan(encounters=60, seed=7, days=110, payers_dir=str(payers))
    with season(plan, "calm", disturbances()) as found:
        yield found
