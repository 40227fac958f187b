"""Bytes of files that were checked a moment ago, so that the door need not make them again."""

from services.clearinghouse.domain.lane import Batch, Item, Lane, lane_key

KEPT_BYTES = 64 * 1024 * 1024

Known = tuple[Batch, tuple[Item, ...], bytes]


class Rendered:
    """What `files.render` would answer, for records equal to those that were kept; each is given out once.

    Whoever closes a lane in vain (another worker was first) leaves bytes of a record that does not exist: hence the
    comparison with what was written.
    """

    def __init__(self, room: int = KEPT_BYTES) -> None:
        self._room = room
        self._files: dict[tuple[str, int], Known] = {}

    def keep(self, lane: Lane, batch: Batch, content: bytes) -> None:
        """Remember a file's bytes; the oldest go where there is no room."""
        self._forget(_key(lane, batch))
        self._room -= len(content)
        self._files[_key(lane, batch)] = (batch, _items(lane, batch), content)
        while self._room < 0:
            self._forget(next(iter(self._files)))

    def take(self, lane: Lane, batch: Batch) -> bytes | None:
        """The bytes of this file, forgotten by now; None where another record was kept, or none."""
        known = self._forget(_key(lane, batch))
        if known is None or known[0] != batch or known[1] != _items(lane, batch):
            return None
        return known[2]

    def _forget(self, key: tuple[str, int]) -> Known | None:
        known = self._files.pop(key, None)
        if known is not None:
            self._room += len(known[2])
        return known


def _key(lane: Lane, batch: Batch) -> tuple[str, int]:
    return lane_key(lane.payer_id, lane.partition, lane.day), batch.number


def _items(lane: Lane, batch: Batch) -> tuple[Item, ...]:
    by_ref = lane.by_ref()
    return tuple(by_ref[ref] for refs in batch.sets for ref in refs)
