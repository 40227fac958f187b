"""Reading documents from outside their worker: reports, `reconcile`, the command line."""

from collections.abc import AsyncIterator
from typing import Any, TypeVar

from pymongo import AsyncMongoClient
from pymongo.read_concern import ReadConcern

from schemas.document import Aggregate
from services.chassis.crypto import Cipher
from services.chassis.documents import Form, collection_name

A = TypeVar("A", bound=Aggregate)


async def read_all(
    url: str, database: str, aggregate: type[A], cipher: Cipher, where: dict[str, Any] | None = None
) -> AsyncIterator[tuple[str, A]]:
    """All documents of a class as (key, state), in the order of their keys, PHI decrypted.

    `where` is a MongoDB filter on the stored form (`{"state.payer": ...}`). Documents that hold no state are left out.
    Raises PyMongoError, Undecryptable for a document whose key is not held, and UnknownSchema.
    """
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url, tz_aware=True)
    try:
        collection = client[database].get_collection(collection_name(aggregate), read_concern=ReadConcern("majority"))
        form = Form(cipher)
        async for found in collection.find(where or {}).sort("_id", 1):
            state = form.state(aggregate, found)
            if isinstance(state, aggregate):
                yield found["_id"], state
    finally:
        await client.close()
