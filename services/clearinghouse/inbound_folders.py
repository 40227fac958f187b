"""The folders where payers leave their answers: which files wait there, and where a file goes when it is done."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.chassis.delivery import sync_folder
from services.chassis.failpoints import failpoint

FROM_PAYER = "from_payer"
TAKEOVER = "takeover-"
UNREADABLE = "unreadable"
TAKEOVER_DOOR = re.compile(r"takeover-([a-z0-9][a-z0-9-]{0,39})")


@dataclass(frozen=True, slots=True)
class Folder:
    """One `from_payer` folder. `payer_id` is empty on a take-over door, whose files name the payer themselves."""

    door: str
    path: Path
    payer_id: str
    client: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that waits; `stamp` tells it from another file that had or will have the same name."""

    folder: Folder
    path: Path
    size: int
    stamp: str


def folders(root: Path) -> Iterator[Folder]:
    """Every door that has a `from_payer`, in the order of its name."""
    for entry in sorted(_entries(root), key=lambda entry: entry.name):
        path = Path(entry.path) / FROM_PAYER
        if not path.is_dir():
            continue
        client = TAKEOVER_DOOR.fullmatch(entry.name)
        if client:
            yield Folder(entry.name, path, "", client[1])
        elif not entry.name.startswith(TAKEOVER):
            yield Folder(entry.name, path, entry.name)


def waiting(folder: Folder) -> list[Arrival]:
    """The files of a folder in the order of their names; those still being written (`.…`, `*.part`) are left alone."""
    found = []
    for entry in _entries(folder.path):
        if entry.name.startswith(".") or entry.name.endswith(".part"):
            continue
        try:
            if not entry.is_file(follow_symlinks=False):
                continue
            told = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        stamp = f"{told.st_ino}.{told.st_mtime_ns}"
        found.append(Arrival(folder, Path(entry.path), told.st_size, stamp))
    return sorted(found, key=lambda arrival: arrival.path.name)


def put_away(arrival: Arrival, where: str) -> None:
    """Rename a file into `archive` or `unreadable` beside it; nothing where another worker has done it."""
    target = arrival.folder.path / where
    target.mkdir(exist_ok=True)
    try:
        arrival.path.rename(_free(target / arrival.path.name))
    except FileNotFoundError:
        return
    failpoint("after_rename")
    sync_folder(target)


def make_folders(root: Path, payers: tuple[str, ...]) -> None:
    """The folders of each payer, both ways; those that exist are kept."""
    for payer in payers:
        for way in ("to_payer", FROM_PAYER):
            (root / payer / way).mkdir(parents=True, exist_ok=True)


def _free(path: Path) -> Path:
    """A name that is not taken: the same name may come again with other content."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}.{number}")
    return found


def _entries(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as found:
            return list(found)
    except (FileNotFoundError, NotADirectoryError):
        return []
