"""topics.yaml is the source of truth: what services route is what it says they read, and they publish only what they own."""

import importlib
import inspect
from pathlib import Path

import pytest

from schemas.directory import PayerDirectory
from services.chassis.identity import Identity
from services.chassis.topics import load_topics
from services.chassis.verdicts import Routes

SERVICES = [path.parent.name for path in sorted((Path(__file__).parents[2] / "services").glob("*/handlers.py"))]
CLOCK = "clock.v1"


def routes_of(service: str) -> Routes:
    handlers = importlib.import_module(f"services.{service}.handlers")
    if hasattr(handlers, "ROUTES"):
        return handlers.ROUTES
    given = {"directory": PayerDirectory(payers=()), "ids": Identity(b"k" * 32)}
    wanted = inspect.signature(handlers.routes).parameters.values()
    return handlers.routes(*(given[one.name] for one in wanted if one.default is one.empty))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_what_topics_yaml_says(service: str) -> None:
    routes = routes_of(service)
    routed = {route.event.TOPIC for route in routes.events} | {raw.topic for raw in routes.raw}
    routed |= {CLOCK} if routes.timers else set()
    own = {f"{service}.{kind}.v1" for kind in ("timers", "deadletters", "replay")}
    listed = {spec.name for spec in load_topics() if service in spec.readers} - own
    assert routed == listed, f"{service}: routes {routed - listed} unlisted, topics.yaml {listed - routed} unrouted"


def test_every_service_stands_in_topics_yaml() -> None:
    assert {name.split(".")[0] for name in (spec.name for spec in load_topics()) if name.endswith(".timers.v1")} == set(
        SERVICES
    )
