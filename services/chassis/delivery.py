"""Files for the outside: temporary name, fsync, rename, fsync of the folder; those that come together wait once."""

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from services.chassis.failpoints import failpoint
from services.chassis.together import Together

Place = tuple[Path, str]
"""Folder and name of a file."""
Failed = dict[Place, OSError]
FLUSHERS = 16
TEMPORARY = ".tmp-"
ARCHIVE = "archive"
"""Folder beside the delivered files into which whoever takes one may move it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file to lie in a folder under its name."""

    folder: Path
    name: str
    content: bytes

    @property
    def place(self) -> Place:
        """What tells it from all others."""
        return self.folder, self.name

    @property
    def path(self) -> str:
        """Where it is to lie."""
        return f"{self.folder}/{self.name}"

    @property
    def temporary(self) -> str:
        """Where it lies until it is whole."""
        return f"{self.folder}/{TEMPORARY}{self.name}"

    def delivered(self) -> bool:
        """Whether it lies there, or was taken already."""
        return os.path.exists(self.path) or os.path.exists(f"{self.folder}/{ARCHIVE}/{self.name}")


class Delivery:
    """Delivers each file once, by its name."""

    def __init__(self) -> None:
        self._together = Together(self._deliver)
        self._flushers = ThreadPoolExecutor(FLUSHERS, thread_name_prefix="flush")

    async def __call__(self, parcel: Parcel) -> None:
        """Deliver; does nothing where it was delivered before.

        Raises OSError while the folder is full or away; nothing half done lies under the name then.
        """
        failed = (await self._together(parcel)).get(parcel.place)
        if failed is not None:
            raise failed

    async def _deliver(self, parcels: Sequence[Parcel]) -> Failed:
        return await asyncio.to_thread(deliver, parcels, self._flushers)


def deliver(parcels: Sequence[Parcel], flushers: Executor) -> Failed:
    """Deliver files; what could not be delivered, and why. The disk takes many flushes at a time: hence `flushers`."""
    new: dict[Place, Parcel] = {}
    for parcel in parcels:
        new.setdefault(parcel.place, parcel)
    failed: Failed = {}
    files: list[tuple[Parcel, FileIO]] = []
    _each(new.values(), lambda parcel: files.extend(_written(parcel)), failed)
    parts = [files[first::FLUSHERS] for first in range(min(FLUSHERS, len(files)))]
    for faults in flushers.map(_flushed, parts):
        failed.update(faults)
    _renamed([parcel for parcel, _ in files if parcel.place not in failed], failed)
    for place in failed:
        with suppress(OSError):
            os.unlink(new[place].temporary)
    return failed


def _each(parcels: Iterable[Parcel], step: Callable[[Parcel], None], failed: Failed) -> None:
    """Go a step with each file; what fails is told of that file and holds up no other."""
    for parcel in parcels:
        try:
            step(parcel)
        except OSError as error:
            failed.setdefault(parcel.place, error)


def _written(parcel: Parcel) -> list[tuple[Parcel, FileIO]]:
    """The temporary file, not yet flushed; none where it was delivered before."""
    if parcel.delivered():
        return []
    file = FileIO(parcel.temporary, "w")
    rest = memoryview(parcel.content)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError:
        file.close()
        raise
    return [(parcel, file)]


def _flushed(files: Sequence[tuple[Parcel, FileIO]]) -> Failed:
    failed: Failed = {}
    for parcel, file in files:
        try:
            with file:
                os.fsync(file.fileno())
        except OSError as error:
            failed[parcel.place] = error
    return failed


def _renamed(whole: Sequence[Parcel], failed: Failed) -> None:
    if not whole:
        return
    failpoint("after_temporary_file")
    _each(whole, lambda parcel: os.rename(parcel.temporary, parcel.path), failed)
    failpoint("after_rename")
    for folder in {parcel.folder for parcel in whole}:
        try:
            sync_folder(folder)
        except OSError as error:
            failed.update({parcel.place: error for parcel in whole if parcel.folder == folder} | failed)


def sync_folder(folder: Path) -> None:
    """Make renames durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
