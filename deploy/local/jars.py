"""The broker's class path: a locked list of Maven coordinates with their SHA-256, and the checked copies of them."""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StackError

LOCK_FILE = Path(__file__).with_name("kafka.lock")


@dataclass(frozen=True)
class Jar:
    """One locked jar: Maven coordinate ``group:artifact:version`` and the SHA-256 of its bytes in hex."""

    coordinate: str
    sha256: str

    @property
    def filename(self) -> str:
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def cache_dir() -> Path:
    """Where fetched parts rest, outside every state folder: OVERTURN_CACHE, else share/overturn of the environment."""
    return Path(os.environ.get("OVERTURN_CACHE") or Path(sys.prefix) / "share" / "overturn")


def read_lock(path: Path = LOCK_FILE) -> list[Jar]:
    """The locked jars in class path order.

    Raises StackError with file and line when a line is not ``group:artifact:version sha256``.
    """
    jars = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        fields = line.split("#")[0].split()
        if not fields:
            continue
        if len(fields) != 2 or fields[0].count(":") != 2 or len(fields[1]) != 64:
            raise StackError(f"{path.name}:{number}: expected 'group:artifact:version sha256', found {line!r}")
        jars.append(Jar(*fields))
    return jars


def write_lock(jars: Iterable[Jar], path: Path = LOCK_FILE) -> None:
    """Write the locked list, one jar a line."""
    header = "# The broker's class path. Written by: python -m deploy.local.fetch --relock\n"
    path.write_text(header + "".join(f"{jar.coordinate} {jar.sha256}\n" for jar in jars))


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def class_path() -> str:
    """The broker's class path, from the cache.

    Raises StackError that names each locked jar which is missing or has other bytes.
    """
    folder = cache_dir() / "jars"
    jars = read_lock()
    bad = [jar.coordinate for jar in jars if not is_right(folder / jar.filename, jar)]
    if bad:
        raise StackError(f"missing or damaged jars in {folder}: {', '.join(bad)}; run: python -m deploy.local.fetch")
    return os.pathsep.join(str(folder / jar.filename) for jar in jars)


def is_right(path: Path, jar: Jar) -> bool:
    """Whether the file at path is there and has the locked bytes."""
    return path.is_file() and sha256_of(path) == jar.sha256


def place(source: Path, target: Path) -> None:
    """Put a checked file into the cache under its final name at once, linked where the file system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        os.link(source, temporary)
    except OSError:
        shutil.copyfile(source, temporary)
    temporary.replace(target)
