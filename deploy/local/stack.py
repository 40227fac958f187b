"""A running stack: broker, database, and the processes that are given to it, all on one state folder."""

import os
import secrets
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from kafka.errors import KafkaError
from pymongo.errors import PyMongoError

from deploy.local.erase import erase_prefix
from deploy.local.errors import StackError
from deploy.local.http import answers_ready
from deploy.local.kafka import broker_answers, broker_part
from deploy.local.mongod import database_answers, mongod_part, mongod_url
from deploy.local.part import Part
from deploy.local.ports import Ports
from deploy.local.state import StateLock, announce, make_state, state_dir, withdraw
from deploy.local.supervisor import Supervisor
from services.chassis.crypto import create_key_file

PARTITIONS = 4
INFRASTRUCTURE = ("kafka", "mongod")


class Stack:
    """Context manager: enter starts broker and database (or uses those that the environment names), exit ends all.

    KAFKA_BOOTSTRAP_SERVERS and MONGODB_URL, each for itself, replace the local part. Every process inherits the
    caller's environment, with env and the stack's own variables laid over it.
    """

    def __init__(
        self,
        state: Path | None = None,
        *,
        prefix: str | None = None,
        partitions: int = PARTITIONS,
        key_seed: int | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """A stack that keeps its state.

        prefix (default OVERTURN_PREFIX, else none) begins every name it makes. With key_seed a new key file's
        identity key is derived from it, so that two runs name the same accounts.
        """
        self.state = (state or state_dir()).absolute()
        self.prefix = os.environ.get("OVERTURN_PREFIX", "") if prefix is None else prefix
        self.partitions = partitions
        self.external_broker = os.environ.get("KAFKA_BOOTSTRAP_SERVERS") or None
        self.external_database = os.environ.get("MONGODB_URL") or None
        self.bootstrap = ""
        self.mongodb = ""
        self.keys = Path(os.environ.get("OVERTURN_KEYS") or self.state / "keys.json").absolute()
        self._key_seed = key_seed
        self._extra_env = dict(env or {})
        self.keep = True
        """Whether the state outlives the stack; may be changed until its end."""
        self._ports = Ports(self.state / "ports.json")
        self._lock = StateLock(self.state)
        self._supervisor: Supervisor | None = None

    @classmethod
    def fresh(
        cls,
        label: str,
        *,
        partitions: int = PARTITIONS,
        key_seed: int | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Self:
        """A stack on a new folder <state>/<label>-<random>, deleted with all it made when the stack ends.

        On a broker or a database of somebody else its names get a new prefix, and only those are deleted.
        After an error the folder's logs are kept. Raises StackError where no folder can be made.
        """
        run = f"{label}-{secrets.token_hex(4)}"
        external = os.environ.get("KAFKA_BOOTSTRAP_SERVERS") or os.environ.get("MONGODB_URL")
        prefix = f"{run}-" if external else ""
        stack = cls(state_dir() / run, prefix=prefix, partitions=partitions, key_seed=key_seed, env=env)
        stack.keep = False
        make_state(stack.state)
        return stack

    def __enter__(self) -> Self:
        self._lock.take()
        try:
            self._start()
        except BaseException:
            self._end(failed=True, erase=False)  # nothing bears the prefix yet
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(failed=kind is not None and issubclass(kind, Exception), erase=bool(self.prefix))

    @property
    def supervisor(self) -> Supervisor:
        """The supervisor of the stack's processes. Raises StackError before the stack is entered."""
        if self._supervisor is None:
            raise StackError("the stack does not run")
        return self._supervisor

    @property
    def ports(self) -> dict[str, int]:
        """The chosen ports by part."""
        return dict(self._ports.chosen)

    def env(self) -> dict[str, str]:
        """What a process needs to find this stack, beside the caller's own environment."""
        return {
            **self._extra_env,
            "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
            "MONGODB_URL": self.mongodb,
            "OVERTURN_STATE": str(self.state),
            "OVERTURN_PREFIX": self.prefix,
            "OVERTURN_PARTITIONS": str(self.partitions),
            "OVERTURN_KEYS": str(self.keys),
            "OVERTURN_DOORS": str(self.state / "doors"),
        }

    def extend_env(self, more: Mapping[str, str]) -> None:
        """Lay more variables over the environment of the parts that are made from now on."""
        self._extra_env.update(more)

    def python(self, name: str, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Part:
        """A part that runs ``python -m module`` and answers /readyz on its own OVERTURN_METRICS_PORT."""
        self._ports.choose([name])
        port = self._ports.chosen[name]
        merged = {**self.env(), "OVERTURN_METRICS_PORT": str(port), **(env or {})}
        return Part(name, (sys.executable, "-m", module, *arguments), merged, ready=answers_ready(port))

    def service(self, name: str, worker: int = 0, *, env: Mapping[str, str] | None = None) -> Part:
        """Worker number worker of a service, as part <name>-<worker>."""
        return self.python(f"{name}-{worker}", f"services.{name}", env={"OVERTURN_WORKER": str(worker), **(env or {})})

    def run(self, *parts: Part) -> None:
        """Start parts and wait until all are ready. Raises StackError that names the log of one that is not."""
        self.supervisor.start(parts)
        self.supervisor.wait_ready([part.name for part in parts])

    def check(self) -> None:
        """Raise StackError, naming the log, if a part was given up."""
        self.supervisor.check()

    def announce(self) -> None:
        """Let other commands on the same state folder find this stack (running_stack)."""
        announce(self.state, self.env())

    def _start(self) -> None:
        self._supervisor = Supervisor(self.state / "logs", os.environ)
        (self.state / "doors").mkdir(parents=True, exist_ok=True)
        create_key_file(self.keys, self._key_seed)
        self.bootstrap = self.external_broker or self._local_broker_address()
        self.mongodb = self.external_database or self._local_database_url()
        # the database first: it comes up while the broker's storage is formatted
        if not self.external_database:
            self.supervisor.start([mongod_part(self.state / "mongod", self.ports["mongod"])])
        if not self.external_broker:
            ports = self.ports
            self.supervisor.start([broker_part(self.state / "kafka", ports["kafka"], ports["kafka-controller"])])
        self.supervisor.wait_ready()
        self._check_external()

    def _local_broker_address(self) -> str:
        self._ports.choose(["kafka", "kafka-controller"])
        return f"127.0.0.1:{self.ports['kafka']}"

    def _local_database_url(self) -> str:
        self._ports.choose(["mongod"])
        return mongod_url(self.ports["mongod"])

    def _check_external(self) -> None:
        if self.external_broker and not broker_answers(self.external_broker)():
            raise StackError(f"no broker answers at KAFKA_BOOTSTRAP_SERVERS={self.external_broker}")
        if self.external_database and not database_answers(self.external_database):
            raise StackError("no database answers at MONGODB_URL")

    def _end(self, *, failed: bool, erase: bool) -> None:
        withdraw(self.state)
        if self._supervisor is not None:
            names = list(reversed(self._supervisor.restarts))
            self._supervisor.stop([name for name in names if name not in INFRASTRUCTURE])
            self._supervisor.stop([name for name in names if name in INFRASTRUCTURE], at_once=not self.keep)
            self._supervisor.close()
            self._supervisor = None
        try:
            if not self.keep:
                self._delete(keep_logs=failed)
            if not self.keep and erase:
                self._erase(failed)
        finally:
            self._lock.release()

    def _erase(self, failed: bool) -> None:
        """Delete what the run made at others'; raises StackError where they do not answer, unless the run failed itself."""
        try:
            erase_prefix(self.external_broker, self.external_database, self.prefix)
        except (KafkaError, PyMongoError) as error:
            if not failed:
                left = f"what begins with {self.prefix} may still be at the broker or the database; delete it there"
                raise StackError(f"{left} ({type(error).__name__})") from None

    def _delete(self, *, keep_logs: bool) -> None:
        if not keep_logs:
            shutil.rmtree(self.state, ignore_errors=True)
            return
        for entry in self.state.iterdir():
            if entry.name not in ("logs", "lock"):
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
