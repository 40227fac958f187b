"""The CloudEvents 1.0 envelope that every event on every topic wears."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from schemas.document import Frozen, Phi


class EventData(Frozen):
    """The `data` of an event type: no PHI in it. Unknown fields are ignored, so that writers may add optional ones."""

    TYPE: ClassVar[str] = ""
    """CloudEvents `type`, for example `overturn.claim.submitted.v1`."""
    TOPIC: ClassVar[str] = ""
    """The topic that carries this type; `{partner}` is filled from the event's partner."""
    PHI: ClassVar[type[Phi] | None] = None
    """The model of the encrypted part, if the type has one."""


class EventView(EventData):
    """What one service reads of an event type, where that is less than all: some of its fields, and of its PHI's.

    `TYPE` and `TOPIC` are the event's. What is not read is neither checked nor built; the event's owner answers for it.
    """


class Envelope(BaseModel):
    """Structured-mode CloudEvents JSON, as it lies on the broker."""

    model_config = ConfigDict(frozen=True)

    specversion: str = "1.0"
    id: str = Field(min_length=1, max_length=128)
    source: str = Field(min_length=1, max_length=256)
    type: str = Field(min_length=1, max_length=128)
    subject: str = Field(min_length=1, max_length=128)
    time: datetime
    datacontenttype: str = "application/json"
    traceparent: str | None = None
    causationid: str | None = None
    correlationid: str | None = None
    data: dict[str, Any]
    phi: str | None = None
    """AES-GCM blob, base64; its associated data is the event id."""


D_co = TypeVar("D_co", bound=EventData, covariant=True)
P_co = TypeVar("P_co", covariant=True)


@dataclass(slots=True)
class Event(Generic[D_co, P_co]):
    """A decoded event as a handler sees it. Nobody changes one; `frozen` would cost each a microsecond or two."""

    id: str
    source: str
    subject: str
    time: datetime
    data: D_co
    phi: P_co
    partition: int = 0
    """The partition it was read from; all internal topics have the same count."""
    causation_id: str | None = None
    correlation_id: str | None = None
    traceparent: str | None = None
