"""The door to payers: a fixed batch becomes a file under a name made of its control number, once."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from services.chassis.delivery import Delivery, Parcel
from services.clearinghouse import metrics
from services.clearinghouse.domain.files import file_name, render
from services.clearinghouse.domain.lane import Batch, Lane
from services.clearinghouse.sent import Sent

KEPT_LANES = 4

LaneReader = Callable[[str], Awaitable[Lane]]


class OutboundDoor:
    """Does the effect `payer_files`: payload `lane` (key) and `batch` (number).

    Raises OSError while the payer's folder is full or away; the effect then waits in its lane and a tick tries again.
    """

    def __init__(self, doors: Path, lane_of: LaneReader, sent: Sent) -> None:
        self._doors = doors
        self._lane_of = lane_of
        self._sent = sent
        self._lanes: dict[str, Lane] = {}
        self._deliver = Delivery()

    async def __call__(self, effect_id: str, payload: Mapping[str, Any]) -> None:
        """Deliver one file; does nothing where it was delivered before."""
        lane, batch = await self._fixed(payload["lane"], payload["batch"])
        name = file_name(lane, batch)
        file_id = f"{lane.payer_id}/{name}"
        kept = await self._sent.find(file_id)
        if kept is None:
            content = render(lane, batch)
            await self._sent.keep(file_id, payload["lane"], content)
        elif kept[1]:
            return
        else:
            content = kept[0]
        await self._deliver(Parcel(self._doors / lane.payer_id / "to_payer", name, content))
        await self._sent.delivered(file_id)
        metrics.FILES_SENT.labels(lane.payer_id, batch.kind).inc()
        metrics.ITEMS_SENT.labels(lane.payer_id, batch.kind).inc(sum(map(len, batch.sets)))

    async def _fixed(self, key: str, number: int) -> tuple[Lane, Batch]:
        """The batch, in a lane that was read after it was fixed: a file and the items it names never change again.

        The lanes read last are kept: the files of one close follow each other, and a lane is large.
        """
        lane = self._lanes.pop(key, None)
        batch = lane.batch(number) if lane else None
        if lane is None or batch is None:
            lane = await self._lane_of(key)
            batch = lane.batch(number)
        if batch is None:
            raise LookupError("the lane has no such file")
        self._lanes[key] = lane
        while len(self._lanes) > KEPT_LANES:
            del self._lanes[next(iter(self._lanes))]
        return lane, batch
