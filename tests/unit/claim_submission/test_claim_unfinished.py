"""A claim that its payer answered in part: the rest is left to the payer for its days, then staff own the claim."""

from datetime import date, timedelta
from typing import Any

import pytest
from claim_builders import CLAIM, DAY, Desk, answer, submitted, svc

from schemas.events.claims import ClaimFollowUp, ClaimUncorrected
from schemas.events.encounters import EncounterWithdrawn
from schemas.events.envelope import EventData

PART = (svc(1, 10000, 8000, "CO-45:2000"), svc(2, 25000, 0, "CO-133:25000"))
ALL_PENDED = (svc(1, 10000, 0, "CO-133:10000"), svc(2, 25000, 0, "CO-133:25000"))
WHOLE = (svc(1, 10000, 8000, "CO-45:2000"), svc(2, 25000, 20000, "CO-45:5000"))
TAKEN_OVER: dict[str, Any] = {"claim_id": None, "takeover_client": "acme"}


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def told(caused: list[EventData]) -> list[tuple[str, str]]:
    assert not [data for data in caused if isinstance(data, ClaimUncorrected)]
    return [(data.reason, data.stage) for data in caused if isinstance(data, ClaimFollowUp)]


def answered(desk: Desk, *lines: Any, on: int, check: str = "CHK1", **other: Any) -> Desk:
    desk.give(answer(*lines, check=check, paid_on=later(on), **other), later(on))
    return desk


def test_the_rest_is_the_payers_for_its_adjudication_days_then_staffs_until_it_comes() -> None:
    desk = answered(submitted(), *PART, on=20)
    assert told(desk.days(later(21), later(49))) == []
    assert told(desk.tick(later(50))) == [("no_answer", "opened")]
    assert told(desk.days(later(51), later(64))) == [("no_answer", "overdue")]
    answered(desk, *WHOLE, on=65, check="CHK2")
    assert told(desk.days(later(65), later(66))) == [("no_answer", "closed")]
    assert told(desk.days(later(67), later(150))) == []


def test_an_answer_in_time_leaves_nothing_to_follow_up() -> None:
    desk = answered(submitted(), *PART, on=20)
    answered(desk, *WHOLE, on=40, check="CHK2")
    assert told(desk.days(later(21), later(150))) == []


def test_of_a_split_claim_the_part_that_never_comes_is_followed_up() -> None:
    desk = answered(submitted(), PART[0], on=20)
    assert told(desk.days(later(21), later(50))) == [("no_answer", "opened")]


def test_what_was_answered_and_put_under_review_again_has_an_owner() -> None:
    desk = answered(submitted(), *WHOLE, on=20)
    answered(desk, *ALL_PENDED, on=30, check="CHK2")
    assert desk.claim.ledger().unanswered > 0
    assert told(desk.days(later(21), later(60))) == [("no_answer", "opened")]


@pytest.mark.parametrize("lines", [PART, ALL_PENDED])
def test_a_claim_that_others_submitted_has_an_owner_too(lines: Any) -> None:
    desk = answered(Desk(), *lines, on=20, **TAKEN_OVER)
    assert told(desk.days(later(21), later(49))) == []
    assert told(desk.tick(later(50))) == [("no_answer", "opened")] and desk.claim.claim_id == CLAIM
    answered(desk, *WHOLE, on=60, check="CHK2", **TAKEN_OVER)
    assert told(desk.days(later(60), later(61))) == [("no_answer", "closed")]


def test_a_withdrawn_claim_is_voided_and_its_rest_not_asked_for() -> None:
    desk = answered(submitted(), *PART, on=20)
    desk.give(EncounterWithdrawn(partner="riverside", reason="cancelled"), later(30))
    assert ("no_answer", "opened") not in told(desk.days(later(30), later(32)))
    assert desk.claim.last_version.frequency == "8"
