"""Puts files in the take-over door, one after another in the order given, and waits until each has been read."""

import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.clearinghouse.manifests import Delivery, Manifest
from services.cli.books import Books

LOOK_SECONDS = 0.01
STALL_SECONDS = 120.0


class NotRead(Exception):
    """The clearinghouse did not take a file in time; the text says where to look."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file of the command line."""

    path: Path
    sha256: str
    delivery: Delivery


def deliver(paths: list[Path], door: Path, check: Callable[[], None]) -> Iterator[tuple[Path, str]]:
    """Lay each file at the door under a name of its own and wait until it is taken; yields path and name.

    One at a time, so that the order of the command line decides which of two copies is the repeat. Raises NotRead.
    """
    inbox = door / "from_payer"
    inbox.mkdir(parents=True, exist_ok=True)
    run = f"{time.time_ns():x}-{secrets.token_hex(3)}"
    for number, path in enumerate(paths):
        name = f"{run}-{number:06d}.835"
        temporary = inbox / f".tmp-{name}"
        with temporary.open("wb") as file:
            file.write(path.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        laid = temporary.rename(inbox / name)
        wait_while(laid.exists, check, f"{path} lies unread in {inbox}: see the log of the clearinghouse")
        yield path, name


def wait_while(condition: Callable[[], bool], check: Callable[[], None], what: str) -> None:
    """Return when the condition has ended; raises NotRead after two minutes, and what `check` raises."""
    deadline = time.monotonic() + STALL_SECONDS
    while condition():
        check()
        if time.monotonic() > deadline:
            raise NotRead(f"{what}")
        time.sleep(LOOK_SECONDS)


def readings(books: Books, delivered: Iterable[tuple[Path, str]]) -> list[Reading]:
    """What became of each delivered file, in order; raises NotRead."""
    paths = {name: path for path, name in delivered}
    found: dict[str, Reading] = {}
    for raw in books.stored("clearinghouse", "files", {"deliveries.name": {"$in": list(paths)}}):
        manifest = Manifest.model_validate({**raw, "sha256": raw["_id"]})
        for delivery in manifest.deliveries:
            if delivery.name in paths and delivery.state:
                found[delivery.name] = Reading(paths[delivery.name], manifest.sha256, delivery)
    if lost := [path for name, path in paths.items() if name not in found]:
        raise NotRead(f"{lost[0]} could not be read, and came again meanwhile: name each file once")
    return [found[name] for name in paths]
