"""Effects: what is done outside after the write; one that fails stays in its document and never holds the commit."""

import asyncio
import logging
from collections.abc import Iterable, Mapping

import orjson

from services.chassis import metrics, outbox
from services.chassis.crypto import Cipher
from services.chassis.held import DocumentKey, Held
from services.chassis.outbox import Entry
from services.chassis.ports import Door, Store
from services.chassis.reader import Work

log = logging.getLogger(__name__)
AT_ONCE = 64
"""Documents whose effects are done beside each other: a file waits for the disk, not for the file before it."""


class Effects:
    """Takes effects to their doors."""

    def __init__(self, doors: Mapping[str, Door], cipher: Cipher) -> None:
        self._doors = dict(doors)
        self._cipher = cipher
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def do(self, documents: Iterable[Held], store: Store) -> None:
        """Do what the documents owe; mark what failed, so that it outlives the offset of its cause.

        Raises Conflict if a document was written by another in between.
        """
        owing = [held for held in documents if any(entry.effect for entry in held.entries)]
        ended = await asyncio.gather(*(self._do_all(held, store) for held in owing), return_exceptions=True)
        for failure in filter(None, ended):
            raise failure

    async def _do_all(self, held: Held, store: Store) -> None:
        """The effects of one document, in their order; those of others go on beside them."""
        async with self._at_once:
            stuck = [entry.id for entry in outbox.owed_effects(held.entries) if not await self._try(entry)]
        if stuck:
            await store.stick(held, stuck)

    async def retry_stuck(self, work: Iterable[Work], documents: Mapping[DocumentKey, Held]) -> None:
        """At a tick: try again what is stuck; what succeeds leaves the document by the write that follows."""
        for item in work:
            if item.handler is not None or item.document is None:
                continue
            held = documents[item.document, item.key]
            stuck = [entry for entry in held.live if entry.stuck]
            done = {entry.id for entry in stuck if await self._try(entry)}
            if done:
                held.settle(done)

    async def _try(self, entry: Entry) -> bool:
        try:
            door = self._doors[entry.target]
            await door(entry.id, orjson.loads(self._cipher.decrypt(entry.value, entry.id.encode())))
        except Exception as error:  # noqa: BLE001 - whatever fails outside must not hold the commit
            metrics.EFFECTS.labels(entry.target, "stuck").inc()
            log.warning(
                "effect %s at door %s could not be done, a tick will try again: %s",
                entry.id,
                entry.target,
                type(error).__name__,
            )
            return False
        metrics.EFFECTS.labels(entry.target, "done").inc()
        return True
