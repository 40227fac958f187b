"""The manifest of a file that came: its bytes' sha256, its deliveries, and what each delivery came to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field
from pymongo import UpdateOne
from pymongo.asynchronous.collection import AsyncCollection

from schemas.events.values import Value
from services.clearinghouse.blobs import insert_absent
from services.clearinghouse.domain.answers835 import PaymentSummary

READ, UNREADABLE = "read", "unreadable"
READER_FAILED = "reader_failed"
"""Reason of a delivery that an error of ours broke off."""


class Delivery(Value):
    """One time that these bytes came through a door. Two files of the same bytes are two deliveries."""

    name: str
    stamp: str
    """Device, inode and modification time: tells a second delivery from a second look after a crash."""
    recorded_at: datetime
    state: str = ""
    """Empty until everything that it causes is acknowledged; then `read` or `unreadable`."""
    reason: str = ""
    place: str = ""
    payments: tuple[PaymentSummary, ...] = ()
    unmatched: int = 0
    """Answers in it that belong to no claim or inquiry of ours."""

    @property
    def broken_off(self) -> bool:
        """An error of ours stopped the reading: it goes on, under the same ids, when the bytes come again."""
        return self.reason == READER_FAILED


class Manifest(Value):
    """All that is known of a file that came; document of the collection `files`, by sha256."""

    sha256: str
    door: str
    size: int
    chunks: int
    deliveries: tuple[Delivery, ...] = Field(min_length=1)

    def delivery(self, name: str, stamp: str) -> int | None:
        """The number (from 1) of that delivery, else of one that was broken off: these are its bytes again."""
        same = (number for number, d in enumerate(self.deliveries, 1) if (d.name, d.stamp) == (name, stamp))
        broken_off = (number for number, d in enumerate(self.deliveries, 1) if d.broken_off)
        return next(same, None) or next(broken_off, None)


class Manifests:
    """The collection `files`."""

    def __init__(self, collection: AsyncCollection[dict[str, Any]]) -> None:
        self._files = collection

    async def find(self, hashes: Iterable[str]) -> dict[str, Manifest]:
        """The manifests of files by sha256; those are absent whose bytes are not stored yet."""
        found = self._files.find({"_id": {"$in": list(hashes)}})
        return {raw["_id"]: Manifest.model_validate({**raw, "sha256": raw["_id"]}) async for raw in found}

    async def register(self, new: Sequence[Manifest]) -> list[tuple[Manifest, int]]:
        """Make the manifests, or add the (only) delivery of each to the one there is; manifest and delivery's number."""
        made: dict[str, dict[str, Any]] = {}
        for manifest in new:
            made.setdefault(manifest.sha256, {"_id": manifest.sha256, **_content(manifest)})
        there = await insert_absent(self._files, list(made.values()))
        first = {sha256: content["deliveries"] for sha256, content in made.items() if sha256 not in there}
        registered = []
        for manifest in new:
            fresh = first.get(manifest.sha256) == _content(manifest)["deliveries"]
            registered.append((manifest, 1) if fresh else await self._add(manifest))
        return registered

    async def _add(self, new: Manifest) -> tuple[Manifest, int]:
        delivery = new.deliveries[0]
        same = [{"name": delivery.name, "stamp": delivery.stamp}, {"reason": READER_FAILED}]
        absent = {"deliveries": {"$not": {"$elemMatch": {"$or": same}}}}
        await self._files.update_one(
            {"_id": new.sha256, **absent}, {"$push": {"deliveries": delivery.model_dump(mode="json")}}
        )
        known = (await self.find([new.sha256])).get(new.sha256)
        number = known.delivery(delivery.name, delivery.stamp) if known else None
        if known is None or number is None:
            raise LookupError("a manifest was deleted while it was read")
        return known, number

    async def finish(self, done: Iterable[tuple[str, int, Delivery]]) -> None:
        """Write what deliveries came to: sha256, the delivery's number, the delivery."""
        updates = [
            UpdateOne({"_id": sha256}, {"$set": {f"deliveries.{number - 1}": delivery.model_dump(mode="json")}})
            for sha256, number, delivery in done
        ]
        if updates:
            await self._files.bulk_write(updates)

    async def delivered(self, names: list[str]) -> dict[str, tuple[Manifest, Delivery]]:
        """Finished deliveries by file name."""
        found: dict[str, tuple[Manifest, Delivery]] = {}
        async for raw in self._files.find({"deliveries.name": {"$in": names}}):
            manifest = Manifest.model_validate({**raw, "sha256": raw["_id"]})
            found.update({d.name: (manifest, d) for d in manifest.deliveries if d.name in names and d.state})
        return found

    async def ensure_indexes(self) -> None:
        """Deliveries are looked up by name (`overturn remit`)."""
        await self._files.create_index("deliveries.name")


def _content(manifest: Manifest) -> dict[str, Any]:
    return manifest.model_dump(mode="json", exclude={"sha256"})
