"""Lets a service's metrics see what its handlers decide, while the handlers stay pure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from prometheus_client import Counter, Histogram

from schemas.events.envelope import Event
from services.chassis.verdicts import Handler, Outcome, Routes

Observe = Callable[[Outcome[Any]], None]


M = TypeVar("M", Counter, Histogram)


@cache
def labelled(metric: M, *labels: str) -> M:
    """The metric of these label values; prometheus_client would look it up anew for each event."""
    return metric.labels(*labels)


def observed(routes: Routes, observe: Observe) -> Routes:
    """The same routes; `observe` gets every outcome, that of a repeated run after a conflict too."""

    def wrap(handler: Handler) -> Handler:
        def seen(state: Any, event: Event[Any, Any], now: datetime) -> Outcome[Any]:
            outcome = handler(state, event, now)
            observe(outcome)
            return outcome

        return seen

    return replace(
        routes,
        events=tuple(replace(route, handler=wrap(route.handler)) for route in routes.events),
        timers=tuple(replace(timer, handler=wrap(timer.handler)) for timer in routes.timers),
        raw=tuple(replace(raw, handler=wrap(raw.handler)) for raw in routes.raw),
    )
