"""topics.yaml read and applied: which topics there are, and the broker made to agree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

DAY_MS = 86_400_000
FOR_EVER = -1
LONGEST = 9_223_372_036_854_775_807


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic of topics.yaml; `name` may hold {partner}."""

    name: str
    owner: tuple[str, ...]
    readers: tuple[str, ...]
    retention_days: int
    """0: for ever."""
    max_message_bytes: int
    record_time: bool
    """The record's timestamp is the time: its writers are not trusted with the envelope's."""

    def config(self, local: bool) -> dict[str, str]:
        """The broker's settings of this topic.

        `local`: a run on virtual time, whose timestamps lie in any past or future, and where nothing may expire.
        """
        keep = FOR_EVER if local or not self.retention_days else self.retention_days * DAY_MS
        found = {"max.message.bytes": str(self.max_message_bytes), "retention.ms": str(keep)}
        if local:
            found["message.timestamp.before.max.ms"] = str(LONGEST)
            found["message.timestamp.after.max.ms"] = str(LONGEST)
        return found


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the broker disagrees with topics.yaml."""

    topic: str
    what: str


@cache
def load_topics() -> tuple[TopicSpec, ...]:
    """All topics, those of each service too."""
    table = yaml.safe_load(files("schemas.events").joinpath("topics.yaml").read_text())
    defaults = table["defaults"]
    shared = [_spec(name, {**defaults, **fields}) for name, fields in table["topics"].items()]
    own = [
        _spec(name.replace("{service}", service), {**defaults, "owner": service, "readers": [service], **fields})
        for name, fields in table["per_service"].items()
        for service in table["services"]
    ]
    return (*shared, *own)


def record_time_topics() -> tuple[str, ...]:
    """Names (templates) of topics whose time is the record's timestamp."""
    return tuple(spec.name for spec in load_topics() if spec.record_time)


def named_topics(partners: Iterable[str]) -> Iterator[tuple[str, TopicSpec]]:
    """Topics by name, those of partners once a partner."""
    wanted = tuple(partners)
    for spec in load_topics():
        if "{partner}" in spec.name:
            for partner in wanted:
                yield spec.name.replace("{partner}", partner), spec
        else:
            yield spec.name, spec


def _new_topic(name: str, partitions: int, replication: int, config: dict[str, str]) -> NewTopic:
    topic = NewTopic(name, partitions, 1, topic_configs=config)
    # its constructor takes -1 for "assigned by hand", the broker takes it for its own default
    topic.replication_factor = replication
    return topic


async def apply_topics(
    bootstrap: str,
    prefix: str,
    partitions: int,
    partners: Iterable[str],
    local: bool,
    replication: int = -1,
) -> list[str]:
    """Create the topics that are missing; the answer names them. Existing topics are left as they are.

    `replication` -1 is the broker's default.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        missing = [
            _new_topic(prefix + name, partitions, replication, spec.config(local))
            for name, spec in named_topics(partners)
            if prefix + name not in there
        ]
        if missing:
            _raise_errors(await admin.create_topics(missing, timeout_ms=30_000))
        return [topic.name for topic in missing]
    finally:
        await admin.close()


async def compare_topics(
    bootstrap: str, prefix: str, partitions: int, partners: Iterable[str], local: bool
) -> list[Difference]:
    """Where the broker's topics differ from topics.yaml: missing, other partition count, other settings."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        wanted = {prefix + name: spec for name, spec in named_topics(partners)}
        there = set(await admin.list_topics()) & wanted.keys()
        found = [Difference(name, "missing") for name in sorted(wanted.keys() - there)]
        if there:
            found += await _counts(admin, there, partitions)
            found += await _settings(admin, {name: wanted[name].config(local) for name in there})
        return found
    finally:
        await admin.close()


async def _counts(admin: AIOKafkaAdminClient, topics: Iterable[str], partitions: int) -> list[Difference]:
    described = await admin.describe_topics(sorted(topics))
    counts = {topic["topic"]: len(topic["partitions"]) for topic in described}
    return [
        Difference(name, f"{count} partitions, not {partitions}")
        for name, count in sorted(counts.items())
        if count != partitions
    ]


async def _settings(admin: AIOKafkaAdminClient, wanted: Mapping[str, Mapping[str, str]]) -> list[Difference]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in sorted(wanted)]
    found: list[Difference] = []
    for response in await admin.describe_configs(resources):
        for resource in response.resources:
            name, entries = resource[3], {entry[0]: entry[1] for entry in resource[4]}
            found += [
                Difference(name, f"{key} is {entries.get(key)}, not {value}")
                for key, value in wanted[name].items()
                if entries.get(key) != value
            ]
    return found


def _raise_errors(response: Any) -> None:
    for name, code, *_ in response.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error(f"topic {name}")


def _spec(name: str, fields: Mapping[str, Any]) -> TopicSpec:
    owner = fields["owner"]
    return TopicSpec(
        name=name,
        owner=tuple(owner) if isinstance(owner, list) else (owner,),
        readers=tuple(fields["readers"]),
        retention_days=fields["retention_days"],
        max_message_bytes=fields["max_message_bytes"],
        record_time=fields["time"] == "record",
    )
