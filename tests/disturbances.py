"""What goes wrong in every season of the tests, beside what the population brings: bad partner events, a closed door."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from deploy.local.payers import SHIPPED
from deploy.local.simulation.driver import tick_time
from deploy.local.simulation.plan import PARTNERS
from deploy.local.stack import Stack
from schemas.events.partner import EncounterSubmitted
from schemas.examples import example
from schemas.partner.envelope import MAX_BYTES
from tests.seasons import Hooks

PARTNER = PARTNERS[0]
TOPIC = EncounterSubmitted.TOPIC.format(partner=PARTNER)
CLOSES, OPENS = 30, 34
"""Days on whose evening the folder of statements goes and comes back."""


REFUSED_SET = '    - {id: refused_set, procedures: ["90471"], code: R, segment: SV1, error: "8"}\n'
"""A front end's rule: a 999 that rejects the whole set."""


def policies(folder: Path) -> Path:
    """The shipped payers, one of which refuses a whole set now and then; returns the folder."""
    for path in SHIPPED.glob("*.yaml"):
        text = path.read_text("utf-8")
        (folder / path.name).write_text(text.replace("  sets:\n", "  sets:\n" + REFUSED_SET), "utf-8")
    return folder


class BadEvents(Hooks):
    """A partner's mistakes, published before the first day."""

    def before(self, stack: Stack) -> None:
        producer = KafkaProducer(bootstrap_servers=stack.bootstrap, acks="all", max_request_size=2 * MAX_BYTES)
        stamp = int(tick_time(0).timestamp() * 1000)
        for event in bad_events():
            value = json.dumps(event).encode()
            producer.send(stack.prefix + TOPIC, value, key=event["id"].encode(), timestamp_ms=stamp).get(30)
        producer.close()


def bad_events() -> Iterator[dict[str, Any]]:
    """Each with its fault in its id: WRONG-PARTNER, WRONG-TYPE, OVERSIZED."""
    yield {**_event("WRONG-PARTNER"), "source": "/partners/lakeside"}
    wrong_type = _event("WRONG-TYPE")
    wrong_type["data"]["lines"][0]["charge_cents"] = "12500"
    yield wrong_type
    yield {**_event("OVERSIZED"), "padding": "x" * MAX_BYTES}


def _event(name: str) -> dict[str, Any]:
    event = copy.deepcopy(example(EncounterSubmitted.TYPE))
    event.update(id=name, subject=name, source=f"/partners/{PARTNER}")
    event["data"].update(encounter_number=name)
    return event


class ClosedDoor(Hooks):
    """For some days there is no folder where statements are put."""

    def passed(self, stack: Stack, day: int) -> None:
        folder = stack.state / "doors" / "statements" / "to_patients"
        aside = folder.with_name("aside")
        if day == CLOSES:
            folder.rename(aside)
            folder.write_text("no folder")
        elif day == OPENS:
            folder.unlink()
            aside.rename(folder)


def disturbances() -> list[Hooks]:
    """All of them."""
    return [BadEvents(), ClosedDoor()]
