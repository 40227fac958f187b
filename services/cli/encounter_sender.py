"""Sends events to partners' topics as a partner's own system would: kafka-python, all replicas, in order."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from schemas.events.partner import EncounterSubmitted
from services.cli.encounter_files import FoundEvent

WAIT_MS = 10_000
MAX_REQUEST = 1_048_576


class NotSent(Exception):
    """The broker did not take everything; the text says how much it took and what to do."""


def topic_of(event: FoundEvent, partner: str | None) -> str:
    """The topic of the event's partner."""
    owner = partner or str(event.body["source"]).removeprefix("/partners/")
    return EncounterSubmitted.TOPIC.format(partner=owner)


def send(
    events: Sequence[FoundEvent], bootstrap: str, prefix: str, partner: str | None, sent: Callable[[], None]
) -> None:
    """Send all events in order and wait for each acknowledgement; `sent` is called an event. Raises NotSent.

    Sending an event again is harmless: intake passes over what it knows.
    """
    producer = _producer(bootstrap)
    acknowledged = 0
    try:
        waiting = [_put(producer, event, prefix + topic_of(event, partner)) for event in events]
        for future in waiting:
            future.get(timeout=WAIT_MS / 1000)
            acknowledged += 1
            sent()
    except KafkaError as error:
        raise NotSent(
            f"{acknowledged} of {len(events)} events were acknowledged, then {type(error).__name__}; "
            "check that the partner has its topic (overturn topics diff) and send the same files again: it is harmless"
        ) from None
    finally:
        producer.close(timeout=1)


def _producer(bootstrap: str) -> Any:
    try:
        return KafkaProducer(
            bootstrap_servers=bootstrap.split(","),
            acks="all",
            linger_ms=5,
            max_request_size=MAX_REQUEST,
            max_block_ms=WAIT_MS,
            bootstrap_timeout_ms=WAIT_MS,
            client_id="overturn-encounters",
        )
    except KafkaError as error:
        raise NotSent(
            f"no broker answers at {bootstrap} ({type(error).__name__}); start the stack (overturn up) or set "
            "KAFKA_BOOTSTRAP_SERVERS"
        ) from None


def _put(producer: Any, event: FoundEvent, topic: str) -> Any:
    return producer.send(
        topic,
        key=str(event.body["subject"]).encode(),
        value=json.dumps(event.body, ensure_ascii=False, separators=(",", ":")).encode(),
        headers=[("content-type", b"application/cloudevents+json"), ("ce_type", str(event.body["type"]).encode())],
    )
