"""The stored form of a document and the mongomotor classes that give it shape, indexes and a read side."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from bson import Binary
from mongomotor import Document
from mongomotor.fields import BinaryField, DateTimeField, DictField, IntField, ListField, StringField

from schemas.document import Aggregate
from services.chassis.crypto import Cipher
from services.chassis.held import Held
from services.chassis.outbox import Entry


@dataclass(frozen=True, slots=True)
class Stored:
    """A class of documents that a service keeps, with the indexes that its own queries need."""

    aggregate: type[Aggregate]
    indexes: Sequence[str | Sequence[str]] = field(default=())
    """In mongoengine's form: "state.payer", or ("state.payer", "-state.due")."""


def collection_name(aggregate: type[Aggregate]) -> str:
    """The collection of a class: its name in snake case."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", aggregate.__name__).lower()


def document_class(stored: Stored, alias: str) -> type[Document]:
    """The mongomotor class of a collection, bound to the connection `alias`."""
    due = {
        "fields": ["partition", "due_at"],
        "name": "due",
        "partialFilterExpression": {"due_at": {"$exists": True}},
    }
    body = {
        "meta": {
            "collection": collection_name(stored.aggregate),
            "db_alias": alias,
            "indexes": [due, *stored.indexes],
            "auto_create_index": False,
            "index_cls": False,
            "strict": False,
        },
        "key": StringField(primary_key=True),
        "version": IntField(),
        "partition": IntField(),
        "generation": IntField(),
        "due_at": DateTimeField(),
        "now": StringField(),
        "state": DictField(),
        "phi": BinaryField(),
        "outbox": ListField(DictField()),
        "seen": BinaryField(),
    }
    made: type[Document] = type(Document)(f"{stored.aggregate.__name__}Document", (Document,), body)
    return made


class Form:
    """Turns a held document into what MongoDB stores, and back."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def dump(self, held: Held) -> dict[str, Any]:
        """The document of the next version."""
        found: dict[str, Any] = {
            "_id": held.key,
            "version": held.version + 1,
            "partition": held.partition,
            "generation": held.generation,
            "state": held.state.model_dump(mode="json", exclude={"phi"}) if held.state is not None else None,
            "outbox": [dump_entry(entry) for entry in held.entries],
            "seen": Binary(held.seen),
        }
        if held.now is not None:
            found["now"] = held.now.isoformat()
        due = held.due_at()
        if due is not None:
            found["due_at"] = due
        phi = self._phi_blob(held)
        if phi is not None:
            found["phi"] = Binary(phi)
        return found

    def load(self, aggregate: type[Aggregate], found: Mapping[str, Any]) -> tuple[Held, tuple[Entry, ...]]:
        """The held document and its whole stored outbox."""
        state = self.state(aggregate, found)
        held = Held(
            document=aggregate,
            key=found["_id"],
            version=found["version"],
            partition=found["partition"],
            generation=found.get("generation", 0),
            now=datetime.fromisoformat(found["now"]) if found.get("now") else None,
            state=state,
            phi_blob=bytes(found["phi"]) if found.get("phi") is not None else None,
            stored_phi=getattr(state, "phi", None),
            seen=bytes(found["seen"]),
        )
        return held, tuple(load_entry(entry) for entry in found["outbox"])

    def state(self, aggregate: type[Aggregate], found: Mapping[str, Any]) -> Aggregate | None:
        """The aggregate, its PHI decrypted."""
        fields = found.get("state")
        if fields is None:
            return None
        if found.get("phi") is None:
            return aggregate.model_validate(fields)
        plain = self._cipher.decrypt(bytes(found["phi"]), _belongs_to(aggregate, found["_id"]))
        return aggregate.model_validate({**fields, "phi": orjson.loads(plain)})

    def _phi_blob(self, held: Held) -> bytes | None:
        phi = getattr(held.state, "phi", None)
        if phi is None:
            return None
        if held.phi_blob is not None and phi == held.stored_phi:
            return held.phi_blob
        plain = phi.__pydantic_serializer__.to_json(phi)
        return self._cipher.encrypt(plain, _belongs_to(held.document, held.key))


def dump_entry(entry: Entry) -> dict[str, Any]:
    """An outbox entry as it rests."""
    found: dict[str, Any] = {
        "id": entry.id,
        "cause": [entry.cause[0], entry.cause[1], entry.offset],
        "target": entry.target,
        "key": entry.key,
        "partition": entry.partition,
        "type": entry.type,
        "time": entry.time_ms,
        "value": Binary(entry.value),
    }
    if entry.effect:
        found["effect"] = True
    if entry.stuck:
        found["stuck"] = True
    return found


def load_entry(found: Mapping[str, Any]) -> Entry:
    """An outbox entry as it was written."""
    topic, partition, offset = found["cause"]
    return Entry(
        id=found["id"],
        cause=(topic, partition),
        offset=offset,
        target=found["target"],
        key=found["key"],
        partition=found["partition"],
        type=found["type"],
        time_ms=found["time"],
        value=bytes(found["value"]),
        effect=found.get("effect", False),
        stuck=found.get("stuck", False),
    )


def _belongs_to(aggregate: type[Aggregate], key: str) -> bytes:
    return f"{aggregate.__name__}/{key}".encode()
