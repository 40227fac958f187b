"""A service's routing table, resolved against the topics there are: which record goes to which handler."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.document import Aggregate
from schemas.events.clock import Tick, TimerFired
from schemas.events.envelope import EventData
from services.chassis.records import replay_topic
from services.chassis.verdicts import RawRoute, Route, Routes, TimerRoute

CLOCK = Tick.TOPIC
EFFECTS_TIMER = "~effects"
"""Name of the timer event by which a tick asks for stuck effects to be tried again."""


Models = Mapping[str, type[EventData]]


@dataclass(frozen=True, slots=True)
class Source:
    """An input topic, and the partner in its name."""

    topic: str
    wanted: Models
    """What a service has a use for in it, by CloudEvents type."""
    partner: str | None = None
    record_time: bool = False
    """Whether the record's timestamp is the time: its writers are not trusted with `time`."""
    raw: RawRoute | None = None


class Router:
    """Looks up routes; made once at start.

    `topics` are the broker's topics (without prefix), `record_time` the templates whose time is the record's.
    Raises ValueError for a table that contradicts itself.
    """

    def __init__(self, routes: Routes, topics: Iterable[str], record_time: Iterable[str] = ()) -> None:
        self.service = routes.service
        self.timers_topic = TimerFired.TOPIC.format(service=routes.service)
        """The service's own topic of due timers."""
        self._by_type: dict[str, Route] = {}
        for route in routes.events:
            if route.event.TYPE in self._by_type:
                raise ValueError(f"{routes.service} routes {route.event.TYPE} twice: one event changes one document")
            if route.phi and route.event.PHI is None:
                raise ValueError(f"{routes.service} asks for the PHI of {route.event.TYPE}, which has none")
            self._by_type[route.event.TYPE] = route
        self._wanted = {type_: route.model for type_, route in self._by_type.items()}
        self._timers = {(timer.document.__name__, timer.name): timer for timer in routes.timers}
        self._record_time = frozenset(record_time)
        self.documents = self._documents(routes)
        self.sources = self._sources(routes, tuple(topics))

    def by_type(self, type_: str) -> Route | None:
        """The route of a CloudEvents type; None: this service has no use for it."""
        return self._by_type.get(type_)

    def timer(self, document: str, name: str) -> TimerRoute | None:
        """The route of a timer."""
        return self._timers.get((document, name))

    def source(self, topic: str) -> Source:
        """What is known of an input topic; raises KeyError for one that is not read."""
        return self.sources[topic]

    @property
    def aggregates(self) -> Mapping[str, type[Aggregate]]:
        """Classes of documents by name."""
        return self.documents

    @property
    def shared(self) -> frozenset[type[Aggregate]]:
        """Classes of documents that any worker may write: their events come from topics of any key."""
        return frozenset(source.raw.document for source in self.sources.values() if source.raw and source.raw.document)

    def _documents(self, routes: Routes) -> dict[str, type[Aggregate]]:
        classes: list[type[Aggregate] | None] = [route.document for route in routes.events]
        classes += [timer.document for timer in routes.timers] + [raw.document for raw in routes.raw]
        return {document.__name__: document for document in classes if document is not None}

    def _sources(self, routes: Routes, topics: tuple[str, ...]) -> dict[str, Source]:
        found: dict[str, Source] = {}
        for route in routes.events:
            template = route.event.TOPIC.replace("{service}", self.service)
            found.update(self._matching(template, topics, None))
        for raw in routes.raw:
            found.update(self._matching(raw.topic, topics, raw))
        replayed = replay_topic(self.service)
        found[replayed] = Source(replayed, self._wanted)
        if self.documents:
            found[self.timers_topic] = Source(self.timers_topic, {TimerFired.TYPE: TimerFired})
            found[CLOCK] = Source(CLOCK, {Tick.TYPE: Tick})
        return found

    def _matching(self, template: str, topics: tuple[str, ...], raw: RawRoute | None) -> dict[str, Source]:
        record_time = template in self._record_time
        if "{partner}" not in template:
            return {template: Source(template, self._wanted, None, record_time, raw)}
        pattern = re.compile(re.escape(template).replace(re.escape("{partner}"), r"([A-Za-z0-9_-]+)") + "$")
        matches = [(topic, pattern.match(topic)) for topic in topics]
        return {topic: Source(topic, self._wanted, match[1], record_time, raw) for topic, match in matches if match}
