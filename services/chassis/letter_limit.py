"""The dead letter limit: a service that rejects everything stops, instead of draining its topics into letters."""

import logging
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from services.chassis import metrics
from services.chassis.records import Batch
from services.chassis.verdicts import Fatal

log = logging.getLogger(__name__)
IN_A_ROW = 50
WINDOW = 500
SHARE = 0.2
COLLECTION = "chassis.letter_limit"
"""Where the tallies of a service's workers rest, in its own database."""


@dataclass(slots=True)
class Tally:
    """How the last records fared: letters in a row, and which of the last 500 became letters."""

    in_a_row: int = 0
    window: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))
    pardoned: int = 0
    """Records that a person let pass by `resume`: at least the batch that stopped the worker, which is read again."""

    def add(self, letters: Sequence[bool]) -> None:
        """Count records, of which some became letters."""
        pardoned = min(self.pardoned, len(letters))
        self.pardoned -= pardoned
        counted = letters[pardoned:]
        row = next((at for at, letter in enumerate(reversed(counted)) if not letter), None)
        self.in_a_row = self.in_a_row + len(counted) if row is None else row
        self.window.extend(counted)

    def exceeded(self) -> bool:
        """50 in a row, or more than 20 % of the last 500 (of 500, so that a short history does not stop a service)."""
        return self.in_a_row >= IN_A_ROW or sum(self.window) > SHARE * WINDOW


class TallyStore(Protocol):
    """Where the tally survives a restart."""

    async def read_tally(self) -> tuple[Tally, bool]:
        """The tally as last written, and whether the limit has stopped this worker."""

    async def write_tally(self, tally: Tally, stopped: bool) -> None:
        """Keep it."""


class LetterLimit:
    """Counts letters of one worker; written only when a letter came or a row ended."""

    def __init__(self, store: TallyStore) -> None:
        self._store = store
        self._tally = Tally()
        self.stopped = False
        """Whether the limit was reached; only `deadletters resume` ends this."""

    async def start(self) -> None:
        """Take up where the last process left."""
        self._tally, self.stopped = await self._store.read_tally()
        metrics.DEAD_LETTER_STOP.set(self.stopped)

    async def lifted(self) -> bool:
        """Whether a person has let this worker read again; takes up the cleared tally if so."""
        await self.start()
        return not self.stopped

    async def note(self, batch: Batch, letters: Collection[int]) -> None:
        """Count a batch, whose letters have these offsets; raises Fatal when the limit is reached."""
        had_row = self._tally.in_a_row > 0 or self._tally.pardoned > 0
        self._tally.add([record.offset in letters for record in batch.records])
        if not letters and not had_row:
            return
        self.stopped = self._tally.exceeded()
        await self._store.write_tally(self._tally, self.stopped)
        if self.stopped:
            log.error(
                "dead letter limit reached (%s in a row, %s of the last %s): this worker stops reading; look at "
                "`overturn deadletters list`, mend the cause, then `overturn deadletters resume`",
                self._tally.in_a_row,
                sum(self._tally.window),
                len(self._tally.window),
            )
            raise Fatal("dead letter limit reached")
