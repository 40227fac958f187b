"""Every released event type: its examples, its frozen schemas, its topic; old and new readers and writers."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from schemas.events.envelope import Envelope, EventData
from schemas.events.registry import event_types
from schemas.examples import FOLDER, example, faults, has
from schemas.examples.freeze import PHI_SCHEMA, SCHEMA, current, differences

TYPES = sorted(event_types().items())
NAMES = [name for name, _ in TYPES]


def topics() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((files("schemas.events") / "topics.yaml").read_text("utf-8"))
    return found


def at(value: Any, pointer: str) -> Any:
    for step in pointer.strip("/").split("/"):
        value = value[int(step) if isinstance(value, list) else step]
    return value


def places(error: ValidationError) -> set[str]:
    return {"/".join(("/data", *map(str, fault["loc"]))) for fault in error.errors()}


@pytest.mark.parametrize(("type_", "model"), TYPES, ids=NAMES)
def test_the_valid_example_is_an_event_of_its_type(type_: str, model: type[EventData]) -> None:
    event = Envelope.model_validate_json(json.dumps(example(type_)))
    assert event.type == type_
    model.model_validate_json(json.dumps(event.data), strict=True, extra="forbid")


@pytest.mark.parametrize(("type_", "model"), TYPES, ids=NAMES)
def test_the_invalid_example_fails_where_it_is_said_to(type_: str, model: type[EventData]) -> None:
    data = Envelope.model_validate(example(type_, "invalid")).data
    with pytest.raises(ValidationError) as caught:
        model.model_validate_json(json.dumps(data))
    assert places(caught.value) == {faults()[type_]}


@pytest.mark.parametrize(("type_", "model"), TYPES, ids=NAMES)
def test_phi_has_an_example_and_no_value_of_it_stands_in_data(type_: str, model: type[EventData]) -> None:
    assert has(type_, "phi") == (model.PHI is not None)
    if model.PHI is None:
        return
    phi = example(type_, "phi")
    model.PHI.model_validate_json(json.dumps(phi), strict=True, extra="forbid")
    said = set(texts(example(type_)["data"]))
    telling = {text for text in texts(phi) if len(text) > 4} - {example(type_)["data"].get("claim_id")}
    assert not said & telling


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


@pytest.mark.parametrize(("type_", "model"), TYPES, ids=NAMES)
def test_what_was_released_is_frozen_and_still_fits(type_: str, model: type[EventData]) -> None:
    assert all(has(type_, name) for name in current(model)), "freeze it: python -m schemas.examples"
    assert not differences(type_)


@pytest.mark.parametrize(("type_", "model"), TYPES, ids=NAMES)
def test_an_old_reader_reads_what_is_written_now(type_: str, model: type[EventData]) -> None:
    written = model.model_validate(example(type_)["data"]).model_dump(mode="json")
    jsonschema.validate(written, example(type_, SCHEMA))
    if model.PHI is not None:
        phi = model.PHI.model_validate(example(type_, "phi")).model_dump(mode="json")
        jsonschema.validate(phi, example(type_, PHI_SCHEMA))


@pytest.mark.parametrize(("type_", "model"), TYPES, ids=NAMES)
def test_a_reader_of_now_takes_fields_that_later_writers_add(type_: str, model: type[EventData]) -> None:
    later = {**example(type_)["data"], "added_later": "x"}
    if type_.startswith(("overturn.partner.encounter.", "overturn.partner.encounter_cancelled.")):
        with pytest.raises(ValidationError):  # what partners send is strict: a mistyped field must be seen
            model.model_validate(later)
    else:
        assert model.model_validate(later) == model.model_validate(example(type_)["data"])


@pytest.mark.parametrize(("type_", "model"), TYPES, ids=NAMES)
def test_every_type_lies_on_a_topic_that_says_who_reads_it(type_: str, model: type[EventData]) -> None:
    known = {**topics()["topics"], **topics()["per_service"]}
    assert model.TOPIC in known


def test_no_example_is_left_of_a_type_that_does_not_exist() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name.startswith("overturn.")}
    assert folders == set(NAMES) == set(faults())


def test_invalid_examples_differ_from_valid_ones_in_one_place_only() -> None:
    for type_, pointer in faults().items():
        valid, invalid = example(type_), example(type_, "invalid")
        parent, _, last = pointer.rpartition("/")
        for event in (valid, invalid):
            holder = at(event, parent)
            holder.pop(int(last) if isinstance(holder, list) else last, None)
        assert valid == invalid, type_
