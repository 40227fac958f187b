"""Files as they lie in the store: encrypted as a whole, in chunks of 8 MB."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from services.chassis.crypto import Cipher

CHUNK = 8 * 1024 * 1024


class Blobs:
    """Chunks by name of the blob; each is bound to its name and number, so that none can be moved."""

    def __init__(self, collection: AsyncCollection[dict[str, Any]], cipher: Cipher) -> None:
        self._chunks = collection
        self._cipher = cipher

    async def keep(self, name: str, chunks: Iterable[bytes]) -> int:
        """Store the chunks that are not stored yet; returns how many there are. The same name has the same bytes."""
        number = 0
        for number, chunk in enumerate(chunks, 1):
            place = f"{name}:{number}"
            sealed = self._cipher.encrypt(chunk, place.encode())
            try:
                await self._chunks.insert_one({"_id": place, "data": sealed})
            except DuplicateKeyError:
                continue
        return number

    async def read(self, name: str, count: int) -> AsyncIterator[bytes]:
        """The chunks of a blob in order; raises LookupError where one is missing."""
        for number in range(1, count + 1):
            place = f"{name}:{number}"
            found = await self._chunks.find_one({"_id": place})
            if found is None:
                raise LookupError(f"chunk {place} is not in the store")
            yield self._cipher.decrypt(bytes(found["data"]), place.encode())


def cut(content: bytes) -> Iterable[bytes]:
    """Bytes in chunks of 8 MB; one empty chunk for none."""
    return (content[at : at + CHUNK] for at in range(0, len(content) or 1, CHUNK))
