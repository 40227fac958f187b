"""`overturn remit` reports only when every claim that its files posted has been answered for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.clearinghouse.domain.answers835 import PaymentSummary
from services.clearinghouse.domain.checks import POST, POSTED, REPEAT
from services.clearinghouse.manifests import READ, Delivery
from services.cli.remit_files import Reading
from services.cli.remit_report import pending
from services.remittance.domain.check import Check, Place


def reading(letters: str, disposition: str) -> Reading:
    summary = PaymentSummary(st=1, check_id="C", disposition=disposition, trace="T", cents=0, places=letters)
    delivery = Delivery(
        name="n", stamp="s", recorded_at=datetime(2026, 1, 5, tzinfo=UTC), state=READ, payments=(summary,)
    )
    return Reading(Path("a.835"), "sha", delivery)


@pytest.mark.parametrize(("disposition", "waits"), [("parked", True), ("posted", False), ("unmatched", False)])
def test_a_claim_that_an_earlier_file_parked_is_waited_for(disposition: str, waits: bool) -> None:
    check = Check(places={"2": Place(cents=100, disposition=disposition)})
    assert bool(pending([reading(REPEAT + POST, "repeated")], {"C": check})) == waits


def test_a_check_that_is_not_there_yet_is_waited_for() -> None:
    assert pending([reading(POST, POSTED)], {}) == {"C"}
