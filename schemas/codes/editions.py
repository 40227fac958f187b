"""Dated tables: a YAML file holds one or more editions, and a lookup names the day it asks about."""

from datetime import date
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.codes import dated
from schemas.codes.dated import remembered, table_text


class TableError(dated.TableError):
    """A table file cannot be used; the message names file, place and remedy."""


class Edition(BaseModel):
    """One edition of a table, in force from a day until the next edition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_from: date
    source: str
    """Where the content was read, or whose practice it is."""


E = TypeVar("E", bound=Edition)


@remembered()
def _read(name: str, model: type[E]) -> tuple[E, ...]:
    try:
        raw = yaml.safe_load(table_text(name))
        found = [model.model_validate(item) for item in raw["editions"]]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise TableError(f"schemas/codes/{name}: not a table ({error}); it needs a list named `editions`") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise TableError(f"schemas/codes/{name}: {place}: {first['msg']}") from error
    return tuple(sorted(found, key=lambda edition: edition.effective_from))


def editions(name: str, model: type[E]) -> tuple[E, ...]:
    """Every edition of a table, oldest first. Raises TableError."""
    found: tuple[E, ...] = _read(name, model)
    return found


def edition_on(name: str, model: type[E], day: date) -> E:
    """The edition of a table in force on a day; the oldest one for days before it (old A/R). Raises TableError."""
    every = editions(name, model)
    for edition in reversed(every):
        if edition.effective_from <= day:
            return edition
    return every[0]
