"""Effects: what is done outside after the write; one that fails stays in its document and never holds the commit."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence

import orjson

from services.chassis import metrics, outbox
from services.chassis.crypto import Cipher
from services.chassis.held import DocumentKey, Held
from services.chassis.outbox import Entry
from services.chassis.ports import Door, Store
from services.chassis.reader import Work
from services.chassis.verdicts import Effect

log = logging.getLogger(__name__)
AT_ONCE = 64
"""Effects that are done beside each other: a file waits for the disk, not for the file before it."""


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
        owing = [(held, owed) for held in documents if (owed := outbox.owed_effects(held.entries))]
        done = await self._try_all([entry for _, owed in owing for entry in owed])
        left = ((held, [entry.id for entry in owed if entry.id not in done]) for held, owed in owing)
        marking = (store.stick(held, stuck) for held, stuck in left if stuck)
        for failure in filter(None, await asyncio.gather(*marking, return_exceptions=True)):
            raise failure

    async def retry_stuck(self, work: Iterable[Work], documents: Mapping[DocumentKey, Held]) -> None:
        """At a tick: try again what is stuck; what succeeds leaves the document by the write that follows."""
        for item in work:
            if item.handler is not None or item.document is None:
                continue
            held = documents[item.document, item.key]
            done = await self._try_all([entry for entry in held.live if entry.stuck])
            if done:
                held.settle(done)

    async def _try_all(self, entries: Sequence[Entry]) -> set[str]:
        """Do these beside each other; the ids of those that are done."""
        done = await asyncio.gather(*map(self._try, entries))
        return {entry.id for entry, fine in zip(entries, done, strict=True) if fine}

    async def _try(self, entry: Entry) -> bool:
        try:
            async with self._at_once:
                await self._doors[entry.target](entry.id, self._effect(entry))
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

    def _effect(self, entry: Entry) -> Effect:
        """The effect as its handler gave it, the first time; then as it rests."""
        given, entry.given = entry.given, None
        if given is not None:
            return given
        return Effect(entry.target, orjson.loads(self._cipher.decrypt(entry.value, entry.id.encode())))
