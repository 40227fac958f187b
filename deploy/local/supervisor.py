"""Keeps the parts of a stack running: starts them, starts them again when they die, ends them in reverse order."""

import queue
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.part import Child, Part, log_tail

LOOK_EVERY = 0.05


class Supervisor:
    """Supervises processes from one thread of its own, which lives as long as they may.

    The kernel ties a child's life to the thread that started it (launch.py), so no other thread may start one.
    Children killed by a signal are always started again; one that fails five times within seconds of its start,
    by itself, is given up, and one that calls its configuration wrong (exit status 78) at once; check() says so.
    """

    def __init__(self, logs: Path, env: Mapping[str, str]) -> None:
        self._logs = logs
        self._env = dict(env)
        self._children: dict[str, Child] = {}
        self._work: queue.SimpleQueue[tuple[Callable[[], None], Future[None]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._thread.start()

    def start(self, parts: Iterable[Part]) -> None:
        """Start parts, in order; does not wait until they are ready. A name may be used once."""
        chosen = list(parts)
        self._do(lambda: self._start(chosen))

    def wait_ready(self, names: Iterable[str] | None = None) -> None:
        """Wait until the named parts (all, if none are named) are ready.

        A part that died and was started again has its whole time anew. Raises StackError, with the end of the log,
        for a part that was given up or is late.
        """
        begun = time.monotonic()
        waiting = [self._children[name] for name in (names if names is not None else list(self._children))]
        while True:
            self.check()
            waiting = [child for child in waiting if not is_ready(child)]
            if not waiting:
                return
            for child in waiting:
                if time.monotonic() - max(begun, child.started_at) > child.part.ready_within:
                    raise self._error(child, f"{child.part.name} is not ready after {child.part.ready_within:.0f} s")
            time.sleep(LOOK_EVERY)

    def check(self) -> None:
        """Raise StackError, with the end of its log, if a part was given up."""
        for child in list(self._children.values()):
            if child.error:
                raise self._error(child, child.error)

    def stop(self, names: Iterable[str], *, at_once: bool = False) -> None:
        """End the named parts and forget them: SIGTERM, then SIGKILL to those that are late; at_once is SIGKILL."""
        chosen = list(names)
        self._do(lambda: self._stop(chosen, at_once))

    def close(self) -> None:
        """End whatever still runs, by SIGKILL, and the supervisor's thread."""
        self.stop(list(reversed(self._children)), at_once=True)
        self._work.put(None)
        self._thread.join()

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the parts that run now."""
        return {name: child.pid for name, child in list(self._children.items()) if child.pid is not None}

    @property
    def restarts(self) -> dict[str, int]:
        """How often each part was started again."""
        return {name: child.restarts for name, child in list(self._children.items())}

    def log_of(self, name: str) -> Path:
        """The log file of a part."""
        return self._logs / f"{name}.log"

    def _error(self, child: Child, what: str) -> StackError:
        return StackError(f"{what}; its log is {child.log}, which ends:\n{log_tail(child.log)}")

    def _do(self, work: Callable[[], None]) -> None:
        done: Future[None] = Future()
        self._work.put((work, done))
        done.result()

    def _run(self) -> None:
        while True:
            try:
                item = self._work.get(timeout=LOOK_EVERY)
            except queue.Empty:
                for child in self._children.values():
                    child.look()
                continue
            if item is None:
                return
            work, done = item
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - it is raised in the thread that waits for this work
                done.set_exception(error)
            else:
                done.set_result(None)

    def _start(self, parts: list[Part]) -> None:
        self._logs.mkdir(parents=True, exist_ok=True)
        for part in parts:
            if part.name in self._children:
                raise StackError(f"a part named {part.name} runs already")
            child = Child(part, self.log_of(part.name), self._env)
            self._children[part.name] = child
            child.spawn()

    def _stop(self, names: list[str], at_once: bool) -> None:
        ending = [self._children[name] for name in names if name in self._children]
        for child in ending:
            child.stopping = True
            child.signal_group(signal.SIGKILL if at_once else signal.SIGTERM)
        begun = time.monotonic()
        for child in sorted(ending, key=lambda child: child.part.stop_within):
            if not child.wait_end(max(0.0, begun + child.part.stop_within - time.monotonic())):
                child.signal_group(signal.SIGKILL)
                child.wait_end(10.0)
            child.signal_group(signal.SIGKILL)
            del self._children[child.part.name]


def is_ready(child: Child) -> bool:
    """Whether the part runs and says that it can do its work."""
    return child.pid is not None and (child.part.ready is None or child.part.ready())
