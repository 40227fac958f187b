"""The connection to a service's own database, with the guarantees of DESIGN §4.3."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from mongomotor import connect
from pymongo import AsyncMongoClient, ReadPreference
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from schemas.document import Aggregate
from services.chassis.documents import Stored, document_class

MAJORITY = WriteConcern(w="majority", j=True, wtimeout=10_000)
_numbers = count()


class Database:
    """One database, its mongomotor classes and the collections under them."""

    def __init__(self, url: str, name: str, documents: Sequence[Stored]) -> None:
        self._alias = f"overturn-{next(_numbers)}"
        self.name = name
        self._client: AsyncMongoClient[dict[str, Any]] = connect(
            db=name,
            alias=self._alias,
            host=url,
            tz_aware=True,
            retryWrites=False,
            serverSelectionTimeoutMS=5000,
            connectTimeoutMS=5000,
            socketTimeoutMS=15000,
        )
        self.classes = {stored.aggregate.__name__: document_class(stored, self._alias) for stored in documents}

    def collection(self, aggregate: type[Aggregate]) -> AsyncCollection[dict[str, Any]]:
        """The collection of a class: majority reads from the primary, majority and journaled writes."""
        under = self.classes[aggregate.__name__]._get_collection()
        return self._safe(under)

    def plain(self, name: str) -> AsyncCollection[dict[str, Any]]:
        """A collection of the chassis' own, with the same guarantees."""
        return self._safe(self._client[self.name][name])

    async def ensure_indexes(self) -> None:
        """Create what is missing; mongomotor makes none by itself."""
        for document in self.classes.values():
            await document.ensure_indexes()

    async def ping(self) -> None:
        """Ask the primary whether it is there; raises PyMongoError."""
        await self._client.admin.command("ping")

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    @staticmethod
    def _safe(collection: Any) -> AsyncCollection[dict[str, Any]]:
        found: AsyncCollection[dict[str, Any]] = collection.with_options(
            read_concern=ReadConcern("majority"),
            read_preference=ReadPreference.PRIMARY,
            write_concern=MAJORITY,
        )
        return found
