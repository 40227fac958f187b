"""The public partner contract: what is published says the same as what intake checks."""

import copy
import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events.partner import EncounterRejected, EncounterSubmitted
from schemas.examples import example
from schemas.partner.envelope import PARTNER_EVENTS
from schemas.partner.publish import FOLDER, event_schema, files
from schemas.partner.rejections import rejection_codes
from services.intake.domain.contract import check

ENCOUNTER = EncounterSubmitted.TYPE
VALIDATOR = jsonschema.Draft202012Validator(event_schema(EncounterSubmitted))
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**10),
    st.sampled_from([0.5, 18500.5]),
    st.text(max_size=3),
    st.just([]),
    st.just({}),
)


def test_what_is_published_is_what_the_code_says() -> None:
    stale = [name for name, text in files().items() if (FOLDER / name).read_text("utf-8") != text]
    assert not stale, "publish it: python -m schemas.partner"


@pytest.mark.parametrize("type_", PARTNER_EVENTS)
def test_examples_agree_with_schema_and_intake(type_: str) -> None:
    validator = jsonschema.Draft202012Validator(event_schema(PARTNER_EVENTS[type_]))
    assert validator.is_valid(example(type_))
    assert not check(example(type_), "riverside").reasons
    assert not validator.is_valid(example(type_, "invalid"))
    assert check(example(type_, "invalid"), "riverside").reasons


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at] if at else []
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        found += places(part, (*at, step))
    return found


@given(place=st.sampled_from(places(example(ENCOUNTER)["data"])), junk=JUNK, drop=st.booleans())
def test_schema_and_intake_refuse_the_same_events(place: tuple[Any, ...], junk: Any, drop: bool) -> None:
    event = copy.deepcopy(example(ENCOUNTER))
    holder = event["data"]
    for step in place[:-1]:
        holder = holder[step]
    if drop:
        del holder[place[-1]]
    else:
        holder[place[-1]] = junk
    refused = {reason.code for reason in check(event, "riverside").reasons}
    # rules over several fields, and what JSON Schema's `format` only notes, are intake's alone
    beyond = {"subscriber_required", "control_characters"}
    if any("date" in str(step) for step in place):
        return
    assert VALIDATOR.is_valid(event) == (not refused - beyond)


def test_every_code_told_is_in_the_published_table() -> None:
    event = example(ENCOUNTER, "invalid")
    event["data"]["unheard_of"] = 1
    del event["data"]["patient"]["person"]["first_name"]
    told = {reason.code for reason in check(event, "riverside").reasons}
    assert {"unknown_field", "missing"} <= told <= set(rejection_codes())


def test_a_rejection_answers_by_the_published_schema() -> None:
    schema = json.loads((FOLDER / "rejection.v1.schema.json").read_text("utf-8"))
    jsonschema.validate(example(EncounterRejected.TYPE), schema)
