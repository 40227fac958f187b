"""What of its surroundings does not answer a worker now: it makes the worker un-ready until the answer comes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from enum import Enum
from functools import partial
from typing import NamedTuple

from pymongo.errors import PyMongoError

from services.chassis import metrics

LOOK_SECONDS = 3.0
ANSWER_SECONDS = 5.0


class Part(Enum):
    """What a worker stands on, and the variable that says where it is."""

    DATABASE = "MONGODB_URL"
    BROKER = "KAFKA_BOOTSTRAP_SERVERS"


class Told(NamedTuple):
    """Trouble with a part, as one of those who need it met it."""

    part: Part
    error: str
    since: float
    """Monotonic seconds."""


class Trouble:
    """Who of a worker waits for what: a batch that is tried again, or a look that nobody answered.

    Each takes back what it told, once it has its answer; what one was answered says nothing of the others (a database
    that answers a ping may have no majority to write to).
    """

    def __init__(self) -> None:
        self._told: dict[str, Told] = {}
        for part in Part:
            metrics.TROUBLE.labels(part.name.lower()).set_function(partial(self.seconds, part))

    def met(self, who: str, error: Exception, part: Part | None = None) -> None:
        """Who waits, and why; where no part is named, the error tells it: what is not the database's is the broker's."""
        if part is None:
            part = Part.DATABASE if isinstance(error, PyMongoError) else Part.BROKER
        known = self._told.get(who)
        since = known.since if known is not None and known.part is part else time.monotonic()
        self._told[who] = Told(part, type(error).__name__, since)

    def over(self, who: str) -> None:
        """Who has its answer; he need not have waited for it."""
        self._told.pop(who, None)

    def seconds(self, part: Part) -> float:
        """For how long somebody has waited for a part; 0 where nobody does."""
        return max((time.monotonic() - told.since for told in self._told.values() if told.part is part), default=0.0)

    @property
    def wrong(self) -> str | None:
        """What does not answer, for how long, and where to look; None where everything answers."""
        first = {told.part: told for told in sorted(self._told.values(), key=lambda told: -told.since)}
        return "; ".join(map(_words, first.values())) or None

    async def watch(self, part: Part, ask: Callable[[], Awaitable[object]]) -> None:
        """Ask a part now and then whether it is there, until cancelled: a worker without a batch notices by this alone."""
        who = f"look at {part.value}"
        while True:
            try:
                await asyncio.wait_for(ask(), ANSWER_SECONDS)
            except Exception as error:  # noqa: BLE001 - whatever it was, the part has not answered
                self.met(who, error, part)
            else:
                self.over(who)
            await asyncio.sleep(LOOK_SECONDS)


def _words(told: Told) -> str:
    waited = time.monotonic() - told.since
    return f"waits for the {told.part.name.lower()} since {waited:.0f} s ({told.error}): see {told.part.value}"
