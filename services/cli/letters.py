"""How many dead letters lie in the services' dead-letter topics."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.chassis.deadletters import CLOSING_TYPE, LETTER_TYPE, letter_topic
from services.cli.books import Place


def dead_letters(place: Place, services: Sequence[str]) -> int:
    """Distinct letters by sha256 of their bytes and service, those that a person closed left out."""
    return asyncio.run(_count(place, services))


async def _count(place: Place, services: Sequence[str]) -> int:
    consumer = AIOKafkaConsumer(bootstrap_servers=place.bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        topics = [place.prefix + letter_topic(service) for service in services]
        there = set(await consumer.topics())
        parts = [
            TopicPartition(topic, number)
            for topic in topics
            if topic in there
            for number in consumer.partitions_for_topic(topic) or ()
        ]
        return len(await _letters(consumer, parts)) if parts else 0
    finally:
        await consumer.stop()


async def _letters(consumer: AIOKafkaConsumer, parts: list[TopicPartition]) -> set[tuple[str, str]]:
    """Service topic and sha256 of every open letter."""
    consumer.assign(parts)
    ends = await consumer.end_offsets(parts)
    starts = await consumer.beginning_offsets(parts)
    waiting = {part for part in parts if ends[part] > starts[part]}
    for part in waiting:
        consumer.seek(part, starts[part])
    found: dict[bytes, tuple[str, str]] = {}
    while waiting:
        for part, records in (await consumer.getmany(timeout_ms=1000)).items():
            for record in records:
                headers = {name: value.decode() for name, value in record.headers}
                if headers.get("ce_type") == LETTER_TYPE:
                    found[record.key] = (part.topic, headers["sha256"])
                elif headers.get("ce_type") == CLOSING_TYPE:
                    found.pop(record.key, None)
            if records and records[-1].offset + 1 >= ends[part]:
                waiting.discard(part)
    return set(found.values())
