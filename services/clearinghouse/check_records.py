"""The collection `checks`: what is known of each check identity, claimed atomically by the files that name it."""

from typing import Any

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from services.clearinghouse.domain.checks import Assessment, CheckRecord, Reading, decide


class CheckRecords:
    """Decides a reading and keeps it in one write; a file read again gets the same answer."""

    def __init__(self, collection: AsyncCollection[dict[str, Any]]) -> None:
        self._checks = collection

    async def claim(self, check_id: str, source: str, found: Assessment) -> Reading:
        """The reading of this source; whoever wrote in between was first."""
        while True:
            raw = await self._checks.find_one({"_id": check_id})
            record = CheckRecord.model_validate(raw["record"]) if raw else None
            reading, new = decide(record, check_id, source, found)
            if new is record or await self._write(check_id, raw, new):
                return reading

    async def _write(self, check_id: str, raw: dict[str, Any] | None, new: CheckRecord) -> bool:
        content = new.model_dump(mode="json")
        if raw is None:
            try:
                await self._checks.insert_one({"_id": check_id, "version": 1, "record": content})
            except DuplicateKeyError:
                return False
            return True
        result = await self._checks.replace_one(
            {"_id": check_id, "version": raw["version"]},
            {"version": raw["version"] + 1, "record": content},
        )
        return result.matched_count == 1
