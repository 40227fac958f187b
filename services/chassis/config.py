"""A worker's configuration: environment variables only, checked before anything starts."""

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

NAME = re.compile(r"^[A-Za-z0-9_-]*$")


class ConfigError(ValueError):
    """A variable is missing or wrong; the text names it and says what to do. Exit status 78 (EX_CONFIG)."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a worker of a service must know of its surroundings."""

    service: str
    bootstrap: str
    """KAFKA_BOOTSTRAP_SERVERS: host:port, comma-separated."""
    mongodb_url: str
    state: Path
    """OVERTURN_STATE: folder for fail point markers and doors that rest on disk."""
    keys: Path
    """OVERTURN_KEYS: the key file (see crypto.py)."""
    prefix: str = ""
    """OVERTURN_PREFIX: put before topics, groups and database names, so that several runs share one cluster."""
    partitions: int = 4
    """OVERTURN_PARTITIONS: of every internal topic, for life."""
    doors: Path = Path("doors")
    """OVERTURN_DOORS: folder where files for the outside are exchanged."""
    partners: tuple[str, ...] = ()
    """OVERTURN_PARTNERS: comma-separated; empty means: every partner that has a topic at start."""
    metrics_host: str = "127.0.0.1"
    """OVERTURN_METRICS_HOST: loopback unless told otherwise."""
    metrics_port: int = 0
    """OVERTURN_METRICS_PORT: of /metrics, /healthz and /readyz; 0 picks a free one."""
    worker: int = 0
    """OVERTURN_WORKER: index of this worker; with the service's name its static group membership."""
    stall_seconds: float = 30.0
    """OVERTURN_STALL_SECONDS: lag without progress for so long ends the process."""
    retry_seconds: float = 60.0
    """OVERTURN_RETRY_SECONDS: a broker or database away for so long ends the process."""
    recent_documents: int = 5_000
    """OVERTURN_RECENT_DOCUMENTS: how many documents a worker keeps as it last wrote them; about 10 KB each, and two
    items of one that grows (a lane) count as another."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Everything in the environment, for a service's own settings."""

    @property
    def group(self) -> str:
        """The Kafka consumer group."""
        return self.prefix + self.service

    @property
    def database(self) -> str:
        """The service's own database."""
        return self.prefix + self.service

    @property
    def member(self) -> str:
        """The static group member id: the same after a restart, so that nothing is rebalanced."""
        return f"{self.service}-{self.worker}"

    def topic(self, name: str) -> str:
        """The broker's name of a topic."""
        return self.prefix + name


def from_env(service: str, env: Mapping[str, str] | None = None) -> Config:
    """Read the configuration; raises ConfigError with the first thing that is wrong."""
    env = os.environ if env is None else env
    return Config(
        service=service,
        bootstrap=_required(env, "KAFKA_BOOTSTRAP_SERVERS", "set it to the broker's host:port"),
        mongodb_url=_required(env, "MONGODB_URL", "set it to mongodb://host:port/?replicaSet=name"),
        state=Path(env.get("OVERTURN_STATE") or ".overturn"),
        keys=_key_file(env),
        prefix=_prefix(env),
        partitions=_whole(env, "OVERTURN_PARTITIONS", 4, 1),
        doors=Path(env.get("OVERTURN_DOORS") or Path(env.get("OVERTURN_STATE") or ".overturn") / "doors"),
        partners=tuple(name.strip() for name in env.get("OVERTURN_PARTNERS", "").split(",") if name.strip()),
        metrics_host=env.get("OVERTURN_METRICS_HOST") or "127.0.0.1",
        metrics_port=_whole(env, "OVERTURN_METRICS_PORT", 0, 0),
        worker=_whole(env, "OVERTURN_WORKER", 0, 0),
        stall_seconds=_number(env, "OVERTURN_STALL_SECONDS", 30, 1),
        retry_seconds=_number(env, "OVERTURN_RETRY_SECONDS", 60, 1),
        recent_documents=_whole(env, "OVERTURN_RECENT_DOCUMENTS", 5_000, 0),
        options=dict(env),
    )


def _required(env: Mapping[str, str], name: str, remedy: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise ConfigError(f"{name} is not set: {remedy}")
    return value


def _key_file(env: Mapping[str, str]) -> Path:
    path = Path(_required(env, "OVERTURN_KEYS", "set it to the path of the key file"))
    if not path.is_file():
        raise ConfigError(f"OVERTURN_KEYS names {path}, which is no file: make one with services.chassis.crypto")
    return path


def _prefix(env: Mapping[str, str]) -> str:
    prefix = env.get("OVERTURN_PREFIX", "")
    if not NAME.match(prefix) or len(prefix) > 40:
        raise ConfigError(
            "OVERTURN_PREFIX may hold up to 40 letters, digits, - and _ only: topics and databases wear it"
        )
    return prefix


def _whole(env: Mapping[str, str], name: str, default: int, least: int) -> int:
    value = _number(env, name, default, least)
    if value != int(value):
        raise ConfigError(f"{name} is no whole number: set it to {default} or leave it out")
    return int(value)


def _number(env: Mapping[str, str], name: str, default: float, least: float) -> float:
    text = env.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ConfigError(f"{name} is not a number: set it to {default:g} or leave it out")
    if value < least:
        raise ConfigError(f"{name} is below {least:g}: set it to {default:g} or leave it out")
    return value
