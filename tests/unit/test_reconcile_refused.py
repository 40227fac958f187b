"""What the clearinghouse refused never left: reconcile compares what the payer holds with what was sent, and no more."""

import pytest

from services.cli.reconcile.finding import InFlight
from services.cli.reconcile.proofs import _sent
from services.cli.reconcile.quotes import Stores, _versions
from services.cli.reconcile.records import ClaimRecord
from services.cli.reconcile.x12_records import Sent, Wire

CLAIM = "K7M2QXRA4TZ6WDHB01"


def wire() -> Wire:
    found = Wire()
    found.versions[CLAIM].append(Sent(charge=10000, lines={"L001": 10000}, name="010001001.837"))
    return found


def claim(refused: bool) -> ClaimRecord:
    return ClaimRecord(
        account=CLAIM[:16], payer="ALPHA", takeover=False, revision=2, refused=refused, ledger={"charge": 12000},
        lines={"L001": 12000}, postings=[], recoupments=[], since="2026-02-01",
    )  # fmt: skip


@pytest.mark.parametrize(("refused", "findings", "in_flight"), [(True, 0, 1), (False, 2, 0)])
def test_a_refused_correction_is_in_flight_and_a_lost_one_is_found(
    refused: bool, findings: int, in_flight: int
) -> None:
    moving: list[InFlight] = []
    found = list(_sent(wire(), {CLAIM: claim(refused)}, moving))
    assert (len(found), len(moving)) == (findings, in_flight)


def test_files_are_set_beside_the_versions_that_left() -> None:
    versions = [
        {"number": 1, "charge": 9000, "refused_on": "2026-01-10"},
        {"number": 2, "charge": 10000, "refused_on": None},
    ]
    kept = {CLAIM[:16]: {"claims": [{"claim_id": CLAIM, "versions": versions}]}}
    stores = Stores(intake={}, submission=kept, carried=(), checks={}, triage={}, appeals={}, patients={})
    assert list(_versions(stores, wire())) == []
    versions[0]["refused_on"] = None
    assert len(list(_versions(stores, wire()))) == 1
