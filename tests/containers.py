"""Broker and database in containers, with the settings of the embedded ones."""

import os
from functools import cache
from typing import Any

import docker
from docker.errors import DockerException, ImageNotFound
from requests.exceptions import RequestException
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from deploy.local.kafka import GROUP_SETTINGS, TOPIC_SETTINGS, VERSION, broker_answers
from deploy.local.mongod import REPLICA_SET, PrimaryProbe, mongod_url
from deploy.local.ports import free_port
from tests.waiting import until

KAFKA_IMAGE = f"apache/kafka:{VERSION}"
MONGO_IMAGE = "mongo:6.0"


@cache
def docker_answers() -> bool:
    """Whether a Docker daemon on this machine answers and has, or can get, the images.

    OVERTURN_TEST_DOCKER=0 says to leave it alone, TESTCONTAINERS_RYUK_DISABLED=true that testcontainers' own image,
    which clears up after a killed run, is not wanted.
    """
    if os.environ.get("OVERTURN_TEST_DOCKER") == "0":
        return False
    try:
        client = docker.from_env(timeout=300)
    except DockerException:
        return False
    try:
        # published ports of another machine's daemon are not on loopback
        return client.api.base_url.startswith(("http+docker", "http://localhost")) and _has_images(client)
    except (DockerException, RequestException):
        return False
    finally:
        client.close()


def _has_images(client: docker.DockerClient) -> bool:
    reaper = () if testcontainers_config.ryuk_disabled else (testcontainers_config.ryuk_image,)
    for image in (KAFKA_IMAGE, MONGO_IMAGE, *reaper):
        try:
            client.images.get(image)
        except ImageNotFound:
            client.images.pull(image)
    return True


def kafka_container() -> tuple[Any, str]:
    """Start a broker; returns the container and the bootstrap servers. The port is the same inside and outside."""
    port = free_port()
    settings = {
        **TOPIC_SETTINGS,
        **GROUP_SETTINGS,
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": "1@localhost:9093",
        "listeners": f"PLAINTEXT://0.0.0.0:{port},CONTROLLER://localhost:9093",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
    }
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(port, port)
    for key, value in settings.items():
        container.with_env("KAFKA_" + key.upper().replace(".", "_"), str(value))
    container.start()
    until(broker_answers(f"127.0.0.1:{port}"), 90, f"{KAFKA_IMAGE} answers")
    return container, f"127.0.0.1:{port}"


def mongo_container() -> tuple[Any, str]:
    """Start a one-node replica set; returns the container and its URL."""
    port = free_port()
    command = f"mongod --replSet {REPLICA_SET} --bind_ip_all --port {port} --wiredTigerCacheSizeGB 0.5"
    container = DockerContainer(MONGO_IMAGE).with_bind_ports(port, port).with_command(command)
    container.start()
    until(PrimaryProbe(port), 60, f"{MONGO_IMAGE} is primary")
    return container, mongod_url(port)
