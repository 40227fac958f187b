"""The stored form of a document and the mongomotor classes that give it shape, indexes and a read side."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from mongomotor import Document
from mongomotor.fields import BinaryField, DateTimeField, DictField, IntField, ListField, LongField, StringField
from pydantic import BaseModel

from schemas.document import Aggregate, Phi
from services.chassis.crypto import Cipher
from services.chassis.held import Held
from services.chassis.news import news
from services.chassis.outbox import Entry
from services.chassis.schema_version import FIELD, read, schema_of


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
        FIELD: IntField(),
        "partition": IntField(),
        "generation": IntField(),
        "writer": LongField(),
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
        """The whole document of the next version."""
        found = self._around(held)
        found[FIELD] = held.document.SCHEMA
        state = found["state"] = self._state(held)
        growing = held.document.GROWING
        if growing is not None and state is not None:
            state[growing] = self._new_items(held, growing, 0)
        return found

    def change(self, held: Held) -> dict[str, Any]:
        """The update that makes a stored document its next version: only what is not as it rests.

        Raises ValueError if a growing field lost an item, or one of those that rest became another.
        """
        fields = self._around(held)
        del fields["_id"]
        if held.blob is not None and held.blob is held.stored_blob:
            del fields["phi"]
        assert held.stored is not None and held.state is not None
        new_values, lost = news(held.stored, held.state)
        fields |= {f"state.{path}": value for path, value in new_values.items()}
        update: dict[str, Any] = {"$set": fields}
        gone = {f"state.{path}": "" for path in lost}
        gone |= {name: "" for name in ("now", "due_at") if name not in fields}
        if held.blob is None:
            gone["phi"] = ""
        if gone:
            update["$unset"] = gone
        growing = held.document.GROWING
        new = self._grown(held, growing) if growing is not None else []
        if new:
            update["$push"] = {f"state.{growing}": {"$each": new}}
        return update

    def load(self, aggregate: type[Aggregate], found: Mapping[str, Any]) -> tuple[Held, tuple[Entry, ...]]:
        """The held document and its whole stored outbox; raises UnknownSchema, and Undecryptable.

        One of an older schema is held as if nothing of its state rested: what is written next replaces it whole.
        """
        state = self.state(aggregate, found)
        held = Held(
            document=aggregate,
            key=found["_id"],
            version=found["version"],
            partition=found["partition"],
            generation=found.get("generation", 0),
            writer=found.get("writer", 0),
            now=datetime.fromisoformat(found["now"]) if found.get("now") else None,
            state=state,
            stored=state if schema_of(aggregate, found) == aggregate.SCHEMA else None,
            stored_blob=bytes(found["phi"]) if found.get("phi") is not None else None,
            seen=bytes(found["seen"]),
        )
        return held, tuple(load_entry(entry) for entry in found["outbox"])

    def state(self, aggregate: type[Aggregate], found: Mapping[str, Any]) -> Aggregate | None:
        """The aggregate, its PHI decrypted; raises UnknownSchema, and Undecryptable."""
        schema = schema_of(aggregate, found)
        fields = found.get("state")
        if fields is None:
            return None
        key = found["_id"]
        if aggregate.GROWING is not None:
            items = [
                self._opened(item, aggregate, key, at) for at, item in enumerate(fields.get(aggregate.GROWING, ()))
            ]
            fields = {**fields, aggregate.GROWING: items}
        if found.get("phi") is not None:
            plain = self._cipher.decrypt(bytes(found["phi"]), _belongs_to(aggregate, key))
            fields = {**fields, "phi": orjson.loads(plain)}
        return read(aggregate, schema, fields)

    def _around(self, held: Held) -> dict[str, Any]:
        """Everything of the document but its state."""
        found: dict[str, Any] = {
            "_id": held.key,
            "version": held.version + 1,
            "partition": held.partition,
            "generation": held.generation,
            "writer": held.writer,
            "outbox": [dump_entry(entry) for entry in held.entries],
            "seen": held.seen,
        }
        if held.now is not None:
            found["now"] = held.now.isoformat()
        due = held.due_at()
        if due is not None:
            found["due_at"] = due
        phi = self._phi_blob(held)
        if phi is not None:
            found["phi"] = phi
        return found

    def _state(self, held: Held) -> dict[str, Any] | None:
        """The state without its PHI and its growing field."""
        if held.state is None:
            return None
        fields: dict[str, Any] = held.state.__pydantic_serializer__.to_python(
            held.state, mode="json", exclude=_apart(held.document)
        )
        return fields

    def _grown(self, held: Held, growing: str) -> list[dict[str, Any]]:
        """The items to add; those that rest are compared by identity first, which costs next to nothing."""
        rest = getattr(held.stored, growing)
        if getattr(held.state, growing)[: len(rest)] != rest:
            raise ValueError(f"{held.document.__name__}.{growing} lost or changed items: it may only grow")
        return self._new_items(held, growing, len(rest))

    def _new_items(self, held: Held, growing: str, first: int) -> list[dict[str, Any]]:
        items = getattr(held.state, growing)
        return [self._closed(items[at], held.document, held.key, at) for at in range(first, len(items))]

    def _closed(self, item: BaseModel, aggregate: type[Aggregate], key: str, at: int) -> dict[str, Any]:
        found: dict[str, Any] = item.model_dump(mode="json")
        phi = found.pop("phi", None)
        if phi is not None:
            found["phi"] = self._cipher.encrypt(orjson.dumps(phi), _belongs_to(aggregate, key, at))
        return found

    def _opened(self, item: Mapping[str, Any], aggregate: type[Aggregate], key: str, at: int) -> Mapping[str, Any]:
        if "phi" not in item:
            return item
        plain = self._cipher.decrypt(bytes(item["phi"]), _belongs_to(aggregate, key, at))
        return {**item, "phi": orjson.loads(plain)}

    def _phi_blob(self, held: Held) -> bytes | None:
        phi, rests = _phi(held.state), _phi(held.stored)
        if phi is None:
            held.blob = None
        elif held.stored_blob is not None and (phi is rests or phi == rests):
            held.blob = held.stored_blob
        else:
            plain = phi.__pydantic_serializer__.to_json(phi)
            held.blob = self._cipher.encrypt(plain, _belongs_to(held.document, held.key))
        return held.blob


@cache
def _apart(aggregate: type[Aggregate]) -> set[str] | None:
    """Fields that are not stored with the rest of the state; None: all are."""
    return {name for name in aggregate.model_fields if name in ("phi", aggregate.GROWING)} or None


def _phi(state: Aggregate | None) -> Phi | None:
    """The state's PHI; a field that its class does not have would cost more to ask for than to write the rest."""
    return None if state is None else state.__dict__.get("phi")


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
        "value": entry.value,
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


def _belongs_to(aggregate: type[Aggregate], key: str, item: int | None = None) -> bytes:
    return (f"{aggregate.__name__}/{key}" if item is None else f"{aggregate.__name__}/{key}/{item}").encode()
