"""Denied cents that triage holds are the ledger's or, of an answer that was taken back and not corrected, those before."""

from typing import Any

import pytest

from services.cli.reconcile.finding import InFlight
from services.cli.reconcile.proofs import _denials
from services.cli.reconcile.quotes import Stores, _recovered
from services.cli.reconcile.records import ClaimRecord, DeniedRecord, _is_about

CLAIM = "K7M2QXRA4TZ6WDHB01"


def record(denied: int = 500, taken_back: int | None = None) -> ClaimRecord:
    return ClaimRecord(
        account=CLAIM[:16], payer="ALPHA", takeover=False, revision=1, refused=False, ledger={"denied": denied},
        lines={}, postings=[], recoupments=[], since="2026-02-01", taken_back=taken_back,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("held", "waits", "found", "in_flight"),
    [(500, False, 0, 0), (501, False, 1, 0), (501, True, 0, 1), (500, True, 0, 0)],
)
def test_what_triage_has_not_worked_off_is_in_flight(held: int, waits: bool, found: int, in_flight: int) -> None:
    moving: list[InFlight] = []
    findings = list(_denials({CLAIM: DeniedRecord(held, False, waits, "2026-02-02")}, {CLAIM: record()}, moving))
    assert (len(findings), [entry.since for entry in moving]) == (found, ["2026-02-02"] * in_flight)


@pytest.mark.parametrize(("held", "found"), [(500, 0), (501, 1), (0, 1)])
def test_of_an_answer_taken_back_triage_holds_what_stood_before_to_the_cent(held: int, found: int) -> None:
    moving: list[InFlight] = []
    claim = record(denied=0, taken_back=500)
    findings = list(_denials({CLAIM: DeniedRecord(held, True, False, "2026-02-02")}, {CLAIM: claim}, moving))
    assert len(findings) == found and moving == []
    assert all(finding.subject == f"claim {CLAIM}" for finding in findings)


@pytest.mark.parametrize(("paid", "found"), [(8000, 0), (8001, 1), (0, 1)])
def test_of_an_answer_taken_back_triage_knows_what_was_paid_before(paid: int, found: int) -> None:
    claim = {
        "claim_id": CLAIM, "first": None, "postings": [], "balance": {"payer_paid": 0},
        "taken_back": {"on": "2026-02-01", "paid": 8000, "denied": []},
    }  # fmt: skip
    known = {"reversed_at": 2, "paid": paid, "denials": []}
    stores = Stores(
        intake={}, submission={CLAIM[:16]: {"claims": [claim]}}, carried=(), checks={},
        triage={CLAIM[:16]: {"notes": [], "claims": {CLAIM: known}}}, appeals={}, patients={},
    )  # fmt: skip
    assert [finding.subject for finding in _recovered(stores)] == [f"claim {CLAIM}"] * found


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
    assert _is_about({"claim_id": CLAIM, "denials": [{"denial_id": "d1"}]}, note) is waits
