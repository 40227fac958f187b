"""Payers, members and claims for the tests of the simulator."""

from collections.abc import Callable
from datetime import date

import pytest

from deploy.local.payers import PayerModel, load
from deploy.local.payers.deciding.claim import ClaimFacts, LineFacts, PersonFacts
from deploy.local.payers.deciding.members import Member, Span

BORN = date(1980, 5, 17)
PERSON = PersonFacts(last="BRENMOTT", first="ADA", birth_date=BORN, sex="F")


@pytest.fixture(scope="session")
def payers() -> dict[str, PayerModel]:
    return {payer.payer_id: payer for payer in load()}


@pytest.fixture
def make_line() -> Callable[..., LineFacts]:
    def make(procedure: str = "99213", **changes: object) -> LineFacts:
        plain: dict[str, object] = {
            "control": "L001",
            "procedure": procedure,
            "charge": 20_000,
            "service_date": date(2026, 1, 12),
            "diagnoses": ("I10",),
            "place": "11",
        }
        return LineFacts.model_validate({**plain, **changes})

    return make


@pytest.fixture
def make_claim(make_line: Callable[..., LineFacts]) -> Callable[..., ClaimFacts]:
    def make(*lines: LineFacts, **changes: object) -> ClaimFacts:
        plain: dict[str, object] = {
            "claim_id": "AAAAAAAAAAAAAAAA01",
            "member_id": "SHP123456789",
            "group_number": "G1",
            "subscriber": PERSON,
            "patient": PERSON,
            "billing_npi": "2700001370",
            "billing_name": "RIVERSIDE",
            "rendering_npi": "2700013704",
            "taxonomy": "207Q00000X",
            "place": "11",
            "received_on": date(2026, 1, 15),
            "lines": lines or (make_line(),),
        }
        return ClaimFacts.model_validate({**plain, **changes})

    return make


@pytest.fixture
def make_member() -> Callable[..., Member]:
    def make(payer_id: str = "SUMMIT", **changes: object) -> Member:
        plain: dict[str, object] = {
            "payer_id": payer_id,
            "member_id": "SHP123456789",
            "plan": "PPO",
            "subscriber": PERSON,
            "persons": (PERSON,),
            "spans": (Span(begins=date(2020, 1, 1)),),
        }
        return Member.model_validate({**plain, **changes})

    return make
