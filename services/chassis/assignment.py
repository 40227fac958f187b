"""The worker's place in its group: which offsets are acknowledged, and the one committer."""

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping

from services.chassis.outbox import Input
from services.chassis.records import Batch

FOREIGN_SECONDS = 1.0


class Assignment:
    """Committed offsets of this worker's input partitions; only a commit that the broker took moves them.

    `acknowledged` means committed: a worker that was superseded before its commit learns nothing wrong from its own
    publishing, so it can never take a rival's entry for dead.
    """

    def __init__(
        self,
        *,
        generation: Callable[[], int],
        commit: Callable[[Input, int, int], Awaitable[bool]],
        committed: Callable[[Iterable[Input]], Awaitable[Mapping[Input, int]]],
    ) -> None:
        self._generation = generation
        self._commit = commit
        self._committed = committed
        self._acknowledged: dict[Input, int] = {}
        self._term = 0
        self._refused: float | None = None
        self._foreign: dict[Input, tuple[float, int]] = {}

    @property
    def acknowledged(self) -> Mapping[Input, int]:
        """By input partition of this worker: the committed offset."""
        return self._acknowledged

    def assigned(self, committed: Mapping[Input, int], term: int = 0) -> None:
        """A new term has begun with these committed offsets; other partitions are no longer ours.

        It may be of the same generation as the last: a member that joins again need not disturb the others.
        """
        self._acknowledged = dict(committed)
        self._term = term
        self._refused = None

    def owns(self, partition: int) -> bool:
        """Whether any input of this partition number is this worker's."""
        return any(number == partition for _, number in self._acknowledged)

    def current(self, batch: Batch) -> bool:
        """Whether the batch is of the present term and generation.

        One of an earlier term is not, whatever its generation: what lay before it may have been dropped, and will be
        read again; to commit its end would pass over that.
        """
        ours = batch.term == self._term and batch.generation == self._generation()
        return ours and batch.input in self._acknowledged

    def stranded(self) -> float:
        """Seconds since a commit was refused and no new term has begun; 0 where none was."""
        return time.monotonic() - self._refused if self._refused is not None else 0.0

    async def confirm(self, batch: Batch) -> bool:
        """Ask the broker whether this generation still counts, by committing anew what is committed."""
        acknowledged = self._acknowledged.get(batch.input)
        return acknowledged is not None and await self._commit(batch.input, acknowledged, batch.generation)

    async def commit(self, batch: Batch) -> bool:
        """Commit the batch's end unless the group has moved on; an offset never goes back."""
        if not self.current(batch):
            return False
        if batch.end <= self._acknowledged[batch.input]:
            return True
        if not await self._commit(batch.input, batch.end, batch.generation):
            if self.current(batch):  # the broker knows of a newer generation, this process not yet: begin nothing more
                self._acknowledged.pop(batch.input)
                self._refused = self._refused or time.monotonic()
            return False
        if self.current(batch):
            self._acknowledged[batch.input] = max(batch.end, self._acknowledged[batch.input])
        return True

    async def foreign(self, inputs: Iterable[Input]) -> Mapping[Input, int]:
        """Committed offsets of others' partitions, at most a second old: an old one is lower, which is safe."""
        wanted, now = set(inputs), time.monotonic()
        known = {place: offset for place, (read, offset) in self._foreign.items() if now - read < FOREIGN_SECONDS}
        missing = wanted - known.keys()
        if missing:
            found = await self._committed(missing)
            self._foreign.update({place: (now, found.get(place, 0)) for place in missing})
        return {place: self._foreign[place][1] for place in wanted}
