"""While database or broker is away a worker says so on /readyz and in a gauge, and it comes back by itself."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.local.stack import Stack
from tests.integration.chassis_kit import Kit, until

pytestmark = pytest.mark.stack
VARIABLES = {"mongod": "MONGODB_URL", "kafka": "KAFKA_BOOTSTRAP_SERVERS"}
GAUGES = {"mongod": "database", "kafka": "broker"}


@contextmanager
def frozen(stack: Stack, part: str) -> Iterator[None]:
    """The part takes connections and answers nothing, which is the worst way to be away."""
    if part not in stack.supervisor.pids:
        pytest.skip(f"{part} is not ours to freeze: it runs elsewhere")
    pid = stack.supervisor.pids[part]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def seconds_of_trouble(kit: Kit, part: str) -> float:
    text = (await kit.http("/metrics"))[1]
    found = re.search(rf'overturn_trouble_seconds{{part="{GAUGES[part]}"}} (.+)', text)
    assert found is not None
    return float(found[1])


async def unready(kit: Kit, words: str) -> bool:
    status, text = await kit.http("/readyz")
    return status == 503 and words in text


@pytest.mark.parametrize("part", ["mongod", "kafka"])
async def test_an_idle_worker_tells_what_is_away_and_works_on_when_it_is_back(
    kit: Kit, stack: Stack, part: str
) -> None:
    worker = kit.spawn()
    await kit.deposit("ann", 1)
    await kit.settled()
    await kit.ready()
    assert await seconds_of_trouble(kit, part) == 0
    with frozen(stack, part):
        await until(lambda: unready(kit, VARIABLES[part]), 20, "un-ready with a reason")
        assert await seconds_of_trouble(kit, part) > 0
        assert (await kit.http("/healthz"))[0] == 200, "to start it anew would not help"
    await kit.ready()
    await kit.deposit("ann", 2)
    await kit.settled()
    assert await seconds_of_trouble(kit, part) == 0
    assert (await kit.purses())["ann"]["state"]["bookings"] == 2
    assert worker.poll() is None


async def test_a_batch_that_meets_no_database_waits_for_it_and_is_done_once(kit: Kit, stack: Stack) -> None:
    worker = kit.spawn()
    await kit.ready()
    with frozen(stack, "mongod"):
        await kit.deposit("bob", 1)
        await kit.producer.flush()
        await until(lambda: _retried(kit), 40, "a batch tried again")
        assert await unready(kit, "MONGODB_URL")
    await kit.ready()
    await kit.settled()
    assert (await kit.purses())["bob"]["state"]["bookings"] == 1
    assert worker.poll() is None


async def _retried(kit: Kit) -> bool:
    return "overturn_retries_total{" in (await kit.http("/metrics"))[1]
