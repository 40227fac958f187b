"""What a partner is told: every fault with code, place and remedy, and never a value of the event."""

import copy
import json
from typing import Any

import orjson
import pytest
from hypothesis import example as case
from hypothesis import given
from hypothesis import strategies as st

from schemas.events.partner import EncounterSubmitted
from schemas.examples import example
from services.intake.domain.contract import check, content
from services.intake.domain.duplicate_keys import doubled


def event(**changes: Any) -> dict[str, Any]:
    found = copy.deepcopy(example(EncounterSubmitted.TYPE))
    for pointer, value in changes.items():
        holder: Any = found
        *steps, last = pointer.split("__")
        for step in steps:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        holder[int(last) if isinstance(holder, list) else last] = value
    return found


def told(value: dict[str, Any]) -> list[tuple[str, str]]:
    return [(reason.code, reason.path) for reason in check(value, "riverside").reasons]


@pytest.mark.parametrize(
    ("value", "code", "path"),
    [
        (event(data__lines__0__charge_cents="18500"), "wrong_type", "/data/lines/0/charge_cents"),
        (event(data__lines__0__charge_cents=-1), "out_of_range", "/data/lines/0/charge_cents"),
        (event(data__lines=[]), "wrong_length", "/data/lines"),
        (event(data__diagnoses=["M17.11"]), "wrong_format", "/data/diagnoses/0"),
        (event(data__patient__person__birth_date="17.04.1961"), "wrong_format", "/data/patient/person/birth_date"),
        (event(data__patient__person__middel_name="X"), "unknown_field", "/data/patient/person"),
        (event(data__emergency="yes"), "wrong_type", "/data/emergency"),
        (event(data__coverages__0__relationship="child"), "subscriber_required", "/data/coverages/0/subscriber"),
        (
            event(data__patient__person__last_name="Quill\tfeather"),
            "control_characters",
            "/data/patient/person/last_name",
        ),
        (event(source="/partners/lakeside"), "wrong_partner", "/source"),
        (event(type="overturn.partner.encounter.v9"), "unknown_type", "/type"),
        (event(time="yesterday"), "wrong_format", "/time"),
        (event(time="2026-01-05T08:00:00"), "wrong_format", "/time"),
        (event(id=17), "wrong_type", "/id"),
        (event(data=[1]), "wrong_type", "/data"),
    ],
)
def test_a_fault_is_told_with_its_place(value: dict[str, Any], code: str, path: str) -> None:
    assert told(value) == [(code, path)]


@pytest.mark.parametrize(
    ("once", "twice", "path"),
    [
        ('"charge_cents"', '"charge_cents":1,"charge_cents"', "/data/lines/0/charge_cents"),
        ('"specversion"', '"source":"/partners/riverside","specversion"', "/source"),
        ('"patient":', '"patient":{},"patient":', "/data/patient"),
        ('"patient":', '"orla tamblyn":{"a":1,"a":2},"patient":', "/data"),
        ('"last_name"', '"smith":1,"smith":2,"last_name"', "/data/patient/person"),
        ('"charge_cents"', '"charge\\u005fcents":1,"charge_cents"', "/data/lines/0/charge_cents"),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_a_key_that_stands_twice_is_told_with_its_place(once: str, twice: str, path: str, indent: int | None) -> None:
    text = json.dumps(event(), indent=indent, separators=(",", ":")).replace(once, twice, 1)
    reasons = check(json.loads(text), "riverside", text.encode()).reasons
    assert [(reason.code, reason.path) for reason in reasons] == [("duplicate_key", path)]


@pytest.mark.parametrize("indent", [None, 2])
def test_no_key_stands_twice_in_a_valid_event_however_it_is_written(indent: int | None) -> None:
    for ascii_only in (True, False):
        value = event(data__patient__person__last_name="Müller")
        text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
        assert check(value, "riverside", text.encode()).reasons == ()


def test_all_faults_are_told_at_once() -> None:
    bad = event(data__place_of_service="office", data__lines__1__units=0)
    del bad["data"]["patient"]
    assert sorted(told(bad)) == [
        ("missing", "/data/patient"),
        ("out_of_range", "/data/lines/1/units"),
        ("wrong_format", "/data/place_of_service"),
    ]


def test_no_value_and_no_unknown_name_of_the_event_comes_back() -> None:
    secret = "Quillfeather-1961"
    bad = event(data__place_of_service=secret, data__patient__person__sex=secret, data__diagnoses=[secret])
    bad["data"][secret] = secret
    bad["data"]["patient"]["person"][secret] = 1
    answer = str(check(bad, "riverside").reasons)
    assert secret not in answer


def test_a_thousand_faults_are_cut_short() -> None:
    bad = event(data__lines=[{"nonsense": n} for n in range(200)])
    assert len(told(bad)) == 20


def test_the_encounter_number_is_read_of_an_invalid_event_but_not_of_a_strangers() -> None:
    assert check(event(data__lines=[]), "riverside").encounter_number == "RV-88120"
    assert check(event(source="/partners/lakeside"), "riverside").encounter_number is None
    assert check(event(data__encounter_number=5), "riverside").encounter_number is None


def test_content_is_the_same_in_any_order_and_at_any_time_of_sending() -> None:
    one = event()
    other = dict(reversed(event(time="2026-02-01T00:00:00Z").items()))
    other["data"] = dict(reversed(other["data"].items()))
    assert content(one) == content(other)
    assert content(one) != content(event(data__emergency=True))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
JSON = st.recursive(SCALARS, lambda of: st.lists(of, max_size=3) | st.dictionaries(TEXT, of, max_size=3), max_leaves=8)


def as_read(value: object) -> dict[str, Any]:
    return {"data": orjson.loads(json.dumps(value))}


def plainly(value: object) -> str:
    return json.dumps(value, sort_keys=True)


@given(JSON, JSON)
@case(1, 1.0)
@case(1, True)
@case(0.0, -0.0)
@case(2**64 - 1, 2**64)
@case(2**64, 2**64 + 1)
@case(1e16, 10**16)
@case({"a": 1, "\u0430": 2}, {"\u0430": 2, "a": 1})
@case("\u00e9", "e\u0301")
def test_two_contents_are_the_same_just_where_python_writes_the_same(one: object, other: object) -> None:
    first, second = as_read(one), as_read(other)
    assert (content(first) == content(second)) == (plainly(first) == plainly(second))


@pytest.mark.parametrize("place", ['"revision":1', '"patient"', '"specversion":"1.0"'])
@pytest.mark.parametrize("depth", [100, 250, 600, 1000])
def test_an_event_nested_too_deep_is_answered_and_an_extension_attribute_may_be_as_deep_as_it_likes(
    place: str, depth: int
) -> None:
    nested = "[" * depth + "]" * depth
    within = {'"revision":1': f'"revision":{nested}', '"patient"': f'"extra":{nested},"patient"'}
    text = json.dumps(event(), separators=(",", ":")).replace(place, within.get(place, f'"trace":{nested},{place}'), 1)
    value = orjson.loads(text)
    assert bool(check(value, "riverside", text.encode()).reasons) == (place in within)
    assert content(value, text.encode()) == content(orjson.loads(text), text.encode())


@pytest.mark.parametrize("number", ["1e9", "1e10", "1e3"])
def test_a_doubled_key_is_found_also_where_a_number_grows_by_its_length_in_reading(number: str) -> None:
    text = f'{{"id":"a","id":"b","time":{number}}}'.encode()
    assert doubled(text, orjson.loads(text)) == ("id",)


@pytest.mark.parametrize("depth", [200, 300])
def test_a_doubled_key_is_found_beside_deep_nesting(depth: int) -> None:
    text = b'{"id":"a","id":"b","data":' + b"[" * depth + b"]" * depth + b"}"
    assert doubled(text, orjson.loads(text)) == ("id",)
