"""Drives a service's routes as the chassis would, without broker or database: events, own hops, timers by ticks."""

from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from schemas.document import Aggregate, Phi
from schemas.events.clock import TimerFired
from schemas.events.envelope import Event, EventData
from services.chassis.verdicts import Effect, Emit, Outcome, Routes

DAY0 = date(2026, 1, 5)


class Runner:
    """Documents by class and key; what was told, with its day; effects in order."""

    def __init__(self, routes: Routes, own_hops: tuple[str, ...] = ()) -> None:
        self.routes = routes
        self.own_hops = own_hops
        self.states: dict[tuple[type[Aggregate], str], Aggregate] = {}
        self.told: list[tuple[date, str, EventData]] = []
        self.effects: list[Effect] = []
        self._ids = count(1)

    def feed(self, day: date, key: str, data: EventData, phi: Phi | None = None) -> list[EventData]:
        """Hand an event to its route; what it caused, own hops done."""
        caused: list[EventData] = []
        for route in (route for route in self.routes.events if isinstance(data, route.event)):
            assert route.document is not None
            seen = data if route.view is None else route.view.model_validate(data.model_dump())
            told = phi if phi is None or route.model.PHI is None else route.model.PHI.model_validate(phi.model_dump())
            caused += self._run(route.document, key, route.handler, seen, told, day)
        return caused

    def tick(self, day: date) -> list[EventData]:
        """Fire every timer that is due; what it caused."""
        now = _at(day)
        caused: list[EventData] = []
        for (document, key), state in list(self.states.items()):
            for name, due in list(state.timers.items()):
                if due > now:
                    continue
                self.states[document, key] = state.model_copy(update={"timers": state.disarmed(name)})
                timer = next(t for t in self.routes.timers if t.name == name and t.document is document)
                fired = TimerFired(document=document.__name__, timer=name, due_at=due)
                caused += self._run(document, key, timer.handler, fired, None, day)
        return caused

    def until(self, first: date, last: date) -> list[EventData]:
        """Tick every day of a span."""
        ordinals = range(first.toordinal(), last.toordinal() + 1)
        return [event for ordinal in ordinals for event in self.tick(date.fromordinal(ordinal))]

    def all(self, kind: type[EventData]) -> list[Any]:
        """Everything told of a type."""
        return [data for _, _, data in self.told if isinstance(data, kind)]

    def state(self, document: type[Aggregate], key: str) -> Any:
        """A document, asserted to exist."""
        return self.states[document, key]

    def _run(
        self, document: type[Aggregate], key: str, handler: Any, data: EventData, phi: Phi | None, day: date
    ) -> list[EventData]:
        event = Event(
            id=f"e{next(self._ids)}", source="/test", subject=key, time=_at(day), data=data, phi=phi, partition=0
        )
        outcome: Outcome[Any] = handler(self.states.get((document, key)), event, _at(day))
        if outcome.state is not None:
            stored = type(outcome.state).model_validate_json(outcome.state.model_dump_json())
            assert stored == outcome.state, "a document must survive its own storage"
            self.states[document, key] = outcome.state
        self.effects += outcome.effects
        return [event for emit in outcome.events for event in self._told(emit, day)]

    def _told(self, emit: Emit, day: date) -> list[EventData]:
        again = type(emit.data).model_validate_json(emit.data.model_dump_json())
        assert again == emit.data, "an event must survive the wire"
        if emit.data.TOPIC in self.own_hops:
            return self.feed(day, emit.key, emit.data, emit.phi)
        self.told.append((day, emit.key, emit.data))
        return [emit.data]


def _at(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
