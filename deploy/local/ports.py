"""Free TCP ports on loopback, remembered over restarts of the same state folder."""

import json
import random
import socket
from collections.abc import Container, Iterable
from pathlib import Path

from deploy.local.errors import StackError

# below the range from which the kernel takes the near end of outgoing connections
LOWEST, HIGHEST = 18_000, 32_000


def is_free(port: int) -> bool:
    """Whether a server could listen on the loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(taken: Container[int] = ()) -> int:
    """A free port that is not among those taken. Raises StackError when there is none."""
    for _ in range(200):
        port = random.SystemRandom().randrange(LOWEST, HIGHEST)
        if port not in taken and is_free(port):
            return port
    raise StackError(f"no free port between {LOWEST} and {HIGHEST} on 127.0.0.1; stop what occupies them")


class Ports:
    """Chosen ports by name, kept in a JSON file so that a kept state comes up at the same place where it can."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._remembered: dict[str, int] = json.loads(path.read_text()) if path.is_file() else {}
        self.chosen: dict[str, int] = {}

    def choose(self, names: Iterable[str]) -> None:
        """Choose a free port for each name that has none yet, and write the file.

        Raises StackError when there is none.
        """
        for name in names:
            if name not in self.chosen:
                self.chosen[name] = self._one(name)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self.chosen, indent=1, sort_keys=True) + "\n")

    def _one(self, name: str) -> int:
        remembered = self._remembered.get(name)
        taken = set(self.chosen.values())
        if remembered is not None and remembered not in taken and is_free(remembered):
            return remembered
        return free_port(taken)
