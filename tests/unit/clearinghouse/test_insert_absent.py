"""What counts as there already, and what as not safely written."""

from typing import Any

import pytest
from pymongo.errors import BulkWriteError

from services.clearinghouse.blobs import DUPLICATE_KEY, insert_absent


class Refusing:
    """A collection whose insert ends with these details."""

    def __init__(self, details: dict[str, Any]) -> None:
        self._details = details

    async def insert_many(self, documents: list[dict[str, Any]], ordered: bool) -> None:
        assert not ordered
        raise BulkWriteError(self._details)


DOCUMENTS = [{"_id": "a"}, {"_id": "b"}]
THERE = {"writeErrors": [{"index": 1, "code": DUPLICATE_KEY}]}


async def test_what_is_there_already_is_told_and_left_alone() -> None:
    assert await insert_absent(Refusing(THERE), DOCUMENTS) == {"b"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "more", [{"writeConcernErrors": [{"code": 64}]}, {"writeErrors": [*THERE["writeErrors"], {"index": 0, "code": 50}]}]
)
async def test_a_write_that_no_majority_has_or_that_failed_is_no_success(more: dict[str, Any]) -> None:
    """The first document may be lost with its server: its file must be read again, not let go of."""
    with pytest.raises(BulkWriteError):
        await insert_absent(Refusing(THERE | more), DOCUMENTS)  # type: ignore[arg-type]
