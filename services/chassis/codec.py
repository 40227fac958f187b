"""Events to bytes and back: CloudEvents 1.0, structured JSON, the PHI part encrypted and bound to the event's id."""

import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Generic, NotRequired, TypeVar
from uuid import UUID

import orjson
from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from schemas.document import Phi, Unread
from schemas.events.envelope import Event, EventData
from services.chassis.crypto import Cipher, Undecryptable
from services.chassis.verdicts import Reject

FIELD = re.compile(r"^[a-z][a-z0-9_]*$")
NAMESPACE = UUID("6f1d3b0e-2c55-5b8e-9a37-0b1d6a5f4c21").bytes
VARIANT = {f"{digit:x}": f"{digit & 3 | 8:x}" for digit in range(16)}
"""The digit of a UUID that carries its variant, by what stood there."""
D = TypeVar("D", bound=EventData)
Name = Annotated[str, Field(strict=True, min_length=1, max_length=128)]
Source = Annotated[str, Field(strict=True, min_length=1, max_length=256)]
Text = Annotated[str, Field(strict=True, max_length=128)]


class Envelope(TypedDict, Generic[D]):
    """What is looked at of an event's envelope, in the order in which faults are told; `time` and `phi` come later."""

    id: Name
    source: Source
    type: str
    subject: Name
    time: NotRequired[Any]
    causationid: NotRequired[Text | None]
    correlationid: NotRequired[Text | None]
    traceparent: NotRequired[Text | None]
    data: D
    phi: NotRequired[Any]


def derived_id(*parts: object) -> str:
    """The id of what `parts` cause: the same parts, the same id, so that a repeat is recognised."""
    text = hashlib.sha1(NAMESPACE + "/".join(map(str, parts)).encode()).hexdigest()
    # uuid5 of RFC 9562, without the UUID object: it is made for every event
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{VARIANT[text[16]]}{text[17:20]}-{text[20:32]}"


@dataclass(slots=True)
class Heading:
    """The CloudEvents attributes of an event to write."""

    id: str
    source: str
    key: str
    time: datetime
    causation_id: str | None = None
    correlation_id: str | None = None
    traceparent: str | None = None


class Codec:
    """Encodes and decodes events with the keys of this process."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def encode(self, heading: Heading, data: EventData, phi: Phi | None) -> bytes:
        """The event as it lies on the broker."""
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": heading.id,
            "source": heading.source,
            "type": data.TYPE,
            "subject": heading.key,
            "time": heading.time if heading.time.tzinfo is UTC else heading.time.astimezone(UTC),
            "datacontenttype": "application/json",
            "data": orjson.Fragment(data.__pydantic_serializer__.to_json(data)),
        }
        if heading.traceparent is not None:
            event["traceparent"] = heading.traceparent
        if heading.causation_id is not None:
            event["causationid"] = heading.causation_id
        if heading.correlation_id is not None:
            event["correlationid"] = heading.correlation_id
        if phi is not None:
            plain = phi.text if isinstance(phi, Unread) else phi.__pydantic_serializer__.to_json(phi)
            sealed = self._cipher.encrypt(plain, heading.id.encode())
            event["phi"] = binascii.b2a_base64(sealed, newline=False).decode()
        return orjson.dumps(event)

    def decode(
        self,
        value: bytes | None,
        model: type[D],
        partition: int,
        phi: bool = True,
        time: datetime | None = None,
    ) -> Event[D, Any]:
        """The event in a record's value, its PHI where the reader wants it, its time where no other is given.

        Raises Reject with code and place, never a value.
        """
        try:
            fields = _reading(model)(value or b"")
        except ValidationError as error:
            raise _fault(error) from None
        if fields["type"] != model.TYPE:
            raise Reject("invalid_envelope", "type")
        return Event(
            id=fields["id"],
            source=fields["source"],
            subject=fields["subject"],
            time=_time(fields.get("time")) if time is None else time,
            data=fields["data"],
            phi=self._phi(fields.get("phi"), model, fields["id"]) if phi else None,
            partition=partition,
            causation_id=fields.get("causationid"),
            correlation_id=fields.get("correlationid"),
            traceparent=fields.get("traceparent"),
        )

    def _phi(self, blob: Any, model: type[EventData], event_id: str) -> Phi | None:
        if blob is None or model.PHI is None:
            return None
        try:
            plain = self._cipher.decrypt(binascii.a2b_base64(blob, strict_mode=True), event_id.encode())
            if model.PHI is Unread:
                return Unread(text=plain)
            found: Phi = model.PHI.__pydantic_validator__.validate_json(plain)
        except ValidationError as error:
            raise Reject("invalid_phi", place_of(error, "phi")) from None
        except (Undecryptable, ValueError, TypeError):
            raise Reject("phi_undecryptable", "phi") from None
        return found


def parse(value: bytes | None) -> dict[str, Any]:
    """The JSON object in a record's value; raises Reject."""
    try:
        fields = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        raise Reject("undecodable", "value") from None
    if not isinstance(fields, dict):
        raise Reject("not_an_object", "value")
    return fields


def place_of(error: ValidationError, *root: str) -> str:
    """Where the first fault lies and of which kind it is; no value of the event.

    A name that the model does not know could carry anything: of forbidden extra fields only the parent is named, and
    what does not look like one of our field names (the key of a mapping) is a star.
    """
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    location = first["loc"][:-1] if first["type"] == "extra_forbidden" else first["loc"]
    named = [str(part) if isinstance(part, int) or FIELD.match(part) else "*" for part in location]
    return f"{'.'.join((*root, *named))} ({first['type']})"


@cache
def _reading(model: type[D]) -> Callable[[bytes], Envelope[D]]:
    """Reads bytes as an event of this model: JSON, envelope and data at once."""
    return TypeAdapter(Envelope[model]).validator.validate_json  # type: ignore[valid-type]


def _fault(error: ValidationError) -> Reject:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    kind, location = first["type"], first["loc"]
    if kind == "json_invalid":
        return Reject("undecodable", "value")
    if not location:
        return Reject("not_an_object", "value")
    if location[0] == "data" and (kind, location) != ("missing", ("data",)):
        return Reject("invalid_data", place_of(error))
    return Reject("invalid_envelope", f"{location[0]} (missing)" if kind == "missing" else str(location[0]))


def _time(text: object) -> datetime:
    try:
        time = datetime.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise Reject("invalid_envelope", "time") from None
    if time.tzinfo is None:
        raise Reject("invalid_envelope", "time (no zone)")
    return time
