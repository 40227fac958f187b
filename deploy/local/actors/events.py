"""Events that actors send and receive, without the broker."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson

from schemas.events.envelope import EventData


@dataclass(frozen=True, slots=True)
class Record:
    """Something to publish; `day` is its timestamp, at midnight UTC."""

    topic: str
    key: str
    value: bytes
    day: date

    @property
    def timestamp_ms(self) -> int:
        """Milliseconds since 1970."""
        return int(datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC).timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of a topic that an actor listens to; `day` is the virtual day of its time."""

    id: str
    type: str
    subject: str
    day: date
    data: dict[str, Any]


def heard(value: bytes) -> Heard:
    """Decode an event of ours; raises ValueError or KeyError for anything else."""
    event = orjson.loads(value)
    moment = datetime.fromisoformat(event["time"]).astimezone(UTC)
    return Heard(event["id"], event["type"], event["subject"], moment.date(), event["data"])


def command(actor: str, event_id: str, key: str, data: EventData, day: date) -> Record:
    """A command as people send it: keyed by the document, the id derived from what it answers."""
    envelope = {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/actors/{actor}",
        "type": data.TYPE,
        "subject": key,
        "time": f"{day.isoformat()}T00:00:00Z",
        "datacontenttype": "application/json",
        "data": data.model_dump(mode="json"),
    }
    return Record(data.TOPIC, key, orjson.dumps(envelope), day)
