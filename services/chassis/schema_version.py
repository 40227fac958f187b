"""Which schema a stored document has: an older one is upgraded as it is read, a newer one is let alone."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from schemas.document import Aggregate, NoUpgrade
from services.chassis.codec import place_of
from services.chassis.verdicts import Fatal

FIELD = "schema"
UNNUMBERED = 1
"""Schema of a document that names none."""
DRAIN = (
    "let the program that wrote it work off what is open, then begin with a fresh store (services/chassis/README.md); "
    "nothing was changed"
)


class UnknownSchema(Fatal):
    """A stored document that this program cannot read; nothing may be written over it. Names no value of it."""

    def __init__(self, aggregate: type[Aggregate], schema: int, why: str) -> None:
        service = aggregate.__module__.removeprefix("services.").split(".")[0]
        kind = f"{service}: a stored {aggregate.__name__} has schema {schema}"
        super().__init__(f"{kind}, this program writes {aggregate.SCHEMA}: {why}")


def schema_of(aggregate: type[Aggregate], found: Mapping[str, Any]) -> int:
    """The schema of a stored document; raises UnknownSchema for one newer than this program's."""
    schema: int = found.get(FIELD, UNNUMBERED)
    if schema > aggregate.SCHEMA:
        raise UnknownSchema(aggregate, schema, "a newer program wrote it, run that one here too; nothing was changed")
    return schema


def read(aggregate: type[Aggregate], schema: int, fields: Mapping[str, Any]) -> Aggregate:
    """The state of a stored document; raises UnknownSchema where no upgrade leads to this program's, or it is unsound."""
    try:
        return aggregate.model_validate(fields if schema == aggregate.SCHEMA else _upgraded(aggregate, schema, fields))
    except ValidationError as error:
        raise UnknownSchema(aggregate, schema, f"it cannot be read at {place_of(error, 'state')}; {DRAIN}") from None


def _upgraded(aggregate: type[Aggregate], schema: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    state = dict(fields)
    for step in range(schema, aggregate.SCHEMA):
        upgrade = aggregate.UPGRADES.get(step)
        if upgrade is None:
            raise UnknownSchema(aggregate, schema, f"there is no upgrade from {step} to {step + 1}; {DRAIN}")
        try:
            state = upgrade(state)
        except NoUpgrade as lacks:
            raise UnknownSchema(aggregate, schema, f"{lacks}; {DRAIN}") from None
    return state
