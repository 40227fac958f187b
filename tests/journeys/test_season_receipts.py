"""A payer that wants 999s of its remittances and a TA1 of every interchange has them by the season's end."""

import pytest

from deploy.local.payers.desk.store import Store
from tests.seasons import Season

pytestmark = pytest.mark.stack
LAST_DAYS = 3
"""What was sent in the last days may still be on its way."""


def test_every_receipt_that_a_payer_wanted_came_once_and_was_right(calm: Season) -> None:
    store = Store(calm.stack.state / "payers.db")
    counted, complaints = store.receipts()
    store.close()
    assert complaints == []
    assert set(counted) == {"HARBOR 999", "HARBOR TA1"}
    for wanted, got in counted.values():
        assert 0 < got <= wanted
        assert wanted - got <= LAST_DAYS * 6, "no more than the answers of the last days"


def test_receipts_are_sent_to_nobody_else(calm: Season) -> None:
    found = {
        path.parents[2].name for path in calm.doors.glob("*/to_payer/archive/*") if path.suffix in (".999", ".TA1")
    }
    assert found == {"HARBOR"}
