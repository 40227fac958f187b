"""The source of answers: keeps files' bytes, publishes what they say, lets go of the files. A crash repeats it all.

Order for each: chunks, manifest with the recorded time, events (ids from sha256, ST, position), manifest of what it came
to, rename. Whatever was done before a crash is done again with the same ids and the same time. So is what was done before
an error that nobody foresaw: the files that were taken together are tried alone, and the one that it strikes is set aside.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from schemas.directory import PayerDirectory
from services.chassis.codec import derived_id
from services.chassis.delivery import ARCHIVE
from services.chassis.identity import Identity
from services.chassis.log import places
from services.chassis.publisher import Publication
from services.chassis.service import Clock, Mine, Publishes
from services.chassis.verdicts import Fatal, Retry
from services.clearinghouse import metrics
from services.clearinghouse.blobs import Blobs, cut
from services.clearinghouse.check_records import CheckRecords
from services.clearinghouse.domain.drafts import Draft, Origin
from services.clearinghouse.inbound_content import Content
from services.clearinghouse.inbound_folders import Arrival, Folder, folders, put_away, waiting
from services.clearinghouse.inbound_stream import Stream
from services.clearinghouse.manifests import READ, READER_FAILED, UNREADABLE, Delivery, Manifest, Manifests

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.025
DOORS_SECONDS = 1.0
"""A new door is seen so much later: to look for doors costs three times what it costs to look into them."""
RETRY_SECONDS = 0.5
MOST_FILES, MOST_BYTES = 16, 8 * 1024 * 1024
"""Of files that are taken together."""
MOST_SET_ASIDE = 5
"""So many files in a row may strike an error of ours; one more, and it is no file that is at fault."""
TRANSIENT = (KafkaError, PyMongoError, OSError, Retry, TimeoutError)


@dataclass(frozen=True, slots=True)
class Taken:
    """A file whose bytes and manifest are kept."""

    arrival: Arrival
    content: bytes
    sha256: str
    number: int
    """Of its delivery."""
    delivery: Delivery
    """As it was recorded; with a state where it was read before."""
    outcome: Delivery | None = None
    """What this reading came to."""


class InboundSource:
    """Watches the `from_payer` folders under the doors that are this worker's to read.

    Doors go on beside each other. The files of one are read in order; keeping them and letting go of them, which waits for
    disks, is done for some at a time.
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
        self._set_aside_in_a_row = 0

    async def run(self, publish: Publishes, clock: Clock, mine: Mine, stop: asyncio.Event) -> None:
        """Look for files until told to stop."""
        await self._manifests.ensure_indexes()
        while not stop.is_set():
            by_door = self._waiting(mine)
            fine = await asyncio.gather(*(self._take_all(found, publish, clock, stop) for found in by_door))
            if not by_door or not all(fine):
                await asyncio.sleep(LOOK_SECONDS if all(fine) else RETRY_SECONDS)

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
        """Take the files of one door in order, some at a time; False when one could not be taken now."""
        door, left = found[0].folder.door, len(found)
        for some in windows(found):
            if stop.is_set():
                return True
            metrics.FILES_WAITING.labels(door).set(left)
            fault = await self._take(some, publish, clock)
            if fault is not None and not isinstance(fault, TRANSIENT):
                fault = await self._take_alone(some, publish, clock)
            if fault is not None:
                log.warning("a file at door %s could not be taken yet: %s", door, type(fault).__name__)
                return False
            left -= len(some)
        metrics.FILES_WAITING.labels(door).set(0)
        return True

    async def _take(self, some: Sequence[Arrival], publish: Publishes, clock: Clock) -> Exception | None:
        """Keep these files, publish what they say in their order, let go of those that were read; what stopped it."""
        stream, done, fault = Stream(publish), list[Taken](), None
        try:
            contents, fault = await _contents(some)
            for taken in await self._keep(contents, await self._now(clock)):
                done.append(await self._read(taken, stream))
        except Exception as error:  # noqa: BLE001 - whose fault it is is asked for each file alone
            fault = error
        try:
            await stream.end()
            await self._let_go(done)
        except Exception as error:  # noqa: BLE001 - likewise
            fault = error
        return fault

    async def _take_alone(self, some: Sequence[Arrival], publish: Publishes, clock: Clock) -> Exception | None:
        """Take each of these by itself, and set those aside that strike an error of ours; what stopped it."""
        for arrival in some:
            fault = await self._take([arrival], publish, clock)
            if fault is not None and not isinstance(fault, TRANSIENT):
                fault = await self._set_aside(arrival, fault, clock)
            if fault is not None:
                return fault
        return None

    async def _set_aside(self, arrival: Arrival, error: Exception, clock: Clock) -> Exception | None:
        """Note where an error of ours broke a file's reading off, and put it to the unreadable; what stopped it.

        Raises Fatal where that befell the files before it too.
        """
        if isinstance(error, Fatal):
            raise error
        if self._set_aside_in_a_row == MOST_SET_ASIDE:
            raise Fatal(f"{MOST_SET_ASIDE} files in a row met an error of ours: see their manifests' place") from error
        place = f"{type(error).__name__} at {(places(error.__traceback__) or ['unknown'])[-1]}"
        log.error("a file at door %s is set aside for an error of ours: %s", arrival.folder.door, place)
        try:
            contents, fault = await _contents([arrival])
            changes = {"state": UNREADABLE, "reason": READER_FAILED, "place": place}
            for taken in await self._keep(contents, await self._now(clock)):
                await self._let_go([replace(taken, outcome=taken.delivery.model_copy(update=changes))])
        except TRANSIENT as away:
            return away
        self._set_aside_in_a_row += 1
        return fault

    async def _now(self, clock: Clock) -> datetime:
        async with self._asking:  # the clock is one consumer: doors ask it in turn
            return await clock.latest() or datetime.now(UTC)

    async def _keep(self, contents: Sequence[tuple[Arrival, bytes]], now: datetime) -> list[Taken]:
        """Bytes first, manifests last: whoever finds the manifest finds the bytes."""
        files = [(arrival, content, hashlib.sha256(content).hexdigest()) for arrival, content in contents]
        known = await self._manifests.find({sha256 for _, _, sha256 in files})
        chunks = {sha256: manifest.chunks for sha256, manifest in known.items()}
        chunks |= await self._blobs.keep_all({sha: cut(content) for _, content, sha in files if sha not in known})
        new = [
            Manifest(
                sha256=sha256,
                door=arrival.folder.door,
                size=len(content),
                chunks=chunks[sha256],
                deliveries=(Delivery(name=arrival.path.name, stamp=arrival.stamp, recorded_at=now),),
            )
            for arrival, content, sha256 in files
        ]
        registered = await self._manifests.register(new)
        return [
            Taken(arrival, content, sha256, number, _came_as(arrival, manifest.deliveries[number - 1]))
            for (arrival, content, sha256), (manifest, number) in zip(files, registered, strict=True)
        ]

    async def _read(self, taken: Taken, stream: Stream) -> Taken:
        """Give what the file says to the stream, unless that was done before; what it came to."""
        delivery, folder = taken.delivery, taken.arrival.folder
        if delivery.state and not delivery.broken_off:
            return taken
        origin = Origin(
            door=folder.door,
            payer_id=folder.payer_id,
            client=folder.client,
            sha256=taken.sha256,
            delivery=taken.number,
            recorded_on=delivery.recorded_at.date(),
            key_of=self._identity.key,
        )
        profile = self._directory.get(folder.payer_id)
        reader = Content(taken.arrival.path.name, taken.content, origin, self._checks, profile)
        async for part in reader.slices():
            await stream.add([_publication(found, origin, delivery.recorded_at) for found in part])
            for found in part:
                metrics.ANSWERS.labels(folder.door, type(found.data).__name__).inc()
        return replace(taken, outcome=reader.outcome(delivery))

    async def _let_go(self, done: Sequence[Taken]) -> None:
        """Everything that these files say is acknowledged: note what they came to, put them away."""
        read = [(taken, taken.outcome) for taken in done if taken.outcome is not None]
        await self._manifests.finish((taken.sha256, taken.number, outcome) for taken, outcome in read)
        for taken, outcome in read:
            metrics.FILES_READ.labels(taken.arrival.folder.door, outcome.state).inc()
            metrics.UNMATCHED.labels(taken.arrival.folder.door).inc(outcome.unmatched)
        if any(not outcome.broken_off for _, outcome in read):
            self._set_aside_in_a_row = 0
        states = [(taken.arrival, (taken.outcome or taken.delivery).state) for taken in done]
        where = ((arrival, ARCHIVE if state == READ else UNREADABLE) for arrival, state in states)
        await asyncio.gather(*(asyncio.to_thread(put_away, *one) for one in where))


async def _contents(some: Sequence[Arrival]) -> tuple[list[tuple[Arrival, bytes]], Exception | None]:
    """The bytes of these files, but those that another worker has taken; up to the first that cannot be read, and why."""
    found = []
    for arrival in some:
        try:
            found.append((arrival, await asyncio.to_thread(arrival.path.read_bytes)))
        except FileNotFoundError:
            continue
        except OSError as error:
            return found, error
    return found, None


def _came_as(arrival: Arrival, delivery: Delivery) -> Delivery:
    """The delivery under the name that its file has now: one that was broken off may come again under another."""
    return delivery.model_copy(update={"name": arrival.path.name, "stamp": arrival.stamp})


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


def windows(found: Sequence[Arrival]) -> Iterator[list[Arrival]]:
    """Files that are taken together, in order: a few, and not too many bytes unless one alone is larger."""
    some: list[Arrival] = []
    size = 0
    for arrival in found:
        if some and (len(some) == MOST_FILES or size + arrival.size > MOST_BYTES):
            yield some
            some, size = [], 0
        some.append(arrival)
        size += arrival.size
    if some:
        yield some
