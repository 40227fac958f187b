"""Files for the outside: temporary name, fsync, rename, fsync of the folder; those that come together wait once."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.chassis.failpoints import failpoint
from services.chassis.together import Together

Failed = dict[Path, OSError]
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

    async def _deliver(self, parcels: Sequence[Parcel]) -> Failed:
        return await asyncio.to_thread(deliver, parcels, self._flushers)


def deliver(parcels: Sequence[Parcel], flushers: Executor) -> Failed:
    """Deliver files; what could not be delivered, and why. The disk takes many flushes at a time: hence `flushers`."""
    new: dict[Path, Parcel] = {}
    for parcel in parcels:
        new.setdefault(parcel.path, parcel)
    failed: Failed = {}
    open_files: dict[Path, BinaryIO] = {}
    for path, parcel in new.items():
        with _telling(failed, path):
            if not parcel.delivered():
                open_files[path] = parcel.temporary.open("wb")
                open_files[path].write(parcel.content)
    for path, fault in zip(open_files, flushers.map(_flushed, open_files.values()), strict=True):
        if fault is not None:
            failed[path] = fault
    _renamed([new[path] for path in open_files if path not in failed], failed)
    for path in failed:
        with suppress(OSError):
            new[path].temporary.unlink()
    return failed


def _flushed(file: BinaryIO) -> OSError | None:
    try:
        with file:
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    return None


def _renamed(whole: Sequence[Parcel], failed: Failed) -> None:
    if not whole:
        return
    failpoint("after_temporary_file")
    for parcel in whole:
        with _telling(failed, parcel.path):
            parcel.temporary.rename(parcel.path)
    failpoint("after_rename")
    for folder in {parcel.folder for parcel in whole}:
        with _telling(failed, *(parcel.path for parcel in whole if parcel.folder == folder)):
            sync_folder(folder)


@contextmanager
def _telling(failed: Failed, *paths: Path) -> Iterator[None]:
    """What fails is told of these files and holds up no other."""
    try:
        yield
    except OSError as error:
        for path in paths:
            failed.setdefault(path, error)


def sync_folder(folder: Path) -> None:
    """Make renames durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
