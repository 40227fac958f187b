"""The collection `sent`: every file that was made for a payer, encrypted, with word of whether it lies at the door."""

from collections.abc import Sequence
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection

from services.chassis.together import Together
from services.clearinghouse.blobs import Blobs, cut, insert_absent


class Sent:
    """Bytes are kept before they are delivered and never change; a repeat delivers the kept ones.

    Files that come while others are under way share queries and bulks.
    """

    def __init__(self, collection: AsyncCollection[dict[str, Any]], blobs: Blobs) -> None:
        self._files = collection
        self._blobs = blobs
        self._find = Together(self._find_all)
        self._keep = Together(self._keep_all)
        self._deliver = Together(self._deliver_all)

    async def find(self, file_id: str) -> tuple[bytes, bool] | None:
        """The bytes of a file, and whether it was delivered; None before it was made."""
        found = (await self._find(file_id)).get(file_id)
        if found is None:
            return None
        chunks = [chunk async for chunk in self._blobs.read(file_id, found["chunks"])]
        return b"".join(chunks), found["delivered"]

    async def keep(self, file_id: str, lane: str, content: bytes) -> None:
        """Keep the bytes of a file that is not kept yet, chunks first."""
        await self._keep((file_id, lane, content))

    async def delivered(self, file_id: str) -> None:
        """Remember that the file lay at the door under its name."""
        await self._deliver(file_id)

    async def _find_all(self, file_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        return {found["_id"]: found async for found in self._files.find({"_id": {"$in": file_ids}})}

    async def _keep_all(self, files: Sequence[tuple[str, str, bytes]]) -> None:
        chunks = await self._blobs.keep_all({file_id: cut(content) for file_id, _, content in files})
        made = {
            file_id: {"_id": file_id, "lane": lane, "size": len(content), "chunks": chunks[file_id], "delivered": False}
            for file_id, lane, content in files
        }
        await insert_absent(self._files, list(made.values()))

    async def _deliver_all(self, file_ids: Sequence[str]) -> None:
        await self._files.update_many({"_id": {"$in": file_ids}}, {"$set": {"delivered": True}})
