"""One cent changed in any store: `overturn reconcile` ends with status 1 and names the claim."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from deploy.local.stack import Stack
from services.cli.books import Books
from services.cli.reconcile import Verdict, proofs, prove
from services.cli.reconcile.x12_records import read_wire
from tests.faults.cent_changer import Amount, amounts, byte_changed, claims_about, item_changed, one_cent_more
from tests.seasons import Season

pytestmark = pytest.mark.stack
NOT_PROVED = {
    "claim_submission.account:state.claims.[].asked.basis": "a revision's number, no cents",
    "claim_submission.account:state.claims.[].ways.[].denied.[].cents": "what stood denied when a way was chosen",
    "denial_triage.denials:state.claims.*.denials.[].recovered.*": "a figure; bounded by what was paid, not fixed",
    "patient_collections.guarantor:state.shares.*.balance.before.owed": "yesterday's balance, past",
    "patient_collections.guarantor:state.statements.[].asked.*": "what a letter once asked for",
}
"""Amounts of the past or figures, which no other record tells to the cent."""
STORES = (
    "intake",
    "claim_submission",
    "clearinghouse",
    "remittance",
    "denial_triage",
    "appeals",
    "patient_collections",
)


@pytest.fixture(scope="module")
def books(calm: Season) -> Iterator[Books]:
    with Books(calm.place) as found:
        yield found


@pytest.fixture(scope="module")
def kinds(calm: Season) -> dict[str, Amount]:
    """One amount of every kind that the season's stores hold, but those that nobody else knows."""
    return {kind: amount for kind, amount in amounts(calm.place).items() if not excepted(kind)}


def excepted(kind: str) -> bool:
    return any(re.fullmatch(re.escape(name).replace(r"\*", "[^.]+"), kind) for name in NOT_PROVED)


def test_the_books_of_the_season_balance(books: Books) -> None:
    verdict = prove(books)
    assert verdict.findings == () and verdict.in_flight == ()
    assert verdict.compared["claims"] > 40 and verdict.compared["checks"] > 20


@pytest.mark.parametrize("service", STORES)
def test_a_cent_more_is_found_and_its_claim_named(
    service: str, calm: Season, books: Books, kinds: dict[str, Amount], monkeypatch: pytest.MonkeyPatch
) -> None:
    if service != "clearinghouse":  # reading every file again for every amount would take minutes
        wire = read_wire(books)
        monkeypatch.setattr(proofs, "read_wire", lambda _: wire)
    own = {kind: amount for kind, amount in kinds.items() if amount.service == service}
    assert own
    missed = []
    for kind, amount in own.items():
        with one_cent_more(calm.place, amount) as document:
            if not names_one(prove(books), claims_about(books, amount, document)):
                missed.append(kind)
    assert missed == []


def names_one(verdict: Verdict, claims: set[str]) -> bool:
    """Whether a finding names one of the claims; an account without a claim has its own name."""
    return any(name in finding.subject for finding in verdict.findings for name in claims)


def test_eligibility_holds_no_cents(calm: Season) -> None:
    assert not [kind for kind in amounts(calm.place) if kind.startswith("eligibility.")]


@pytest.mark.parametrize(
    ("collection", "pattern"),
    [("sent", rb"CLM\*([A-Z0-9]{18})\*(\d+)"), ("files", rb"CLP\*([A-Z0-9]{18})\*\d+\*(\d+)")],
)
def test_a_cent_in_the_stored_bytes_is_found(calm: Season, books: Books, collection: str, pattern: bytes) -> None:
    with byte_changed(calm.place, books, collection, pattern) as claim_id:
        assert names_one(prove(books), {claim_id})


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("837", rb"CLM\*([A-Z0-9]{18})\*(\d+)"),
        ("837", rb"CLM\*([A-Z0-9]{18})\*.*?~SV1\*[^*]+\*(\d+)"),
        ("appeal", rb'claim_id\\": \\"([A-Z0-9]{18}).*?denied\\": (\d+)'),
    ],
)
def test_a_cent_in_what_a_lane_carries_is_found(calm: Season, books: Books, kind: str, pattern: bytes) -> None:
    with item_changed(calm.place, books, kind, pattern) as claim_id:
        assert names_one(prove(books), {claim_id})


def test_the_command_says_it_by_its_status(calm: Season, kinds: dict[str, Amount], books: Books) -> None:
    assert reconcile(calm.stack) == (0, "The books balance.")
    amount = kinds["intake.account:state.revisions.[].charge"]
    with one_cent_more(calm.place, amount) as document:
        status, told = reconcile(calm.stack)
        assert status == 1
        assert any(f"claim {claim}" in told for claim in claims_about(books, amount, document))


def reconcile(stack: Stack) -> tuple[int, str]:
    """Exit status, and what was said: the last line where all is well."""
    argv = [sys.executable, "-c", "from services.cli.main import app; app()", "reconcile"]
    done = subprocess.run(
        argv, env={**os.environ, **stack.env()}, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout.strip().splitlines()[-1] if done.returncode == 0 else done.stdout
