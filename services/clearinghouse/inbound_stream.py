"""Events of several files, published in order: little ones wait for each other, and reading goes on while the broker answers."""

import asyncio
from collections.abc import Sequence

from services.chassis.publisher import Publication
from services.chassis.service import Publishes

ENOUGH = 100
"""So many events go out at once; fewer wait for the next file's."""


class Stream:
    """What is added is on its way while the next is made; all is acknowledged at the `end`.

    Raises what publishing raised, then and at every later call: nothing goes out behind what did not.
    """

    def __init__(self, publish: Publishes) -> None:
        self._publish = publish
        self._waiting: list[Publication] = []
        self._under_way: asyncio.Task[None] | None = None

    async def add(self, publications: Sequence[Publication]) -> None:
        """Publish these behind those that were added before."""
        self._waiting += publications
        if len(self._waiting) >= ENOUGH:
            await self._send()

    async def end(self) -> None:
        """Wait until the broker has acknowledged everything."""
        await self._send()
        await self._arrived()

    async def _send(self) -> None:
        await self._arrived()
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._under_way = asyncio.create_task(self._publish.publish(waiting), name="answers")

    async def _arrived(self) -> None:
        if self._under_way is not None:
            await self._under_way
