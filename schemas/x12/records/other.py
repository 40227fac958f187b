"""Transaction sets that this codec does not type."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.x12.records.base import TransactionSet


@dataclass(slots=True)
class UnknownSet(TransactionSet):
    """A set of another kind (834, 820 …): its ST01 and its segments in `raw`."""

    set_id: str = ""
