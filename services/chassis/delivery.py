"""Files for the outside: temporary name, fsync, rename, fsync of the folder; those that come together wait once."""

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.chassis.failpoints import failpoint
from services.chassis.together import Together

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
    def path(self) -> Path:
        """Where it is to lie."""
        return self.folder / self.name

    @property
    def temporary(self) -> Path:
        """Where it lies until it is whole."""
        return self.folder / f"{TEMPORARY}{self.name}"

    def delivered(self) -> bool:
        """Whether it lies there, or was taken already."""
        return self.path.exists() or (self.folder / ARCHIVE / self.name).exists()


class Delivery:
    """Delivers each file once, by its name."""

    def __init__(self) -> None:
        self._together = Together(self._deliver)
        self._flushers = ThreadPoolExecutor(FLUSHERS, thread_name_prefix="flush")

    async def __call__(self, parcel: Parcel) -> None:
        """Deliver; does nothing where it was delivered before.

        Raises OSError while the folder is full or away; nothing half done lies under the name then.
        """
        failed = (await self._together(parcel)).get(parcel.path)
        if failed is not None:
            raise failed

    async def _deliver(self, parcels: Sequence[Parcel]) -> dict[Path, OSError]:
        return await asyncio.to_thread(deliver, parcels, self._flushers)


def deliver(parcels: Sequence[Parcel], flushers: Executor) -> dict[Path, OSError]:
    """Deliver files; what could not be delivered, and why. The disk takes many flushes at a time: hence `flushers`."""
    failed: dict[Path, OSError] = {}
    open_files = {}
    for parcel in parcels:
        if parcel in open_files or parcel.delivered():
            continue
        try:
            file = open_files[parcel] = parcel.temporary.open("wb")
            file.write(parcel.content)
        except OSError as error:
            failed[parcel.path] = error
    for parcel, fault in zip(open_files, flushers.map(_flushed, open_files.values()), strict=True):
        if fault is not None:
            failed[parcel.path] = fault
    for parcel in parcels:
        if parcel.path in failed:
            parcel.temporary.unlink(missing_ok=True)
    _renamed([parcel for parcel in open_files if parcel.path not in failed])
    return failed


def _flushed(file: BinaryIO) -> OSError | None:
    try:
        with file:
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    return None


def _renamed(whole: Sequence[Parcel]) -> None:
    if not whole:
        return
    failpoint("after_temporary_file")
    for parcel in whole:
        parcel.temporary.rename(parcel.path)
    failpoint("after_rename")
    for folder in {parcel.folder for parcel in whole}:
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make renames durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
