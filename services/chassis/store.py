"""The hot path to MongoDB: one query a class to load, one unordered bulk a class to write, guarded by version."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any

from pymongo import InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from schemas.document import Aggregate
from services.chassis.database import Database
from services.chassis.documents import Form
from services.chassis.errors import Conflict
from services.chassis.held import DocumentKey, Held
from services.chassis.letter_limit import COLLECTION, WINDOW, Tally
from services.chassis.outbox import Entry
from services.chassis.router import EFFECTS_TIMER
from services.chassis.ticks import Due

DUPLICATE_KEY = 11000


class MongoStore:
    """The documents of one service."""

    def __init__(self, database: Database, form: Form, aggregates: Sequence[type[Aggregate]]) -> None:
        self._form = form
        self._collections = {aggregate: database.collection(aggregate) for aggregate in aggregates}

    async def load(self, keys: Iterable[DocumentKey]) -> dict[DocumentKey, tuple[Held, tuple[Entry, ...]]]:
        """Documents by key with their whole outbox; absent ones are left out."""
        by_class: dict[type[Aggregate], list[str]] = defaultdict(list)
        for document, key in keys:
            by_class[document].append(key)
        found: dict[DocumentKey, tuple[Held, tuple[Entry, ...]]] = {}
        for document, wanted in by_class.items():
            cursor = self._collections[document].find({"_id": {"$in": wanted}}, batch_size=len(wanted) + 1)
            for raw in await cursor.to_list(None):
                found[document, raw["_id"]] = self._form.load(document, raw)
        return found

    async def write(self, changed: Sequence[Held]) -> None:
        """Write the next version of each; raises Conflict if another wrote any of them first (others are written)."""
        by_class: dict[type[Aggregate], list[Held]] = defaultdict(list)
        for held in changed:
            by_class[held.document].append(held)
        lost = False
        for document, documents in by_class.items():
            lost |= not await self._bulk(document, documents)
        if lost:
            raise Conflict
        for held in changed:
            held.written()

    async def _bulk(self, document: type[Aggregate], documents: Sequence[Held]) -> bool:
        requests = [self._request(held) for held in documents]
        try:
            result = await self._collections[document].bulk_write(requests, ordered=False)
        except BulkWriteError as error:
            faults = (error.details or {}).get("writeErrors", [])
            if faults and all(fault["code"] == DUPLICATE_KEY for fault in faults):
                return False
            raise
        return result.matched_count + result.inserted_count == len(requests)

    def _request(self, held: Held) -> InsertOne[dict[str, Any]] | ReplaceOne[dict[str, Any]] | UpdateOne:
        if held.version == 0:
            return InsertOne(self._form.dump(held))
        guard = {"_id": held.key, "version": held.version}
        if held.stored is None or held.state is None:
            return ReplaceOne(guard, self._form.dump(held))
        return UpdateOne(guard, self._form.change(held))

    async def stick(self, held: Held, effect_ids: Sequence[str]) -> None:
        """Mark effects as stuck and the document as due at once; raises Conflict if another wrote it first."""
        due = min(filter(None, (held.due_at(), held.now)), default=None)
        changes: dict[str, Any] = {"outbox.$[entry].stuck": True, "version": held.version + 1}
        if due is not None:
            changes["due_at"] = due
        result = await self._collections[held.document].update_one(
            {"_id": held.key, "version": held.version},
            {"$set": changes},
            array_filters=[{"entry.id": {"$in": list(effect_ids)}}],
        )
        if result.matched_count == 0:
            raise Conflict
        held.version += 1

    async def due(self, partition: int, until: datetime, page: int) -> AsyncIterator[Sequence[Due]]:
        """Pages of timers and stuck effects of a partition that are due, earliest first."""
        for document, collection in self._collections.items():
            query = {"partition": partition, "due_at": {"$lte": until}}
            fields = {"state.timers": 1, "outbox.stuck": 1}
            cursor = collection.find(query, fields, batch_size=page).sort("due_at", 1)
            found: list[Due] = []
            async for raw in cursor:
                found.extend(due_of(document.__name__, raw, until))
                if len(found) >= page:
                    yield found
                    found = []
            if found:
                yield found


def due_of(document: str, raw: dict[str, Any], until: datetime) -> list[Due]:
    """What of one stored document is due."""
    timers = (raw.get("state") or {}).get("timers") or {}
    instants = {name: datetime.fromisoformat(due) for name, due in timers.items()}
    found = [Due(document, raw["_id"], name, due) for name, due in sorted(instants.items()) if due <= until]
    if any(entry.get("stuck") for entry in raw.get("outbox", ())):
        found.append(Due(document, raw["_id"], EFFECTS_TIMER, until))
    return found


class MongoTally:
    """Keeps the dead letter tally of one worker."""

    def __init__(self, database: Database, worker: int) -> None:
        self._collection = database.plain(COLLECTION)
        self._worker = worker

    async def read_tally(self) -> tuple[Tally, bool]:
        """The tally as last written, and whether the limit has stopped this worker."""
        found = await self._collection.find_one({"_id": self._worker})
        tally = Tally()
        if found is None:
            return tally, False
        tally.window.extend(mark == "1" for mark in found["window"])
        tally.in_a_row, tally.pardoned = found["in_a_row"], found.get("pardoned", 0)
        return tally, found["stopped"]

    async def write_tally(self, tally: Tally, stopped: bool) -> None:
        """Keep the tally."""
        window = "".join("1" if letter else "0" for letter in tally.window)[-WINDOW:]
        fields = {"in_a_row": tally.in_a_row, "window": window, "stopped": stopped, "pardoned": tally.pardoned}
        await self._collection.replace_one({"_id": self._worker}, fields, upsert=True)
