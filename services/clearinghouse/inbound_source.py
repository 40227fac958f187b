"""The source of answers: keeps a file's bytes, publishes what they say, lets go of the file. A crash repeats it all.

Order: chunks, manifest with the recorded time, events (ids from sha256, ST, position), manifest of what it came to,
rename. Whatever was done before a crash is done again with the same ids and the same time.
"""

import asyncio
import hashlib
import logging
import time
from datetime import UTC, datetime
from pathlib import Path

from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from schemas.directory import PayerDirectory
from services.chassis.codec import derived_id
from services.chassis.delivery import ARCHIVE
from services.chassis.identity import Identity
from services.chassis.publisher import Publication
from services.chassis.service import Clock, Mine, Publishes
from services.chassis.verdicts import Retry
from services.clearinghouse import metrics
from services.clearinghouse.blobs import Blobs, cut
from services.clearinghouse.check_records import CheckRecords
from services.clearinghouse.domain.drafts import Draft, Origin
from services.clearinghouse.inbound_content import Content
from services.clearinghouse.inbound_folders import Arrival, Folder, folders, put_away, waiting
from services.clearinghouse.manifests import READ, UNREADABLE, Delivery, Manifest, Manifests

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.025
DOORS_SECONDS = 1.0
"""A new door is seen so much later: to look for doors costs three times what it costs to look into them."""
RETRY_SECONDS = 0.5
TRANSIENT = (KafkaError, PyMongoError, OSError, Retry, TimeoutError)


class InboundSource:
    """Watches the `from_payer` folders under the doors that are this worker's to read.

    Doors go on beside each other, the files of one in order.
    """

    def __init__(
        self,
        doors: Path,
        directory: PayerDirectory,
        identity: Identity,
        blobs: Blobs,
        manifests: Manifests,
        checks: CheckRecords,
    ) -> None:
        self._doors = doors
        self._directory = directory
        self._identity = identity
        self._blobs = blobs
        self._manifests = manifests
        self._checks = checks
        self._asking = asyncio.Lock()
        self._folders: list[Folder] = []
        self._listed = -DOORS_SECONDS

    async def run(self, publish: Publishes, clock: Clock, mine: Mine, stop: asyncio.Event) -> None:
        """Look for files until told to stop."""
        await self._manifests.ensure_indexes()
        while not stop.is_set():
            by_door = self._waiting(mine)
            fine = await asyncio.gather(*(self._take_all(found, publish, clock, stop) for found in by_door))
            if not by_door or not all(fine):
                await _pause(stop, LOOK_SECONDS if all(fine) else RETRY_SECONDS)

    def _waiting(self, mine: Mine) -> list[list[Arrival]]:
        """The files at this worker's doors, door by door."""
        if time.monotonic() - self._listed >= DOORS_SECONDS:
            self._folders, self._listed = list(folders(self._doors)), time.monotonic()
        found = []
        for folder in self._folders:
            if not mine(folder.door):
                metrics.FILES_WAITING.labels(folder.door).set(0)  # who reads them counts them
            elif arrivals := waiting(folder):
                found.append(arrivals)
        return found

    async def _take_all(self, found: list[Arrival], publish: Publishes, clock: Clock, stop: asyncio.Event) -> bool:
        """Take the files of one door in order; False when one could not be taken now."""
        door = found[0].folder.door
        for number, arrival in enumerate(found):
            if stop.is_set():
                return True
            metrics.FILES_WAITING.labels(door).set(len(found) - number)
            try:
                await self._take(arrival, publish, clock)
            except FileNotFoundError:
                continue  # another worker was first
            except TRANSIENT as error:
                log.warning("a file at door %s could not be taken yet: %s", door, type(error).__name__)
                return False
        metrics.FILES_WAITING.labels(door).set(0)
        return True

    async def _take(self, arrival: Arrival, publish: Publishes, clock: Clock) -> None:
        content = await asyncio.to_thread(arrival.path.read_bytes)
        manifest, number = await self._record(arrival, content, clock)
        delivery = manifest.deliveries[number - 1]
        if not delivery.state:
            delivery = await self._read(arrival, content, manifest, number, publish)
            await self._manifests.finish(manifest.sha256, number, delivery)
            metrics.FILES_READ.labels(arrival.folder.door, delivery.state).inc()
            metrics.UNMATCHED.labels(arrival.folder.door).inc(delivery.unmatched)
        await asyncio.to_thread(put_away, arrival, ARCHIVE if delivery.state == READ else UNREADABLE)

    async def _record(self, arrival: Arrival, content: bytes, clock: Clock) -> tuple[Manifest, int]:
        """Bytes first, manifest last: whoever finds the manifest finds the bytes. The number is the delivery's."""
        sha256 = hashlib.sha256(content).hexdigest()
        name = arrival.path.name
        known = await self._manifests.find(sha256)
        number = known.delivery(name, arrival.stamp) if known else None
        if known and number:
            return known, number
        chunks = known.chunks if known else await self._blobs.keep(sha256, cut(content))
        async with self._asking:  # the clock is one consumer: doors ask it in turn
            now = await clock.latest() or datetime.now(UTC)
        delivery = Delivery(name=name, stamp=arrival.stamp, recorded_at=now)
        new = Manifest(
            sha256=sha256, door=arrival.folder.door, size=len(content), chunks=chunks, deliveries=(delivery,)
        )
        return await self._manifests.register(new)

    async def _read(
        self, arrival: Arrival, content: bytes, manifest: Manifest, number: int, publish: Publishes
    ) -> Delivery:
        delivery = manifest.deliveries[number - 1]
        folder = arrival.folder
        origin = Origin(
            door=folder.door,
            payer_id=folder.payer_id,
            client=folder.client,
            sha256=manifest.sha256,
            delivery=number,
            recorded_on=delivery.recorded_at.date(),
            key_of=self._identity.key,
        )
        reader = Content(arrival.path.name, content, origin, self._checks, self._directory.get(folder.payer_id))
        async for part in reader.slices():
            await publish.publish([_publication(found, origin, delivery.recorded_at) for found in part])
            for found in part:
                metrics.ANSWERS.labels(folder.door, type(found.data).__name__).inc()
        return reader.outcome(delivery)


def _publication(draft: Draft, origin: Origin, time: datetime) -> Publication:
    return Publication(
        id=derived_id("file", origin.sha256, origin.delivery, draft.place),
        key=draft.key,
        data=draft.data,
        time=time,
        phi=draft.phi,
        partition=draft.partition,
        correlation_id=origin.sha256,
    )


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
