"""The bases of every value that events and documents hold, and of every document that a service stores."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

_new, _set = object.__new__, object.__setattr__


class Frozen(BaseModel):
    """A value that never changes; what changes is a copy, made for nearly every event, so it is made without detours."""

    model_config = ConfigDict(frozen=True)

    def __eq__(self, other: object) -> bool:
        """Of one class and with the same fields, as in pydantic; there is nothing else in a value of ours."""
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The value with some fields replaced, unvalidated as in pydantic; without `update` the value itself.

        Which fields were given when the first of these values was made stays as it was: nothing of ours looks at it.
        """
        if deep or self.__pydantic_private__ is not None or self.__pydantic_extra__ is not None:
            return super().model_copy(update=update, deep=deep)
        if not update:
            return self
        made = _new(type(self))
        _set(made, "__dict__", {**self.__dict__, **update})
        _set(made, "__pydantic_fields_set__", self.__pydantic_fields_set__)
        _set(made, "__pydantic_extra__", None)
        _set(made, "__pydantic_private__", None)
        return made


class Phi(Frozen):
    """Protected health information of an event or a document: encrypted wherever it rests."""


class Unread(Phi):
    """PHI that a hop passes on as it came: what a view names as its `PHI` where nobody looks into it."""

    text: bytes
    """Its JSON, decrypted and not parsed."""


Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the state of a stored document (JSON, PHI in clear) of one schema into that of the next: pure. Raises
`NoUpgrade` for one that it cannot."""


class NoUpgrade(Exception):
    """A stored document holds too little for the next schema; the text says what it lacks, without any value of it."""


class Aggregate(Frozen):
    """What a service knows of one key; handlers return a changed copy (`model_copy(update=...)`).

    A subclass may declare a field named `phi` (a `Phi` or None): it is stored encrypted, apart from the rest.
    """

    GROWING: ClassVar[str | None] = None
    """Name of a tuple field that changes only by new items at its end: a write then carries the new ones alone. A field
    `phi` of an item (JSON-able, or None) is stored encrypted, each by itself."""

    KEYED: ClassVar[frozenset[str]] = frozenset()
    """Names of mappings whose order means nothing: a write carries the entries that changed, not the whole mapping."""

    PLACED: ClassVar[frozenset[str]] = frozenset()
    """Names of tuple fields whose items keep their places: a write carries the fields that changed of those that did,
    unless there are more items, or fewer."""

    SCHEMA: ClassVar[int] = 1
    """Number of the stored form. A change by which an older document would be misread or refused raises it by one; a
    new field with a default is no such change (decisions/0027)."""

    UPGRADES: ClassVar[Mapping[int, Upgrade]] = {}
    """By number: what makes of a document of that schema one of the next. Where there is none, older ones are refused."""

    timers: dict[str, datetime] = Field(default_factory=dict)
    """Armed timers by name: a tick at or after the instant causes `TimerFired` for this document."""

    def armed(self, name: str, due_at: datetime) -> dict[str, datetime]:
        """The timers with `name` set to `due_at`, for `model_copy(update={"timers": ...})`."""
        return {**self.timers, name: due_at}

    def disarmed(self, *names: str) -> dict[str, datetime]:
        """The timers without `names`."""
        return {name: due for name, due in self.timers.items() if name not in names}
