"""The base of every document that a service stores."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Phi(BaseModel):
    """Protected health information of an event or a document: encrypted wherever it rests."""

    model_config = ConfigDict(frozen=True)


class Aggregate(BaseModel):
    """What a service knows of one key; handlers return a changed copy (`model_copy(update=...)`).

    A subclass may declare a field named `phi` (a `Phi` or None): it is stored encrypted, apart from the rest.
    """

    model_config = ConfigDict(frozen=True)

    timers: dict[str, datetime] = Field(default_factory=dict)
    """Armed timers by name: a tick at or after the instant causes `TimerFired` for this document."""

    def armed(self, name: str, due_at: datetime) -> dict[str, datetime]:
        """The timers with `name` set to `due_at`, for `model_copy(update={"timers": ...})`."""
        return {**self.timers, name: due_at}

    def disarmed(self, *names: str) -> dict[str, datetime]:
        """The timers without `names`."""
        return {name: due for name, due in self.timers.items() if name not in names}
