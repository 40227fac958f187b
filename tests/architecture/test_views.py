"""A service that reads only a part of an event reads what its owner writes: the same fields, the same values."""

from typing import Any

import pytest
from pydantic import BaseModel

from schemas.document import Unread
from schemas.events.envelope import EventView
from schemas.examples import example
from services.chassis.verdicts import Route
from tests.architecture.test_topics import SERVICES, routes_of

VIEWS = [
    pytest.param(route, route.view, id=f"{service}-{route.event.__name__}")
    for service in SERVICES
    for route in routes_of(service).events
    if route.view is not None
]


def written(model: type[BaseModel], given: dict[str, Any]) -> list[dict[str, Any]]:
    """What a writer may write: all that the example gives, and no more than it must."""
    least = {name: value for name, value in given.items() if model.model_fields[name].is_required()}
    return [model.model_validate(some).model_dump(mode="json") for some in (given, least)]


def part_of(whole: Any, part: Any) -> bool:
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(name in whole and part_of(whole[name], value) for name, value in part.items())
    if isinstance(whole, list) and isinstance(part, list):
        return len(whole) == len(part) and all(part_of(*pair) for pair in zip(whole, part, strict=True))
    return bool(whole == part)


@pytest.mark.parametrize(("route", "view"), VIEWS)
def test_a_view_is_a_part_of_its_event(route: Route, view: type[EventView]) -> None:
    assert (view.TYPE, view.TOPIC) == (route.event.TYPE, route.event.TOPIC)
    for data in written(route.event, example(route.event.TYPE)["data"]):
        assert part_of(data, view.model_validate(data).model_dump(mode="json"))


@pytest.mark.parametrize(("route", "view"), [of for of in VIEWS if of.values[0].phi and of.values[1].PHI is not Unread])
def test_a_views_phi_is_a_part_of_its_events(route: Route, view: type[EventView]) -> None:
    assert route.event.PHI is not None and view.PHI is not None
    for phi in written(route.event.PHI, example(route.event.TYPE, "phi")):
        assert part_of(phi, view.PHI.model_validate(phi).model_dump(mode="json"))
