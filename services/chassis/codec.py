"""Events to bytes and back: CloudEvents 1.0, structured JSON, the PHI part encrypted and bound to the event's id."""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from schemas.document import Phi, Unread
from schemas.events.envelope import Event, EventData
from services.chassis.crypto import Cipher, Undecryptable
from services.chassis.verdicts import Reject

FIELD = re.compile(r"^[a-z][a-z0-9_]*$")
NAMESPACE = UUID("6f1d3b0e-2c55-5b8e-9a37-0b1d6a5f4c21")
VARIANT = {f"{digit:x}": f"{digit & 3 | 8:x}" for digit in range(16)}
"""The digit of a UUID that carries its variant, by what stood there."""
NAMES = ("id", "source", "type", "subject", "time", "data")
"""What every envelope must have."""
REQUIRED = frozenset(NAMES)


def derived_id(*parts: object) -> str:
    """The id of what `parts` cause: the same parts, the same id, so that a repeat is recognised."""
    text = hashlib.sha1(NAMESPACE.bytes + "/".join(map(str, parts)).encode()).hexdigest()
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
            "time": (heading.time if heading.time.tzinfo is UTC else heading.time.astimezone(UTC)).isoformat(),
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
            event["phi"] = base64.b64encode(self._cipher.encrypt(plain, heading.id.encode())).decode()
        return orjson.dumps(event)

    def decode(
        self, fields: dict[str, Any], model: type[EventData], partition: int, phi: bool = True
    ) -> Event[Any, Any]:
        """The event in `fields`, its PHI where the reader wants it; raises Reject with code and place, never a value."""
        heading = _heading(fields)
        try:
            data = model.model_validate(fields["data"])
        except ValidationError as error:
            raise Reject("invalid_data", place_of(error, "data")) from None
        return Event(
            id=heading.id,
            source=heading.source,
            subject=heading.key,
            time=heading.time,
            data=data,
            phi=self._phi(fields, model, heading.id) if phi else None,
            partition=partition,
            causation_id=heading.causation_id,
            correlation_id=heading.correlation_id,
            traceparent=heading.traceparent,
        )

    def _phi(self, fields: dict[str, Any], model: type[EventData], event_id: str) -> Phi | None:
        blob = fields.get("phi")
        if blob is None or model.PHI is None:
            return None
        try:
            plain = self._cipher.decrypt(base64.b64decode(blob, validate=True), event_id.encode())
            return Unread(text=plain) if model.PHI is Unread else model.PHI.model_validate_json(plain)
        except ValidationError as error:
            raise Reject("invalid_phi", place_of(error, "phi")) from None
        except (Undecryptable, ValueError, TypeError):
            raise Reject("phi_undecryptable", "phi") from None


def parse(value: bytes | None) -> dict[str, Any]:
    """The JSON object in a record's value; raises Reject."""
    try:
        fields = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        raise Reject("undecodable", "value") from None
    if not isinstance(fields, dict):
        raise Reject("not_an_object", "value")
    return fields


def place_of(error: ValidationError, root: str) -> str:
    """Where the first fault lies and of which kind it is; no value of the event.

    A name that the model does not know could carry anything: of forbidden extra fields only the parent is named, and
    what does not look like one of our field names (the key of a mapping) is a star.
    """
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    location = first["loc"][:-1] if first["type"] == "extra_forbidden" else first["loc"]
    named = [str(part) if isinstance(part, int) or FIELD.match(part) else "*" for part in location]
    return f"{'.'.join((root, *named))} ({first['type']})"


def _heading(fields: dict[str, Any]) -> Heading:
    if not fields.keys() >= REQUIRED:
        raise Reject("invalid_envelope", f"{next(name for name in NAMES if name not in fields)} (missing)")
    return Heading(
        id=_named(fields, "id", 128),
        source=_named(fields, "source", 256),
        key=_named(fields, "subject", 128),
        time=_time(fields["time"]),
        causation_id=_text(fields, "causationid"),
        correlation_id=_text(fields, "correlationid"),
        traceparent=_text(fields, "traceparent"),
    )


def _time(text: object) -> datetime:
    try:
        time = datetime.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise Reject("invalid_envelope", "time") from None
    if time.tzinfo is None:
        raise Reject("invalid_envelope", "time (no zone)")
    return time


def _named(fields: dict[str, Any], name: str, longest: int) -> str:
    value = fields[name]
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise Reject("invalid_envelope", name)
    return value


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > 128):
        raise Reject("invalid_envelope", name)
    return value
