"""Seconds in which only the payers' simulator worked: a real payer answers on machines of its own."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic

from deploy.local.bench.measure import cpu_seconds

LOOK_SECONDS = 0.05


class Alone:
    """Watches what everybody but the payers uses of the processors, and reads when the payers worked.

    Of the payers' working time so much counts as theirs alone as exceeds the processor seconds that all others (the
    services, the broker, the database) used meanwhile: a second of anybody else's work is never taken off.
    """

    def __init__(self, pids: Callable[[], Mapping[str, int]], payers: str, hours: Path) -> None:
        """`payers`: their name in `pids`; `hours`: where the simulator notes its hours (time.monotonic)."""
        self._pids = pids
        self._payers = payers
        self._hours = hours
        self._times: list[float] = []
        self._used: list[float] = []

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Note what the others have used by now."""
        used = cpu_seconds({name: pid for name, pid in self._pids().items() if name != self._payers})
        self._times.append(monotonic())
        self._used.append(sum(used.values()))

    def seconds(self, begun: float, ended: float) -> float:
        """Seconds between two instants (time.monotonic) that were the payers' alone."""
        found = 0.0
        for start, end in self._working():
            start, end = max(start, begun), min(end, ended)
            if end > start:
                found += max(0.0, end - start - (self._used_by(end) - self._used_by(start)))
        return found

    def _working(self) -> list[tuple[float, float]]:
        if not self._hours.is_file():
            return []
        lines = self._hours.read_text("ascii").splitlines()
        return [(float(start), float(end)) for start, end in (line.split() for line in lines)]

    def _used_by(self, instant: float) -> float:
        """What had been used at an instant, on the line between the looks around it."""
        at = bisect_right(self._times, instant)
        if at == 0 or at == len(self._times):
            return self._used[min(at, len(self._used) - 1)]
        before, after = self._times[at - 1], self._times[at]
        share = (instant - before) / (after - before)
        return self._used[at - 1] + share * (self._used[at] - self._used[at - 1])
