"""Files as they lie in the store: encrypted as a whole, in chunks of 8 MB."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError

from services.chassis.crypto import Cipher

CHUNK = 8 * 1024 * 1024
DUPLICATE_KEY = 11000


class Blobs:
    """Chunks by name of the blob; each is bound to its name and number, so that none can be moved."""

    def __init__(self, collection: AsyncCollection[dict[str, Any]], cipher: Cipher) -> None:
        self._chunks = collection
        self._cipher = cipher

    async def keep(self, name: str, chunks: Iterable[bytes]) -> int:
        """Store the chunks that are not stored yet; returns how many there are. The same name has the same bytes."""
        return (await self.keep_all({name: chunks}))[name]

    async def keep_all(self, blobs: Mapping[str, Iterable[bytes]]) -> dict[str, int]:
        """As `keep`, for blobs that are small together: by name how many chunks each has."""
        counts = dict.fromkeys(blobs, 0)
        sealed = []
        for name, chunks in blobs.items():
            for counts[name], chunk in enumerate(chunks, 1):
                place = f"{name}:{counts[name]}"
                sealed.append({"_id": place, "data": self._cipher.encrypt(chunk, place.encode())})
                if sum(len(one["data"]) for one in sealed) >= CHUNK:
                    await insert_absent(self._chunks, sealed)
                    sealed = []
        await insert_absent(self._chunks, sealed)
        return counts

    async def read(self, name: str, count: int) -> AsyncIterator[bytes]:
        """The chunks of a blob in order; raises LookupError where one is missing."""
        for number in range(1, count + 1):
            place = f"{name}:{number}"
            found = await self._chunks.find_one({"_id": place})
            if found is None:
                raise LookupError(f"chunk {place} is not in the store")
            yield self._cipher.decrypt(bytes(found["data"]), place.encode())


async def insert_absent(collection: AsyncCollection[dict[str, Any]], documents: Sequence[dict[str, Any]]) -> set[Any]:
    """Insert the documents whose `_id` is not there yet; the ids of the others, which stay as they are."""
    if not documents:
        return set()
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        details = error.details or {}
        faults = details.get("writeErrors", [])
        if not faults or details.get("writeConcernErrors") or any(fault["code"] != DUPLICATE_KEY for fault in faults):
            raise
        return {documents[fault["index"]]["_id"] for fault in faults}
    return set()


def cut(content: bytes) -> Iterable[bytes]:
    """Bytes in chunks of 8 MB; one empty chunk for none."""
    return (content[at : at + CHUNK] for at in range(0, len(content) or 1, CHUNK))
