"""An answer that its payer took back and did not correct: left to the payer for its days, then staff own the claim."""

from datetime import date, timedelta
from typing import Any

import pytest
from claim_builders import (
    CLAIM,
    DAY,
    DIRECTORY,
    Desk,
    acknowledged,
    answer,
    encounter,
    profile,
    submitted,
    svc,
    verified,
)

from schemas.directory import PayerDirectory
from schemas.events.claims import ClaimAdjudicated, ClaimFollowUp, ClaimSubmitted, ClaimUncorrected
from schemas.events.commands import ResendClaim
from schemas.events.denials import WayChosen
from schemas.events.encounters import EncounterWithdrawn
from schemas.events.envelope import EventData
from schemas.events.payer_inbound import ClaimAnswered
from services.claim_submission.domain.facts import facts
from services.claim_submission.domain.figures import figures

SLOW = PayerDirectory(payers=(profile("ALPHA", corrected_answer_days=30, follow_up_days=7),))
PAID = (svc(1, 10000, 8000, "CO-45:2000"), svc(2, 25000, 0, "CO-197:25000"))
BACK = (svc(1, -10000, -8000, "CO-45:-2000"), svc(2, -25000, 0, "CO-197:-25000"))


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def told(caused: list[EventData]) -> list[ClaimUncorrected]:
    assert not [data for data in caused if isinstance(data, ClaimFollowUp)]
    return [data for data in caused if isinstance(data, ClaimUncorrected)]


def judged(caused: list[EventData]) -> list[ClaimAdjudicated]:
    return [data for data in caused if isinstance(data, ClaimAdjudicated)]


def reversal(check: str = "CHK2", **other: Any) -> ClaimAnswered:
    return answer(*BACK, status="22", check=check, paid_on=later(40), **other)


def correction(check: str = "CHK3", position: int = 1) -> ClaimAnswered:
    return answer(svc(1, 10000, 9000, "CO-45:1000"), svc(2, 25000, 25000), check=check, position=position,
                  payer_control_number="ICN2", paid_on=later(41))  # fmt: skip


def taken_back(directory: PayerDirectory = DIRECTORY) -> Desk:
    """A claim answered on day 20, taken back on day 40."""
    desk = submitted(directory)
    desk.give(answer(*PAID), later(20))
    desk.give(reversal(), later(40))
    return desk


@pytest.mark.parametrize(("directory", "opened", "due"), [(DIRECTORY, 54, 68), (SLOW, 70, 77)])
def test_the_payer_has_its_days_then_staff_own_it_and_are_told_again(
    directory: PayerDirectory, opened: int, due: int
) -> None:
    desk = taken_back(directory)
    assert told(desk.days(later(41), later(opened - 1))) == []
    (item,) = told(desk.tick(later(opened)))
    assert (item.stage, item.payer_id, item.opened_on, item.due) == ("opened", "ALPHA", later(opened), later(due))
    assert (item.charge, item.unanswered) == (35000, 35000)
    assert figures([("", desk.state)])["follow_ups"] == 1  # type: ignore[list-item]
    assert any("follow_up uncorrected" in fact for fact in facts("", desk.state))  # type: ignore[arg-type]
    (again,) = told(desk.days(later(opened + 1), later(due)))
    assert (again.stage, again.opened_on, again.due) == ("overdue", later(opened), later(2 * due - opened))


def test_the_corrected_answer_ends_it_the_morning_after() -> None:
    desk = taken_back()
    desk.days(later(41), later(60))
    assert told(desk.give(correction(), later(61))) == [] and told(desk.tick(later(61))) == []
    (item,) = told(desk.tick(later(62)))
    assert (item.stage, item.unanswered) == ("closed", 0) and desk.claim.follow_up is None
    assert told(desk.days(later(63), later(120))) == []


@pytest.mark.parametrize("first", ["reversal", "correction"])
def test_a_correction_beside_its_reversal_waits_for_nobody_in_either_order(first: str) -> None:
    desk = submitted()
    desk.give(answer(*PAID), later(20))
    both = [reversal(), correction(check="CHK2", position=2)]
    for event in both if first == "reversal" else reversed(both):
        desk.give(event, later(40))
    assert desk.claim.taken_back is None
    assert told(desk.days(later(41), later(120))) == []


def test_a_correction_that_is_all_pending_is_none_yet() -> None:
    desk = taken_back()
    desk.give(answer(svc(1, 10000, 0, "PI-133:10000"), svc(2, 25000, 0, "PI-133:25000"), check="CHK3"), later(41))
    assert [item.stage for item in told(desk.days(later(41), later(54)))] == ["opened"]


def test_of_a_split_claim_the_part_taken_back_is_waited_for() -> None:
    desk = submitted()
    for position, service in enumerate(PAID, 1):
        desk.give(answer(service, position=position, payer_control_number=f"ICN{position}"), later(20))
    desk.give(answer(BACK[1], status="22", check="CHK2", payer_control_number="ICN2"), later(40))
    (item,) = told(desk.days(later(41), later(54)))
    assert item.unanswered == 25000


SECOND: dict[str, Any] = {"payer_id": "BETA", "status": "2", "payer_control_number": "B1", "paid_on": DAY}
SECONDARY = (svc(1, 10000, 0, "OA-23:10000"), svc(2, 25000, 5000, "OA-23:20000"))


def test_what_the_secondary_lays_to_the_payer_that_took_its_answer_back_is_waited_for() -> None:
    desk = submitted(payers=("ALPHA", "BETA"))
    desk.give(answer(svc(1, 10000, 10000), svc(2, 25000, 20000, "PR-2:5000")), later(20))
    desk.give(answer(*SECONDARY, check="CHK2", **SECOND), later(30))
    back = (svc(1, -10000, -10000), svc(2, -25000, -20000, "PR-2:-5000"))
    (news,) = judged(desk.give(answer(*back, status="22", check="CHK3"), later(40)))
    assert (news.ledger.unanswered, news.ledger.prior_payer_unseen, news.ledger.payer_paid) == (30000, 0, 5000)
    assert told(desk.days(later(41), later(53))) == []
    (item,) = told(desk.tick(later(54)))
    assert (item.stage, item.payer_id, item.unanswered) == ("opened", "ALPHA", 35000)
    corrected = answer(
        svc(1, 10000, 10000), svc(2, 25000, 20000, "CO-45:5000"), check="CHK4", payer_control_number="ICN2"
    )
    desk.give(corrected, later(60))
    (item,) = told(desk.days(later(60), later(61)))
    assert (item.stage, item.unanswered) == ("closed", 0) and told(desk.days(later(62), later(120))) == []


def test_what_the_secondary_paid_and_took_back_is_held_and_waited_for_though_the_first_answer_stands() -> None:
    desk = submitted(payers=("ALPHA", "BETA"))
    desk.give(answer(*PAID), later(20))
    paid = (svc(1, 10000, 0, "OA-23:10000"), svc(2, 25000, 25000))
    desk.give(answer(*paid, check="CHK2", **SECOND), later(30))
    back = (svc(1, -10000, 0, "OA-23:-10000"), svc(2, -25000, -25000))
    (news,) = judged(desk.give(answer(*back, check="CHK3", **{**SECOND, "status": "22"}), later(40)))
    assert news.awaits_correction and (news.ledger.denied, news.ledger.unanswered) == (25000, 0)
    assert desk.claim.taken_back.denied == () and desk.claim.taken_back.paid == 33000
    (item,) = told(desk.days(later(41), later(54)))
    assert (item.stage, item.payer_id, item.unanswered) == ("opened", "BETA", 35000)
    (news,) = judged(desk.give(answer(*paid, check="CHK4", **SECOND), later(60)))
    assert news.awaits_correction is False and desk.claim.taken_back is None
    assert [item.stage for item in told(desk.days(later(60), later(61)))] == ["closed"]


def test_another_payers_takeback_gives_the_first_no_more_time() -> None:
    desk = submitted(payers=("ALPHA", "BETA"))
    desk.give(answer(*PAID), later(20))
    desk.give(answer(svc(1, 10000, 0, "OA-23:10000"), svc(2, 25000, 25000), check="CHK2", **SECOND), later(30))
    desk.give(reversal(check="CHK3"), later(40))
    assert [item.payer_id for item in told(desk.days(later(41), later(54)))] == ["ALPHA"]
    back = (svc(1, -10000, 0, "OA-23:-10000"), svc(2, -25000, -25000))
    desk.give(answer(*back, check="CHK4", **{**SECOND, "status": "22"}), later(55))
    items = told(desk.days(later(56), later(75)))
    assert [(item.stage, item.payer_id) for item in items] == [("overdue", "ALPHA")]


def test_a_voided_claim_that_is_taken_back_awaits_nothing() -> None:
    desk = submitted()
    desk.give(answer(*PAID), later(20))
    desk.give(EncounterWithdrawn(partner="riverside", reason="cancelled"), later(21))
    desk.days(later(21), later(23))
    desk.give(acknowledged(on=later(23)), later(23))
    assert desk.claim.last_version.frequency == "8"
    (news,) = judged(desk.give(reversal(), later(40)))
    assert news.awaits_correction is False and told(desk.days(later(40), later(120))) == []


def test_what_a_payer_that_we_never_heard_of_paid_is_no_answer_to_wait_for() -> None:
    desk = submitted(payers=("ALPHA", "BETA"))
    desk.give(answer(*SECONDARY, **SECOND), later(20))
    back = (svc(1, -10000, 0, "OA-23:-10000"), svc(2, -25000, -5000, "OA-23:-20000"))
    desk.give(answer(*back, check="CHK2", **{**SECOND, "status": "22"}), later(40))
    desk.give(answer(*SECONDARY, check="CHK3", **{**SECOND, "payer_control_number": "B2"}), later(41))
    assert desk.claim.ledger().prior_payer_unseen == 30000
    assert told(desk.days(later(41), later(120))) == []


def test_a_newer_version_that_waits_for_its_own_answer_is_the_payers_to_answer_and_staffs_once_rejected() -> None:
    desk = submitted()
    desk.give(answer(*PAID), later(20))
    way = WayChosen(
        denial_id=f"{CLAIM}-D1", claim_id=CLAIM, payer_id="ALPHA", way="replacement", cents=25000, category="x",
        deadline=later(80), denied_on=later(20), payer_control_number="ICN1", denied=desk.claim.denied(),
    )  # fmt: skip
    desk.give(way, later(20))
    desk.give(encounter(2), later(21))
    desk.give(verified(2), later(22))
    assert [sent.version for sent in desk.days(later(21), later(23)) if isinstance(sent, ClaimSubmitted)] == [2]
    desk.give(reversal(), later(24))
    desk.give(acknowledged(on=later(25)), later(25))
    assert told(desk.days(later(24), later(50))) == []
    desk.give(acknowledged("rejected", later(51)), later(51))
    assert [item.stage for item in told(desk.days(later(51), later(52)))] == ["opened"]


def test_what_was_withdrawn_waits_for_no_correction() -> None:
    desk = taken_back()
    desk.days(later(41), later(60))
    desk.give(EncounterWithdrawn(partner="riverside", reason="cancelled"), later(61))
    assert [item.stage for item in told(desk.days(later(61), later(62)))] == ["closed"]
    desk.give(acknowledged(on=later(63)), later(63))
    assert desk.claim.last_version.frequency == "8" and told(desk.days(later(63), later(130))) == []


def test_a_claim_that_others_submitted_has_an_owner_too() -> None:
    desk = Desk()
    for check, status, lines in (("CHK1", "1", PAID), ("CHK2", "22", BACK)):
        desk.give(answer(*lines, status=status, check=check, claim_id=None, takeover_client="acme"), later(20))
    assert told(desk.days(later(21), later(33))) == []
    (item,) = told(desk.tick(later(34)))
    assert (item.stage, item.claim_id, item.unanswered) == ("opened", CLAIM, 35000)
    desk.give(answer(*PAID, check="CHK3", claim_id=None, takeover_client="acme"), later(40))
    assert [item.stage for item in told(desk.days(later(40), later(41)))] == ["closed"]


def test_sending_again_is_no_way_to_a_corrected_answer() -> None:
    desk = taken_back()
    desk.days(later(41), later(54))
    desk.give(ResendClaim(claim_id=CLAIM), later(55))
    assert desk.days(later(55), later(60)) == [] and desk.claim.follow_up is not None


def test_what_stood_before_is_kept_until_the_correction_and_lowered_by_what_is_decided_meanwhile() -> None:
    desk = taken_back()
    kept = desk.claim.taken_back
    assert (kept.on, kept.paid, [entry.cents for entry in kept.denied]) == (later(40), 8000, [25000])
    write_off = WayChosen(
        denial_id=f"{CLAIM}-D1", claim_id=CLAIM, payer_id="ALPHA", way="write_off", cents=25000, category="x",
        deadline=later(80), denied_on=later(20), denied=kept.denied,
    )  # fmt: skip
    desk.give(write_off, later(40))
    assert desk.claim.taken_back.denied == () and desk.claim.taken_back.paid == 8000
    desk.give(correction(), later(41))
    assert desk.claim.taken_back is None
