"""The parts that every full stack runs: the services that topics.yaml names, in the order of the flow."""

from pathlib import Path

import yaml

import schemas.events
from deploy.local.part import Part
from deploy.local.stack import Stack

TOPICS_FILE = Path(schemas.events.__path__[0]) / "topics.yaml"


def service_names() -> tuple[str, ...]:
    """All services, in the order of the flow."""
    return tuple(yaml.safe_load(TOPICS_FILE.read_text("utf-8"))["services"])


def service_parts(stack: Stack, *, workers: int = 1) -> list[Part]:
    """So many workers of every service, for Stack.run."""
    return [stack.service(name, worker) for name in service_names() for worker in range(workers)]
