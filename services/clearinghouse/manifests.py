"""The manifest of a file that came: its bytes' sha256, its deliveries, and what each delivery came to."""

from datetime import datetime
from typing import Any

from pydantic import Field
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from schemas.events.values import Value
from services.clearinghouse.domain.answers835 import PaymentSummary

READ, UNREADABLE = "read", "unreadable"


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


class Manifest(Value):
    """All that is known of a file that came; document of the collection `files`, by sha256."""

    sha256: str
    door: str
    size: int
    chunks: int
    deliveries: tuple[Delivery, ...] = Field(min_length=1)

    def delivery(self, name: str, stamp: str) -> int | None:
        """The number (from 1) of that delivery."""
        found = (number for number, d in enumerate(self.deliveries, 1) if (d.name, d.stamp) == (name, stamp))
        return next(found, None)


class Manifests:
    """The collection `files`."""

    def __init__(self, collection: AsyncCollection[dict[str, Any]]) -> None:
        self._files = collection

    async def find(self, sha256: str) -> Manifest | None:
        """The manifest of a file; None before its bytes are stored."""
        found = await self._files.find_one({"_id": sha256})
        return Manifest.model_validate({**found, "sha256": sha256}) if found else None

    async def register(self, new: Manifest) -> tuple[Manifest, int]:
        """Make the manifest, or add its (only) delivery to the one there is; the manifest and the delivery's number."""
        delivery = new.deliveries[0]
        content = new.model_dump(mode="json", exclude={"sha256"})
        try:
            await self._files.insert_one({"_id": new.sha256, **content})
            return new, 1
        except DuplicateKeyError:
            absent = {"deliveries": {"$not": {"$elemMatch": {"name": delivery.name, "stamp": delivery.stamp}}}}
            await self._files.update_one(
                {"_id": new.sha256, **absent}, {"$push": {"deliveries": delivery.model_dump(mode="json")}}
            )
        known = await self.find(new.sha256)
        number = known.delivery(delivery.name, delivery.stamp) if known else None
        if known is None or number is None:
            raise LookupError("a manifest was deleted while it was read")
        return known, number

    async def finish(self, sha256: str, number: int, done: Delivery) -> None:
        """Write what a delivery came to."""
        await self._files.update_one(
            {"_id": sha256}, {"$set": {f"deliveries.{number - 1}": done.model_dump(mode="json")}}
        )

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
