"""A probe service on the real broker and database, for the tests of the chassis."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.integration.chassis_kit import Kit


@pytest_asyncio.fixture
async def kit(broker: str, mongodb: str, prefix: str, tmp_path: Path) -> AsyncIterator[Kit]:
    kit = Kit(broker, mongodb, prefix, tmp_path)
    await kit.start()
    yield kit
    await kit.stop()
