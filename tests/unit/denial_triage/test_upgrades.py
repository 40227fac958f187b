"""Denials that an earlier form wrote are read with all that it knew."""

from datetime import date
from typing import Any

from services.denial_triage.domain.model import Denials
from services.denial_triage.domain.upgrades import with_views

FACTS = {"revision": 2, "documents": [], "authorized_payers": ["ACME"], "notice_signed": True}
EARLIER = {"revision": 1, "documents": []}
CLAIM = {"claim_id": "C1", "payer_id": "ACME", "first_denied": True, "ledger_version": 4, "version": 1}


def first_form(**claim: Any) -> dict[str, Any]:
    return {
        "encounter": {"latest": FACTS, "learned_on": "2026-01-07", "before": EARLIER},
        "claims": {"C1": {**CLAIM, **claim}},
        "notes": [],
        "timers": {},
    }


def test_authorised_payers_and_a_signed_notice_are_not_lost() -> None:
    read = Denials.model_validate(with_views(first_form()))
    assert read.encounter is not None
    assert read.encounter.latest.authorized("ACME")
    assert not read.encounter.latest.authorized("OTHER")
    assert read.encounter.latest.advance_notice_signed
    before = read.encounter.morning(date(2026, 1, 7))
    assert before is not None and not before.authorized("ACME")


def test_a_claim_whose_answer_was_taken_back_still_waits_for_its_correction() -> None:
    read = Denials.model_validate(with_views(first_form(reversed=True)))
    claim = read.claims["C1"]
    assert claim.reversed
    assert not claim.follows(5), "a later change of the ledger waits for the corrected answer"
    assert not Denials.model_validate(with_views(first_form(reversed=False))).claims["C1"].reversed


def test_the_present_form_without_a_number_is_left_as_it_is() -> None:
    read = Denials.model_validate(with_views(first_form(reversed=True)))
    written = read.model_dump(mode="json")
    assert with_views(written) == written
    assert with_views({"claims": {}, "notes": []})["encounter"] is None
