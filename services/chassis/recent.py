"""The documents that this worker wrote last, so that their next event needs no read.

A document may be taken from here only while nobody else can have written it since. Whoever was the owner of its
partition before us finds our generation in it, asks the broker, and stops (Engine._beware); whoever comes after us has a
newer generation, in which nothing from here is taken and our commit is refused. A process that replaces us without a
new generation leaves its token in what it writes: our write conflicts, our next load finds it (decisions/0018). A
document that any worker may write (intake's events, whose topics have keys of the partners' choice) is never kept. A
write still carries its version, so that a wrong guess would end as an ordinary conflict.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from schemas.document import Aggregate
from services.chassis import metrics
from services.chassis.held import DocumentKey, Held
from services.chassis.observe import labelled
from services.chassis.outbox import Entry
from services.chassis.ports import Store

ITEMS = 2
"""Items of a growing field that weigh as much as a document: about 5 KB each."""
Loaded = dict[DocumentKey, tuple[Held, tuple[Entry, ...]]]


class Recent:
    """A store in front of the store: keeps up to `limit` documents as they were last written in this generation.

    Those written longest ago go first; one that grows counts as its items do, so that memory stays bounded.
    """

    def __init__(
        self,
        store: Store,
        generation: Callable[[], int],
        limit: int,
        shared: Collection[type[Aggregate]] = (),
    ) -> None:
        self._store = store
        self._generation = generation
        self._limit = limit
        self._shared = frozenset(shared)
        self._kept: dict[DocumentKey, tuple[Held, int]] = {}
        """Documents as whoever wrote them left them, and what they weigh."""
        self._weight = 0

    async def load(self, keys: Iterable[DocumentKey]) -> Loaded:
        """Documents by key with their whole outbox; only those that are not kept here are read."""
        generation = self._generation()
        found: Loaded = {}
        missing: list[DocumentKey] = []
        for key in keys:
            kept = self._kept.get(key)
            if kept is None or kept[0].generation != generation:
                missing.append(key)
            else:
                found[key] = kept[0].rested(), kept[0].entries
        if found:
            labelled(metrics.LOADED, "memory").inc(len(found))
        if missing:
            labelled(metrics.LOADED, "database").inc(len(missing))
            found.update(await self._store.load(missing))
        return found

    async def write(self, changed: Sequence[Held]) -> None:
        """Write, and keep what was written; what could not be written is read again."""
        for held in changed:
            self._forget((held.document, held.key))
        await self._store.write(changed)
        for held in changed:
            if held.document not in self._shared:
                self._keep(held)
        while self._weight > self._limit:
            self._forget(next(iter(self._kept)))

    async def stick(self, held: Held, effect_ids: Sequence[str]) -> None:
        """Mark effects as stuck; the document is read again."""
        self._forget((held.document, held.key))
        await self._store.stick(held, effect_ids)

    def _keep(self, held: Held) -> None:
        weight = _weight(held)
        self._kept[held.document, held.key] = held, weight
        self._weight += weight

    def _forget(self, key: DocumentKey) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._weight -= kept[1]


def _weight(held: Held) -> int:
    growing = held.document.GROWING
    return 1 if growing is None else 1 + len(getattr(held.state, growing, ())) // ITEMS
