"""clock.v1: ticks, written to every partition; and the timer events that a service causes on its own topic."""

from datetime import datetime
from typing import ClassVar

from schemas.events.envelope import EventData


class Tick(EventData):
    """It is now at least `time` (of the envelope). One ticker in production, the driver in a simulation."""

    TYPE: ClassVar[str] = "overturn.clock.tick.v1"
    TOPIC: ClassVar[str] = "clock.v1"

    number: int


class TimerFired(EventData):
    """A document's timer is due; does nothing unless still armed with that instant. Key: the document's key."""

    TYPE: ClassVar[str] = "overturn.timer.fired.v1"
    TOPIC: ClassVar[str] = "{service}.timers.v1"

    document: str
    """Name of the Aggregate class."""
    timer: str
    due_at: datetime
