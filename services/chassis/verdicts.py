"""What a handler may answer: an outcome, or one of three named failures. Pure: no I/O here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from schemas.document import Aggregate, Phi
from schemas.events.envelope import Event, EventData, EventView


class Retry(Exception):
    """Broker, database or door is away: try again in place; nothing is acknowledged meanwhile."""


class Reject(Exception):
    """This event can never be handled: it becomes a dead letter.

    `code` is a short machine-readable reason; `place` names where in the event. Neither may carry PHI.
    """

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(f"{code} at {place}" if place else code)
        self.code = code
        self.place = place


class Fatal(Exception):
    """The process must stop: nothing of the batch is acknowledged."""


@dataclass(slots=True)
class Emit:
    """An event that the outcome causes; its id is derived from the cause and its position.

    `key` becomes `subject` and Kafka key. `partition` overrides the key's partition (lanes). `partner` fills the
    `{partner}` of a partner topic.
    """

    key: str
    data: EventData
    phi: Phi | None = None
    partition: int | None = None
    partner: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to do outside (a file, a call) at the door named `door`; idempotent by its derived id."""

    door: str
    payload: Mapping[str, Any]
    """JSON-able; PHI in it is encrypted by the chassis while it rests."""
    made: Any = None
    """What the door would make of the payload, where it is at hand. It never rests: a repeat goes without it."""


S = TypeVar("S", bound=Aggregate)


@dataclass(slots=True)
class Outcome(Generic[S]):
    """The new state (None: as it was, or no document) and what it causes."""

    state: S | None = None
    events: tuple[Emit, ...] = ()
    effects: tuple[Effect, ...] = ()


Handler = Callable[[Any, Event[Any, Any], datetime], Outcome[Any]]
KeyOf = Callable[[Event[Any, Any]], str]


def subject_key(event: Event[Any, Any]) -> str:
    """The default key of the document that an event changes: its subject."""
    return event.subject


@dataclass(frozen=True, slots=True)
class Route:
    """One event type → one document → one handler.

    `document` None means a stateless hop (re-keying): no document is loaded or written.
    """

    event: type[EventData]
    document: type[Aggregate] | None
    handler: Handler
    key: KeyOf = subject_key
    phi: bool = False
    """Whether the handler, or `key`, looks at `event.phi`: it is None where nobody asked for it, and never decrypted."""
    view: type[EventView] | None = None
    """What the handler gets instead of the whole event."""

    @property
    def model(self) -> type[EventData]:
        """What `event.data` is."""
        return self.view or self.event


@dataclass(frozen=True, slots=True)
class TimerRoute:
    """What to do when the timer `name` of a `document` is due; the chassis has disarmed it before the call."""

    name: str
    document: type[Aggregate]
    handler: Handler


class Received(EventData):
    """A record of a topic that others write, not yet validated: whoever handles it answers for every fault in it.

    The event's `id` is derived from topic, the sender's own id and the bytes, so that an exact repeat is passed over
    and the same id with other content is not. Its `time` is the record's timestamp.
    """

    partner: str
    """Taken from the topic's name, which the broker's ACL vouches for."""
    topic: str
    partition: int
    offset: int
    size: int
    """Bytes of the record's value."""
    body: dict[str, Any]
    """The JSON object as it came. It may carry PHI."""
    value: bytes = b""
    """The bytes that it was read from."""


@dataclass(frozen=True, slots=True)
class RawRoute:
    """Every record of a topic (a template such as `partner.{partner}.encounters.v1`), of whatever type.

    The handler gets an `Event[Received, None]`. Only bytes that are no JSON object become dead letters by themselves.
    """

    topic: str
    document: type[Aggregate] | None
    handler: Handler
    key: KeyOf = subject_key


@dataclass(frozen=True, slots=True)
class Routes:
    """A service's routing table: the end of its handlers.py."""

    service: str
    events: tuple[Route, ...]
    timers: tuple[TimerRoute, ...] = field(default=())
    raw: tuple[RawRoute, ...] = field(default=())
