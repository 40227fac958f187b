"""The payers' end of the doors: files are picked up when they are durable here, and left by rename."""

import json
import os
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from deploy.local.payers.answers.files import AnswerFile
from deploy.local.payers.desk.store import InboxFile

TO_PAYER, FROM_PAYER, ARCHIVE, UNREADABLE = "to_payer", "from_payer", "archive", "unreadable"
TEMPORARY = (".tmp-", ".")
UNDATED = date(1970, 1, 1)
SETTLED_NANOSECONDS = 200_000_000


class Door:
    """One payer's two folders."""

    def __init__(self, root: Path, payer_id: str) -> None:
        self.payer_id = payer_id
        self._to = root / payer_id / TO_PAYER
        self._from = root / payer_id / FROM_PAYER
        for folder in (self._to / ARCHIVE, self._from / ARCHIVE):
            folder.mkdir(parents=True, exist_ok=True)
        self._changed = -1

    def waiting(self) -> Iterator[Path]:
        """Files that lie there whole, by name; looks only when the folder has changed since the last look."""
        changed = self._to.stat().st_mtime_ns
        if changed == self._changed:
            return
        found = [entry for entry in os.scandir(self._to) if entry.is_file() and not entry.name.startswith(TEMPORARY)]
        # the kernel's clock moves in steps: a rename within the step of this look would leave the folder's time as it is
        settled = not found and time.time_ns() - changed > SETTLED_NANOSECONDS
        self._changed = changed if settled else -1
        yield from sorted(Path(entry.path) for entry in found)

    def archive(self, path: Path) -> None:
        """Put a file away that has been taken in."""
        os.replace(path, self._to / ARCHIVE / path.name)

    def leave(self, file: AnswerFile) -> None:
        """Put an answer at the door, unless it lies there or was fetched already."""
        if any((folder / file.name).exists() for folder in (self._from, self._from / ARCHIVE, self._from / UNREADABLE)):
            return
        temporary = self._from / f".tmp-{file.name}"
        with temporary.open("wb") as handle:
            handle.write(file.content)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, self._from / file.name)


def read_file(path: Path) -> InboxFile:
    """A file with its kind and date; what cannot be understood has the kind of its name and an old date."""
    content = path.read_bytes()
    kind = path.name.partition(".")[2]
    return InboxFile(path.name, kind, _dated(kind, content), content)


def _dated(kind: str, content: bytes) -> date:
    try:
        if kind.endswith("json"):
            return date.fromisoformat(json.loads(content)["sent_on"])
        return datetime.strptime(content[70:76].decode("ascii"), "%y%m%d").date()
    except (ValueError, KeyError, TypeError):
        return UNDATED
