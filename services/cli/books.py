"""Reads what every service has stored: for reports and proofs, never for a service."""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pymongo import MongoClient
from pymongo.read_concern import ReadConcern

from schemas.document import Aggregate
from services.chassis.crypto import Cipher, load_keys
from services.chassis.documents import Form, Stored, collection_name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stack keeps things; what a command must know of it."""

    bootstrap: str
    mongodb: str
    prefix: str
    keys: Path

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "Place":
        """From the environment that a stack gives its parts; raises KeyError for a variable that is not set."""
        return cls(
            env["KAFKA_BOOTSTRAP_SERVERS"],
            env["MONGODB_URL"],
            env.get("OVERTURN_PREFIX", ""),
            Path(env["OVERTURN_KEYS"]),
        )


class Books:
    """Majority reads of the services' databases. A context manager."""

    def __init__(self, place: Place) -> None:
        self.cipher = Cipher(load_keys(place.keys))
        self._place = place
        self._form = Form(self.cipher)
        self._client: MongoClient[dict[str, Any]] = MongoClient(place.mongodb, tz_aware=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def documents(self, service: str, aggregate: type[Aggregate]) -> Iterator[tuple[str, Aggregate]]:
        """Key and state of every document of a class, PHI decrypted, in the order of their keys."""
        for found in self.stored(service, collection_name(aggregate)):
            state = self._form.state(aggregate, found)
            if state is not None:
                yield found["_id"], state

    def stored(self, service: str, collection: str, query: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """The documents of a collection as they rest, in the order of their keys."""
        database = self._client[self._place.prefix + service]
        majority = database.get_collection(collection, read_concern=ReadConcern("majority"))
        yield from majority.find(dict(query or {})).sort("_id", 1)

    def all_documents(self, service: str) -> Iterator[tuple[str, Aggregate]]:
        """Every document of every class that the service keeps."""
        stored: tuple[Stored, ...] = importlib.import_module(f"services.{service}.store").DOCUMENTS
        for kind in stored:
            yield from self.documents(service, kind.aggregate)
