"""What a service gives to the chassis: its composition root builds one of these."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.chassis.config import Config
from services.chassis.crypto import Cipher
from services.chassis.documents import Stored
from services.chassis.identity import Identity
from services.chassis.ports import Door
from services.chassis.publisher import Publication
from services.chassis.verdicts import Routes


class Publishes(Protocol):
    """What a source publishes through."""

    async def publish(self, publications: Sequence[Publication]) -> None:
        """Publish in order and wait until the broker has acknowledged all."""


class Clock(Protocol):
    """What a source learns the time from."""

    async def latest(self) -> datetime | None:
        """The time of the newest tick in clock.v1 at this moment; None before the first."""


Mine = Callable[[str], bool]
"""Whether what bears this name (a door) is this worker's to read: who owns the name's partition number reads it."""


class Source(Protocol):
    """Brings in what others left at a door (files); runs beside the handlers of every worker until `stop` is set.

    It must be repeatable: what it publishes has ids derived from what it read, and it lets go of what it read only
    after `publish` has returned. It asks `mine` before it reads, so that workers do not read the same twice; while the
    group changes hands two may. An exception ends the process.
    """

    async def run(self, publish: Publishes, clock: Clock, mine: Mine, stop: asyncio.Event) -> None:
        """Read until told to stop."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a composition root may need to build its parts."""

    config: Config
    identity: Identity
    cipher: Cipher


@dataclass(frozen=True, slots=True)
class Service:
    """A whole service, composed."""

    name: str
    routes: Routes
    documents: Sequence[Stored] = ()
    """Every Aggregate class that the routes name, with the indexes its queries need."""
    doors: Mapping[str, Door] = field(default_factory=dict)
    sources: Sequence[Source] = ()


Build = Callable[[Context], Service]
