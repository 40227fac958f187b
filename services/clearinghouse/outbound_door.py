"""The door to payers: a fixed batch becomes a file under a name made of its control number, once."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from services.chassis.delivery import Delivery, Parcel
from services.chassis.together import Together
from services.chassis.verdicts import Effect
from services.clearinghouse import metrics
from services.clearinghouse.domain.files import File, remade
from services.clearinghouse.domain.lane import Lane
from services.clearinghouse.sent import Sent

LaneReader = Callable[[str], Awaitable[Lane]]


class OutboundDoor:
    """Does the effect `payer_files`: payload `lane` (key) and `batch` (number); `made` is the file.

    Raises OSError while the payer's folder is full or away; the effect then waits in its lane and a tick tries again.
    """

    def __init__(self, doors: Path, lane_of: LaneReader, sent: Sent) -> None:
        self._doors = doors
        self._lane_of = lane_of
        self._sent = sent
        self._lanes = Together(self._read)
        self._deliver = Delivery()

    async def __call__(self, effect_id: str, effect: Effect) -> None:
        """Deliver one file; does nothing where it was delivered before."""
        lane = effect.payload["lane"]
        file = effect.made or await self._made(lane, effect.payload["batch"])
        kept = await self._sent.find(file.id)
        if kept is None:
            await self._sent.keep(file.id, lane, file.content)
        elif kept[1]:
            return
        content = file.content if kept is None else kept[0]
        await self._deliver(Parcel(self._doors / file.payer_id / "to_payer", file.name, content))
        await self._sent.delivered(file.id)
        metrics.FILES_SENT.labels(file.payer_id, file.batch.kind).inc()
        metrics.ITEMS_SENT.labels(file.payer_id, file.batch.kind).inc(sum(map(len, file.batch.sets)))

    async def _made(self, key: str, number: int) -> File:
        """The file again, from a lane that was read after it was fixed: it and the items it names never change."""
        lane = (await self._lanes(key))[key]
        batch = lane.batch(number)
        if batch is None:
            raise LookupError("the lane has no such file")
        return remade(lane, batch)

    async def _read(self, keys: Sequence[str]) -> dict[str, Lane]:
        """The files of one close come together, and a lane is large."""
        return {key: await self._lane_of(key) for key in dict.fromkeys(keys)}
