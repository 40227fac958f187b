"""The collection `sent`: every file that was made for a payer, encrypted, with word of whether it lies at the door."""

from typing import Any

from pymongo.asynchronous.collection import AsyncCollection

from services.clearinghouse.blobs import Blobs, cut


class Sent:
    """Bytes are kept before they are delivered and never change; a repeat delivers the kept ones."""

    def __init__(self, collection: AsyncCollection[dict[str, Any]], blobs: Blobs) -> None:
        self._files = collection
        self._blobs = blobs

    async def find(self, file_id: str) -> tuple[bytes, bool] | None:
        """The bytes of a file, and whether it was delivered; None before it was made."""
        found = await self._files.find_one({"_id": file_id})
        if found is None:
            return None
        chunks = [chunk async for chunk in self._blobs.read(file_id, found["chunks"])]
        return b"".join(chunks), found["delivered"]

    async def keep(self, file_id: str, lane: str, content: bytes) -> None:
        """Keep the bytes of a new file, chunks first."""
        chunks = await self._blobs.keep(file_id, cut(content))
        fields = {"lane": lane, "size": len(content), "chunks": chunks, "delivered": False}
        await self._files.update_one({"_id": file_id}, {"$setOnInsert": fields}, upsert=True)

    async def delivered(self, file_id: str) -> None:
        """Remember that the file lay at the door under its name."""
        await self._files.update_one({"_id": file_id}, {"$set": {"delivered": True}})
