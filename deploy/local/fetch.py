"""Fetch what the embedded stack runs on, so that later steps need no registry: ``python -m deploy.local.fetch``.

With ``--relock`` the dependencies are resolved anew and kafka.lock is written; a person reads the difference.
"""

import argparse
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jgo.config import GlobalSettings
from jgo.constants import MAVEN_CENTRAL_URL
from jgo.maven import MavenContext

from deploy.local.errors import StackError
from deploy.local.jars import Jar, cache_dir, is_right, place, read_lock, sha256_of, write_lock
from deploy.local.mongod import install_mongod
from deploy.local.train import train_broker

ROOTS = ("org.apache.kafka:kafka_2.13:4.3.1", "org.slf4j:slf4j-simple:1.7.36")
DOWNLOADS_AT_ONCE = 8


def maven(repository: Path, local: list[Path] | None = None) -> MavenContext:
    """A Maven context that asks the repositories of jgo's own configuration, then the central one."""
    remotes = {**GlobalSettings.load().repositories, "central": MAVEN_CENTRAL_URL}
    return MavenContext(repo_cache=repository, local_repos=local or [], remote_repos=remotes, timeout=60)


def download(jar: Jar, scratch: Path) -> Path:
    """The jar's checked bytes, from the user's Maven repository if they are right there, else downloaded.

    Raises StackError when they cannot be had, or are not those of the lock.
    """
    group, artifact, version = jar.coordinate.split(":")
    relative = Path(*group.split("."), artifact, version, jar.filename)
    owned = GlobalSettings.load().repo_cache / relative
    if is_right(owned, jar):
        return owned
    try:
        found = maven(scratch).project(group, artifact).at_version(version).artifact().resolve()
    except Exception as error:
        raise StackError(f"{jar.coordinate} cannot be downloaded: {error}") from error
    if not is_right(found, jar):
        raise StackError(f"{jar.coordinate}: downloaded bytes have SHA-256 {sha256_of(found)}, locked is {jar.sha256}")
    return found


def fetch_jars() -> int:
    """Bring every locked jar into the cache; returns how many were missing there."""
    folder = cache_dir() / "jars"
    missing = [jar for jar in read_lock() if not is_right(folder / jar.filename, jar)]
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        for jar, path in zip(missing, pool.map(lambda jar: download(jar, Path(scratch)), missing), strict=True):
            place(path, folder / jar.filename)
    return len(missing)


def relock() -> None:
    """Resolve ROOTS with everything they need and write the lock."""
    with tempfile.TemporaryDirectory() as scratch:
        context = maven(Path(scratch))
        roots, rest = context.resolver.resolve([context.create_dependency(root) for root in ROOTS])
        artifacts = [dependency.artifact for dependency in roots + rest]
        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            paths = list(pool.map(lambda artifact: artifact.resolve(), artifacts))
        names = [f"{a.groupId}:{a.artifactId}:{a.version}" for a in artifacts]
        write_lock([Jar(name, sha256_of(path)) for name, path in zip(names, paths, strict=True)])


def main() -> int:
    """Fetch, or relock first; exit status 1 with one line that says what could not be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--relock", action="store_true", help="resolve anew and write kafka.lock")
    if parser.parse_args().relock:
        relock()
    try:
        fetched = fetch_jars()
        train_broker()
        database = install_mongod()
    except StackError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    usage = shutil.disk_usage(cache_dir())
    print(f"broker: {len(read_lock())} jars, {fetched} fetched; database: {database}; {usage.free >> 30} GB disk free")
    return 0


if __name__ == "__main__":
    sys.exit(main())
