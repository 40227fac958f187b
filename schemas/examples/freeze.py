"""Freezes the JSON Schemas of event types: what was released stays in the repository beside its examples."""

import json
from pathlib import Path
from typing import Any

from schemas.events.envelope import EventData
from schemas.events.registry import event_types
from schemas.examples import FOLDER, example, has
from schemas.examples.compatibility import breaks

SCHEMA, PHI_SCHEMA = "schema", "phi.schema"


def current(model: type[EventData]) -> dict[str, dict[str, Any]]:
    """The JSON Schemas of an event type as the code has them now, by file name without ending."""
    found = {SCHEMA: model.model_json_schema()}
    return found if model.PHI is None else {**found, PHI_SCHEMA: model.PHI.model_json_schema()}


def differences(type_: str) -> list[str]:
    """What of a released event type no longer fits; empty also where nothing is released yet."""
    model = event_types()[type_]
    told = [
        f"{type_} {name} {fault}"
        for name, schema in current(model).items()
        if has(type_, name)
        for fault in breaks(example(type_, name), schema)
    ]
    gone = has(type_, PHI_SCHEMA) and model.PHI is None
    return [*told, f"{type_}: its phi was taken away"] if gone else told


def freeze(*, again: bool = False) -> list[Path]:
    """Write the schemas that are not frozen yet, with `again` all of them; returns what was written."""
    written = []
    for type_, model in sorted(event_types().items()):
        for name, schema in current(model).items():
            if again or not has(type_, name):
                path = FOLDER / type_ / f"{name}.json"
                path.parent.mkdir(exist_ok=True)
                path.write_text(json.dumps(schema, indent=1) + "\n", "utf-8")
                written.append(path)
    return written
