"""Events survive the wire; faults are told by code and place, never by value."""

import base64
import os
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar
from uuid import UUID, uuid5

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from schemas.document import Phi
from schemas.events.envelope import EventData
from services.chassis.codec import NAMESPACE, Codec, Heading, derived_id, parse
from services.chassis.crypto import Cipher, KeyFile
from services.chassis.verdicts import Reject

CODEC = Codec(Cipher(KeyFile("k", {"k": os.urandom(32)}, b"")))
NOW = datetime(2026, 1, 5, 12, 30, 15, 123456, tzinfo=UTC)


class Secret(Phi):
    name: str


class CodecEvent(EventData):
    """Keeps the test's types out of the registry of released types."""


class Noted(CodecEvent):
    TYPE: ClassVar[str] = "test.noted.v1"
    TOPIC: ClassVar[str] = "test.v1"
    PHI: ClassVar[type[Phi] | None] = Secret
    text: str
    cents: int
    marks: dict[str, int] = Field(default_factory=dict)


def encoded(**changes: Any) -> dict[str, Any]:
    value = CODEC.encode(Heading("id-1", "test", "key", NOW), Noted(text="t", cents=1), Secret(name="Joan Smith"))
    return {**orjson.loads(value), **changes}


@given(st.text(max_size=50), st.integers(-(2**53), 2**53), st.text(min_size=1, max_size=40))
def test_what_is_encoded_is_decoded(text: str, cents: int, name: str) -> None:
    heading = Heading("id", "here", "key", NOW, "cause", "story", "00-trace")
    value = CODEC.encode(heading, Noted(text=text, cents=cents), Secret(name=name))
    event = CODEC.decode(value, Noted, 3)
    assert (event.data, event.phi) == (Noted(text=text, cents=cents), Secret(name=name))
    assert (event.id, event.source, event.subject, event.time, event.partition) == ("id", "here", "key", NOW, 3)
    assert (event.causation_id, event.correlation_id, event.traceparent) == ("cause", "story", "00-trace")


def test_phi_is_not_readable_on_the_wire_and_is_bound_to_its_event() -> None:
    fields = encoded()
    assert b"Joan" not in orjson.dumps(fields) + base64.b64decode(fields["phi"])
    with pytest.raises(Reject, match="phi_undecryptable"):
        CODEC.decode(orjson.dumps(encoded(phi=fields["phi"], id="id-2")), Noted, 0)


def test_time_is_written_in_utc() -> None:
    elsewhere = datetime(2026, 1, 5, 1, tzinfo=timezone(timedelta(hours=-5)))
    value = CODEC.encode(Heading("id", "s", "k", elsewhere), Noted(text="", cents=0), None)
    assert orjson.loads(value)["time"] == "2026-01-05T06:00:00+00:00"


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"id": ""}, "invalid_envelope", "id"),
        ({"id": "x" * 129}, "invalid_envelope", "id"),
        ({"time": "yesterday"}, "invalid_envelope", "time"),
        ({"time": "2026-01-05T00:00:00"}, "invalid_envelope", "time (no zone)"),
        ({"subject": 5}, "invalid_envelope", "subject"),
        ({"data": []}, "invalid_data", "data (model_type)"),
        ({"data": {"text": "Joan Smith", "cents": "Joan Smith"}}, "invalid_data", "data.cents (int_parsing)"),
        (
            {"data": {"text": "t", "cents": 1, "marks": {"Joan Smith": "x"}}},
            "invalid_data",
            "data.marks.* (int_parsing)",
        ),
        ({"phi": "Joan Smith"}, "phi_undecryptable", "phi"),
        ({"correlationid": 7}, "invalid_envelope", "correlationid"),
    ],
)
def test_a_fault_is_told_by_code_and_place(changes: dict[str, Any], code: str, place: str) -> None:
    with pytest.raises(Reject) as fault:
        CODEC.decode(orjson.dumps(encoded(**changes)), Noted, 0)
    assert (fault.value.code, fault.value.place) == (code, place)


@given(st.binary(max_size=80))
def test_any_bytes_are_an_object_or_a_reject(value: bytes) -> None:
    try:
        assert isinstance(parse(value), dict)
    except Reject as reject:
        assert reject.code in ("undecodable", "not_an_object")


def test_unknown_fields_of_newer_writers_are_ignored() -> None:
    newer = encoded(data={"text": "t", "cents": 1, "added_later": True}, extension="x")
    assert CODEC.decode(orjson.dumps(newer), Noted, 0).data == Noted(text="t", cents=1)


@given(st.text(st.characters(codec="utf-8")), st.integers())
def test_derived_ids_are_uuid5(cause: str, position: int) -> None:
    assert derived_id("s", cause, position) == str(uuid5(UUID(bytes=NAMESPACE), f"s/{cause}/{position}"))


def test_derived_ids_depend_on_every_part() -> None:
    assert derived_id("s", "c", 0) == derived_id("s", "c", 0)
    assert (
        len({derived_id("s", "c", 0), derived_id("s", "c", 1), derived_id("t", "c", 0), derived_id("s", "d", 0)}) == 4
    )
