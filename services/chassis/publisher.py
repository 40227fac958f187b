"""How a source (a reader of files) brings events in: with ids of its own, acknowledged before it goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.document import Phi
from schemas.events.envelope import EventData
from services.chassis.codec import Codec, Heading
from services.chassis.outbox import Entry
from services.chassis.ports import Outlet


@dataclass(frozen=True, slots=True)
class Publication:
    """An event from outside. Its id must be derived from what was read, so that reading again repeats it."""

    id: str
    key: str
    data: EventData
    time: datetime
    """The recorded time of what was read, not the time of reading."""
    phi: Phi | None = None
    partition: int | None = None
    """Overrides the key's partition (lanes)."""
    partner: str | None = None
    causation_id: str | None = None
    correlation_id: str | None = None


class Publisher:
    """Publishes what sources read."""

    def __init__(self, service: str, codec: Codec, outlet: Outlet, partition_of: Callable[[str], int]) -> None:
        self._service = service
        self._codec = codec
        self._outlet = outlet
        self._partition_of = partition_of

    async def publish(self, publications: Sequence[Publication]) -> None:
        """Publish in order and wait until the broker has acknowledged all; raises KafkaError."""
        if publications:
            await (await self._outlet.send([self._entry(publication) for publication in publications]))

    def _entry(self, publication: Publication) -> Entry:
        data = publication.data
        heading = Heading(
            id=publication.id,
            source=f"overturn/{self._service}",
            key=publication.key,
            time=publication.time,
            causation_id=publication.causation_id,
            correlation_id=publication.correlation_id or publication.id,
        )
        if publication.partition is not None:
            partition = publication.partition
        else:
            partition = self._partition_of(publication.key) if publication.partner is None else -1
        return Entry(
            id=publication.id,
            cause=("", 0),
            offset=0,
            target=data.TOPIC.format(service=self._service, partner=publication.partner),
            key=publication.key,
            partition=partition,
            type=data.TYPE,
            time_ms=int(publication.time.timestamp() * 1000),
            value=self._codec.encode(heading, data, publication.phi),
        )
