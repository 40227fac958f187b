"""A fact as it was known this morning: what a day brings counts from the next day on.

Events of different topics about one account may reach a service in any order within a day. A decision that reads a
fact of another topic reads it as of the morning, so that the order does not matter.
"""

from datetime import date
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Overnight(BaseModel, Generic[T]):
    """A value, the day it was learned, and the value that stood before that day."""

    model_config = ConfigDict(frozen=True)

    latest: T
    learned_on: date
    before: T | None = None

    def learn(self, value: T, today: date) -> "Overnight[T]":
        """The same fact with a new value, learned today."""
        before = self.latest if self.learned_on < today else self.before
        return type(self)(latest=value, learned_on=today, before=before)

    def morning(self, today: date) -> T | None:
        """The value that stood before today; None where the fact was first learned today."""
        return self.latest if self.learned_on < today else self.before
