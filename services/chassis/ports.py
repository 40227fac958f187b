"""What the engine needs of the world; the model test drives the same engine over ports that crash on purpose."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

from services.chassis.held import DocumentKey, Held
from services.chassis.outbox import Acknowledged, Entry, Input
from services.chassis.records import Batch, Record
from services.chassis.verdicts import Effect, Reject

Door = Callable[[str, Effect], Awaitable[None]]
"""Does an effect: (effect id, effect). Idempotent by the id; raises when it could not be done."""


class Store(Protocol):
    """The service's documents."""

    async def load(self, keys: Iterable[DocumentKey]) -> dict[DocumentKey, tuple[Held, tuple[Entry, ...]]]:
        """Majority-committed documents with their whole outbox; one query a class. Absent ones are left out."""

    async def write(self, changed: Sequence[Held]) -> None:
        """One unordered bulk, majority and journaled, guarded by version; raises Conflict if any guard failed."""

    async def stick(self, held: Held, effect_ids: Sequence[str]) -> None:
        """Mark effects as stuck, so that they live until they succeed; raises Conflict if the guard failed."""


class Outlet(Protocol):
    """Where events go."""

    async def send(self, entries: Sequence[Entry]) -> Awaitable[None]:
        """Hand the entries over in order; awaiting the answer waits for the broker's acknowledgement of all."""

    async def letters(self, batch: Batch, letters: Sequence[tuple[Record, Reject]]) -> None:
        """Write dead letters and wait until they are acknowledged."""


class Ownership(Protocol):
    """The worker's place in its consumer group."""

    @property
    def acknowledged(self) -> Acknowledged:
        """Committed offsets of the worker's own input partitions, as last read or committed by it."""

    def current(self, batch: Batch) -> bool:
        """Whether the batch is still of the present generation of the group."""

    async def confirm(self, batch: Batch) -> bool:
        """Ask the broker whether the worker still is of the present generation."""

    async def commit(self, batch: Batch) -> bool:
        """Commit the end of the batch; False if the group has moved on and nothing was committed."""

    async def foreign(self, inputs: Iterable[Input]) -> Mapping[Input, int]:
        """Committed offsets of input partitions that another worker owns: a lower bound is enough."""
