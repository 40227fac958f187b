"""Every event type by its CloudEvents `type`."""

import importlib
import pkgutil
from functools import cache

import schemas.events
from schemas.events.envelope import EventData


class UnknownType(KeyError):
    """No released event has this CloudEvents type."""


@cache
def event_types() -> dict[str, type[EventData]]:
    """All released event types; imports every module of the package once."""
    for module in pkgutil.iter_modules(schemas.events.__path__):
        importlib.import_module(f"schemas.events.{module.name}")
    return {cls.TYPE: cls for cls in EventData.__subclasses__() if cls.TYPE}


def event_class(type_: str) -> type[EventData]:
    """The data model of a CloudEvents type; raises UnknownType."""
    try:
        return event_types()[type_]
    except KeyError:
        raise UnknownType(type_) from None
