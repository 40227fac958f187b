"""Calls that come while one is under way go out as one: a query, a bulk, a commit for several partitions at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, TypeVar

from services.chassis.held import DocumentKey, Held
from services.chassis.outbox import Entry
from services.chassis.ports import Store
from services.chassis.verdicts import Retry

A = TypeVar("A")
R = TypeVar("R")


class Together(Generic[A, R]):
    """Gathers arguments: `call` gets those of all who asked meanwhile, and its answer, or its exception, goes to all.

    Raises Retry where the call was cut off (cancelled): whether it was done is not known then.
    """

    def __init__(self, call: Callable[[Sequence[A]], Awaitable[R]]) -> None:
        self._call = call
        self._waiting: list[tuple[A, asyncio.Future[R]]] = []
        self._busy: asyncio.Task[None] | None = None

    async def __call__(self, argument: A) -> R:
        """The answer to all who asked together."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((argument, answer))
        if self._busy is None:
            self._busy = asyncio.create_task(self._work(), name="together")
        return await answer

    async def _work(self) -> None:
        asked: list[tuple[A, asyncio.Future[R]]] = []
        try:
            while self._waiting:
                asked, self._waiting = self._waiting, []
                await self._ask(asked)
        except BaseException:  # the call was cut off: nobody may wait for ever
            cut_off, self._waiting = [*asked, *self._waiting], []
            _fail(cut_off, Retry("cut off"))
            raise
        finally:
            self._busy = None

    async def _ask(self, asked: Sequence[tuple[A, asyncio.Future[R]]]) -> None:
        try:
            found = await self._call([argument for argument, _ in asked])
        except Exception as error:  # noqa: BLE001 - it belongs to those who asked
            _fail(asked, error)
        else:
            for _, answer in asked:
                if not answer.done():
                    answer.set_result(found)


def _fail(asked: Iterable[tuple[A, asyncio.Future[R]]], error: Exception) -> None:
    for _, answer in asked:
        if not answer.done():
            answer.set_exception(error)


class StoreTogether:
    """A store in front of the store: the partitions of a worker share queries and bulks.

    A conflict is told to all whose documents went in that bulk: each reloads, finds what of its own was written, and
    goes on from there.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._load = Together(self._load_all)
        self._write = Together(self._write_all)
        self.stick = store.stick

    async def load(self, keys: Iterable[DocumentKey]) -> dict[DocumentKey, tuple[Held, tuple[Entry, ...]]]:
        """Documents by key with their whole outbox; each who asked has copies of its own."""
        wanted = list(keys)
        found = await self._load(wanted)
        return {key: (found[key][0].rested(), found[key][1]) for key in wanted if key in found}

    async def write(self, changed: Sequence[Held]) -> None:
        """Write the next version of each; raises Conflict if any of those who wrote together lost."""
        await self._write(changed)

    async def _load_all(
        self, asked: Sequence[Sequence[DocumentKey]]
    ) -> dict[DocumentKey, tuple[Held, tuple[Entry, ...]]]:
        return await self._store.load(dict.fromkeys(key for keys in asked for key in keys))

    async def _write_all(self, asked: Sequence[Sequence[Held]]) -> None:
        await self._store.write([held for changed in asked for held in changed])
