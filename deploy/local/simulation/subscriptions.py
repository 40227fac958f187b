"""Which consumer group reads which topics, from topics.yaml: what the quiet test must look at."""

from collections.abc import Sequence
from typing import Any

import yaml

from deploy.local.fleet import TOPICS_FILE
from deploy.local.simulation.plan import PARTNERS

CLOCK = "clock.v1"
ACTORS = ("actors", "payers")
"""Everything beside the services that acts on its own: each is a group of clock.v1."""


def subscriptions(prefix: str, partners: Sequence[str] = PARTNERS) -> dict[str, list[str]]:
    """The topics of each consumer group, by their names on the broker."""
    content: dict[str, Any] = yaml.safe_load(TOPICS_FILE.read_text("utf-8"))
    found: dict[str, list[str]] = {prefix + actor: [prefix + CLOCK] for actor in ACTORS}
    for service in content["services"]:
        names = [name for name, topic in content["topics"].items() if service in topic["readers"]]
        own = [f"{service}.timers.v1", f"{service}.replay.v1"]
        found[prefix + service] = [prefix + name for name in (*_expanded(names, partners), *own)]
    return found


def _expanded(names: Sequence[str], partners: Sequence[str]) -> list[str]:
    plain = [name for name in names if "{partner}" not in name]
    return plain + [name.replace("{partner}", partner) for name in names if "{partner}" in name for partner in partners]
