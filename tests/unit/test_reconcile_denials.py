"""Denied cents that triage holds are the ledger's, unless triage still waits for something: that is in flight, not lost."""

from typing import Any

import pytest

from services.cli.reconcile.finding import InFlight
from services.cli.reconcile.proofs import _denials
from services.cli.reconcile.records import ClaimRecord, DeniedRecord, _awaited

CLAIM = "K7M2QXRA4TZ6WDHB01"


@pytest.mark.parametrize(
    ("held", "waits", "found", "in_flight"),
    [(500, "", 0, 0), (501, "", 1, 0), (501, "its morning", 0, 1), (500, "its morning", 0, 0)],
)
def test_what_triage_has_not_worked_off_is_in_flight(held: int, waits: str, found: int, in_flight: int) -> None:
    claim = ClaimRecord(
        account=CLAIM[:16], payer="ALPHA", takeover=False, revision=1, refused=False, ledger={"denied": 500},
        lines={}, postings=[], recoupments=[], since="2026-02-01",
    )  # fmt: skip
    moving: list[InFlight] = []
    findings = list(_denials({CLAIM: DeniedRecord(held, waits, "2026-02-02")}, {CLAIM: claim}, moving))
    assert (len(findings), [(entry.what, entry.since) for entry in moving]) == (
        found,
        [("its morning", "2026-02-02")] * in_flight,
    )


@pytest.mark.parametrize(
    ("note", "waits"),
    [
        ({"on": "2026-02-02", "adjudicated": {"claim_id": CLAIM}, "chosen": None}, True),
        ({"on": "2026-02-02", "adjudicated": {"claim_id": CLAIM[:-1] + "2"}, "chosen": None}, False),
        ({"on": "2026-02-02", "adjudicated": None, "chosen": {"denial_id": "d1", "way": "appeal"}}, True),
        ({"on": "2026-02-02", "adjudicated": None, "chosen": {"denial_id": "d2", "way": "appeal"}}, False),
    ],
)
def test_news_of_another_claim_hides_nothing_of_this_one(note: dict[str, Any], waits: bool) -> None:
    claim = {"claim_id": CLAIM, "denials": [{"denial_id": "d1"}], "reversed": False}
    assert bool(_awaited({"notes": [note]}, claim)) is waits
