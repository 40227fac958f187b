"""Let the broker run once and keep the classes it loaded, so that every later start takes half the time."""

import os
import tempfile
from pathlib import Path

from deploy.local.jars import LOCK_FILE, cache_dir
from deploy.local.kafka import broker_part, class_cache
from deploy.local.ports import free_port
from deploy.local.supervisor import Supervisor


def train_broker() -> bool:
    """Write the class cache unless it is there and newer than the jars; returns whether it was written.

    Raises StackError naming the broker's log when the broker does not come up.
    """
    cache = class_cache()
    newest = max(path.stat().st_mtime for path in (LOCK_FILE, *(cache_dir() / "jars").iterdir()))
    if cache.is_file() and cache.stat().st_mtime >= newest:
        return False
    cache.unlink(missing_ok=True)
    port = free_port()
    with tempfile.TemporaryDirectory(dir=cache.parent) as scratch:
        folder = Path(scratch)
        supervisor = Supervisor(folder / "logs", os.environ)
        try:
            supervisor.start([broker_part(folder / "kafka", port, free_port({port}), train=folder / cache.name)])
            supervisor.wait_ready()
            supervisor.stop(["kafka"])
        finally:
            supervisor.close()
        (folder / cache.name).replace(cache)
    return True
