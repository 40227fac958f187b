"""The rule that guards released events: which changes fit, and which are told with their place."""

import copy
from typing import Any

import pytest

from schemas.events.claims import ClaimAdjudicated
from schemas.examples.compatibility import breaks

RELEASED = ClaimAdjudicated.model_json_schema()


def changed(*steps: str, **to: Any) -> dict[str, Any]:
    schema = copy.deepcopy(RELEASED)
    part = schema
    for step in steps:
        part = part[step]
    for name, value in to.items():
        if value is None:
            del part[name]
        else:
            part[name] = value
    return schema


def test_the_same_schema_fits() -> None:
    assert breaks(RELEASED, copy.deepcopy(RELEASED)) == []


def test_a_new_optional_field_and_other_words_fit() -> None:
    more = changed("properties", note={"type": "string", "default": ""})
    more["description"] = "said better"
    assert breaks(RELEASED, more) == []


@pytest.mark.parametrize(
    ("now", "place"),
    [
        (changed("properties", claim_id=None), "/claim_id: was taken away"),
        (changed("properties", "version", type="string"), "/version: type was integer"),
        (changed("properties", "result", pattern="^(paid|denied)$"), "/result: pattern was"),
        (changed(required=[*RELEASED["required"], "accepted_on"]), "/accepted_on: is required now"),
        (changed(required=[n for n in RELEASED["required"] if n != "check_id"]), "/check_id: may be absent now"),
        (changed("$defs", "DeniedAmount", "properties", "cents", type="number"), "/denied/*/cents: type was integer"),
        (changed("properties", "accepted_on", anyOf=[{"type": "string", "format": "date"}]), "/accepted_on: had 2"),
    ],
)
def test_a_change_that_breaks_a_reader_is_told_with_its_place(now: dict[str, Any], place: str) -> None:
    told = breaks(RELEASED, now)
    assert any(line.startswith(place) for line in told), told


def test_a_new_required_field_is_told() -> None:
    now = changed("properties", note={"type": "string"})
    now["required"] = [*RELEASED["required"], "note"]
    assert breaks(RELEASED, now) == ["/note: is new and required; give it a default"]
