"""Claims that wait for a person: who is told, by when, again, and what ends it (DOMAIN §3: an owner and a limit)."""

from datetime import date, timedelta
from typing import TypeVar

import pytest
from claim_builders import (
    CLAIM,
    DAY,
    DIRECTORY,
    PROVIDER,
    SERVICE,
    Desk,
    acknowledged,
    answer,
    encounter,
    line,
    profile,
    submitted,
    svc,
    verified,
)  # fmt: skip

from schemas.directory import PayerDirectory
from schemas.events.claims import ClaimAccepted, ClaimFollowUp, ClaimHeld, ClaimRejected, ClaimSubmitted
from schemas.events.commands import ReleaseHold, ResendClaim
from schemas.events.denials import WayChosen
from schemas.events.encounters import EncounterWithdrawn
from schemas.events.envelope import EventData
from schemas.events.partner import CorrectionRequested
from schemas.events.payer_inbound import ClaimStatusAnswered
from schemas.events.payer_outbound import ClaimBill, StatusInquiry
from services.chassis.verdicts import Reject
from services.claim_submission.domain.figures import figures
from services.claim_submission.domain.status import status_of

E = TypeVar("E", bound=EventData)
BAD = PROVIDER.model_copy(update={"npi": "1234567890"})
SLOW = PayerDirectory(payers=(profile("ALPHA", follow_up_days=20), profile("BETA")))
SILENT = 26
"""Days after DAY on which a wholly silent payer's second inquiry has gone unanswered: 6, 16, 26."""


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def kinds(caused: list[EventData], kind: type[E]) -> list[E]:
    return [data for data in caused if isinstance(data, kind)]


def one(caused: list[EventData], kind: type[E]) -> E:
    found = kinds(caused, kind)
    assert len(found) == 1, caused
    return found[0]


def status(code: str, on: date) -> ClaimStatusAnswered:
    return ClaimStatusAnswered(claim_id=CLAIM, payer_id="ALPHA", statuses=(code,), answered_on=on)


def follow_ups(desk: Desk) -> int:
    found: int = figures([("", desk.state)])["follow_ups"]  # type: ignore[list-item]
    return found


def test_silence_after_the_last_inquiry_is_staffs_with_a_day_and_told_again() -> None:
    desk = submitted()
    caused = desk.days(later(1), later(SILENT))
    assert len(kinds(caused, StatusInquiry)) == 2
    opened = one(caused, ClaimFollowUp)
    assert (opened.reason, opened.stage, opened.payer_id) == ("no_answer", "opened", "ALPHA")
    assert (opened.opened_on, opened.due) == (later(SILENT), later(SILENT + 14))
    assert opened.filing_deadline == SERVICE + timedelta(days=120) and follow_ups(desk) == 1
    again = desk.days(later(SILENT + 1), later(SILENT + 30))
    assert [(told.stage, told.due) for told in kinds(again, ClaimFollowUp)] == [
        ("overdue", later(SILENT + 28)), ("overdue", later(SILENT + 42)),
    ]  # fmt: skip


def test_the_limit_is_the_payers_own() -> None:
    desk = submitted(SLOW)
    assert one(desk.days(later(1), later(SILENT)), ClaimFollowUp).due == later(SILENT + 20)


def test_staff_are_warned_before_the_filing_limit_and_on_it() -> None:
    desk = submitted(lines=(line(1, service_date=later(-80)),))
    last = later(40)
    told = kinds(desk.days(later(1), later(45)), ClaimFollowUp)
    assert [(item.stage, item.due, item.filing_deadline) for item in told] == [
        ("opened", last - timedelta(days=10), last), ("overdue", last, last), ("overdue", last + timedelta(days=14), last),
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["835", "277", "accepted"])
def test_the_payers_word_ends_it(word: str) -> None:
    desk = submitted()
    desk.days(later(1), later(SILENT))
    on = later(SILENT + 3)
    event = {
        "835": answer(svc(1, 10000, 10000), svc(2, 25000, 25000)),
        "277": status("P1:1", on),
        "accepted": acknowledged(on=on),
    }[word]
    assert kinds(desk.give(event, on), ClaimFollowUp) == []
    assert one(desk.days(on, later(SILENT + 5)), ClaimFollowUp).stage == "closed"
    assert follow_ups(desk) == 0


def test_a_pend_that_outlasts_its_time_comes_back_to_staff() -> None:
    desk = submitted()
    desk.days(later(1), later(SILENT))
    desk.give(status("P1:1", later(SILENT + 1)), later(SILENT + 1))
    told = kinds(desk.days(later(SILENT + 1), later(SILENT + 31)), ClaimFollowUp)
    assert [item.stage for item in told] == ["closed", "opened"]


def test_a_claim_that_the_payer_lost_too_often_is_staffs_who_may_send_it_again() -> None:
    desk = submitted()
    for day in (8, 18):
        desk.give(status("A4:35", later(day)), later(day))
        caused = desk.days(later(day), later(day + 1))
    assert one(caused, ClaimFollowUp).reason == "lost"
    desk.give(ResendClaim(claim_id=CLAIM), later(20))
    caused = desk.tick(later(21))
    assert one(caused, ClaimSubmitted).cause == "resubmission" and one(caused, ClaimBill).version == 3
    assert one(caused, ClaimFollowUp).stage == "closed" and follow_ups(desk) == 0


def test_a_resend_of_a_claim_that_waits_for_nobody_does_nothing_and_of_an_unknown_one_is_told_back() -> None:
    desk = submitted()
    desk.give(ResendClaim(claim_id=CLAIM), later(1))
    assert kinds(desk.days(later(1), later(5)), ClaimBill) == []
    with pytest.raises(Reject):
        desk.give(ResendClaim(claim_id=f"{CLAIM[:-2]}77"), later(1))


def test_a_rejection_or_a_hold_that_nobody_corrects_is_staffs() -> None:
    desk = submitted()
    desk.give(acknowledged("rejected", later(2)), later(2))
    told = one(desk.days(later(3), later(24)), ClaimFollowUp)
    assert (told.reason, told.opened_on) == ("rejected", later(24))

    held = Desk()
    held.give(encounter(rendering_provider=BAD))
    held.give(verified())
    assert one(held.days(later(1), later(22)), ClaimFollowUp).reason == "held"
    held.give(ReleaseHold(claim_id=CLAIM), later(23))
    caused = held.tick(later(24))
    assert one(caused, ClaimBill) and one(caused, ClaimFollowUp).stage == "closed"


def test_a_correction_that_comes_after_all_ends_it() -> None:
    desk = submitted()
    desk.give(acknowledged("rejected", later(2)), later(2))
    desk.days(later(3), later(24))
    desk.give(encounter(2), later(25))
    assert one(desk.tick(later(26)), ClaimFollowUp).stage == "closed"
    desk.give(verified(2), later(27))
    assert one(desk.tick(later(28)), ClaimSubmitted).cause == "resubmission"


def test_past_the_filing_limit_nobody_is_asked_and_staff_know_at_once() -> None:
    desk = Desk()
    desk.give(encounter(lines=(line(1, service_date=date(2025, 9, 1)),)))
    desk.give(verified())
    caused = desk.tick(later(1))
    assert one(caused, ClaimFollowUp).reason == "held" and kinds(caused, CorrectionRequested) == []


def test_documents_that_a_277_asks_for_reach_staff_by_their_own_clock() -> None:
    directory = PayerDirectory(payers=(profile("ALPHA", documents_days=30),))
    desk = submitted(directory)
    desk.give(acknowledged(on=later(2)), later(2))
    desk.days(later(2), later(32))
    desk.give(status("R4:294", later(34)), later(34))
    told = one(desk.tick(later(35)), ClaimFollowUp)
    assert (told.reason, told.stage, told.due) == ("documents", "opened", later(64))
    assert kinds(desk.days(later(36), later(63)), StatusInquiry) == []
    desk.give(status("P1:1", later(63)), later(63))
    assert one(desk.tick(later(64)), ClaimFollowUp).stage == "closed"


def test_a_withdrawn_claim_that_a_payer_took_and_will_not_void_is_staffs() -> None:
    desk = submitted(payers=("CARE",))
    desk.give(acknowledged(on=later(2), payer_id="CARE", payer_control_number="P9"), later(2))
    desk.give(EncounterWithdrawn(partner="riverside", reason="cancelled"), later(3))
    assert one(desk.days(later(3), later(4)), ClaimFollowUp).reason == "void"


def test_a_share_that_waits_for_a_payer_whom_nobody_bills_is_staffs_at_once() -> None:
    desk = submitted(payers=("ALPHA", "BETA"), lines=(line(1),))
    desk.give(answer(svc(1, 10000, 8000, "PR-2:2000")), later(20))
    told = one(desk.tick(later(21)), ClaimFollowUp)
    assert (told.reason, told.due) == ("next_payer", later(35))
    desk.give(answer(svc(1, 10000, 2000, "OA-23:8000"), status="2", payer_id="BETA", check="C2"), later(30))
    assert one(desk.tick(later(31)), ClaimFollowUp).stage == "closed" and desk.claim.ledger().next_payer == 0


def test_a_claim_that_the_payer_crossed_over_is_left_to_the_next_payers_clock_first() -> None:
    desk = submitted(payers=("ALPHA", "BETA"), lines=(line(1),))
    desk.give(answer(svc(1, 10000, 8000, "PR-2:2000"), status="19"), later(20))
    told = one(desk.days(later(21), later(51)), ClaimFollowUp)
    assert (told.reason, told.opened_on) == ("next_payer", later(50))


REFUSED = acknowledged("rejected", transaction="clearinghouse", version=1, statuses=("guide:2010AA N301",))


def test_what_the_clearinghouse_refuses_was_never_sent() -> None:
    desk = submitted()
    caused = desk.give(REFUSED)
    assert one(caused, ClaimHeld).edits == ("guide:2010AA N301",) and kinds(caused, ClaimRejected) == []
    found = figures([("", desk.state)])  # type: ignore[list-item]
    counts = ("claims", "held", "submitted", "transmissions", "rejected", "rejected_open", "unanswered")
    assert [found[name] for name in counts] == [1, 1, 0, 0, 0, 0, 0]
    assert status_of(desk.claim) == "held"
    assert one(desk.tick(later(1)), CorrectionRequested).cause == "held"
    desk.give(encounter(2), later(3))
    desk.give(verified(2), later(4))
    sent = one(desk.tick(later(5)), ClaimSubmitted)
    assert (sent.version, sent.cause, sent.frequency) == (2, "original", "1")
    found = figures([("", desk.state)])  # type: ignore[list-item]
    assert [found[name] for name in counts] == [1, 0, 1, 1, 0, 0, 1] and found["resubmitted"] == 0


def test_a_refusal_that_is_told_again_on_a_later_day_is_of_the_first_one() -> None:
    desk = submitted()
    desk.give(REFUSED)
    desk.give(REFUSED.model_copy(update={"answered_on": later(1)}), later(1))
    assert desk.claim.versions[0].refused_on == DAY
    assert one(desk.tick(later(1)), CorrectionRequested).cause == "held"


def test_a_hold_of_the_clearinghouse_is_released_once_and_dropped_when_withdrawn() -> None:
    desk = submitted()
    desk.give(REFUSED)
    desk.give(ReleaseHold(claim_id=CLAIM), later(2))
    assert len(kinds(desk.days(later(1), later(3)), ClaimBill)) == 1
    desk.give(REFUSED.model_copy(update={"version": 2, "answered_on": later(3)}), later(3))
    assert kinds(desk.days(later(4), later(8)), ClaimBill) == []
    desk.give(EncounterWithdrawn(partner="riverside", reason="cancelled"), later(9))
    desk.tick(later(10))
    assert desk.claim.dropped


def test_a_refused_resubmission_leaves_the_payers_rejection_the_last_word() -> None:
    desk = submitted()
    desk.give(acknowledged("rejected", later(2)), later(2))
    desk.give(encounter(2), later(3))
    desk.give(verified(2), later(4))
    assert one(desk.days(later(3), later(5)), ClaimBill).version == 2
    desk.give(REFUSED.model_copy(update={"version": 2, "answered_on": later(5)}), later(5))
    found = figures([("", desk.state)])  # type: ignore[list-item]
    counts = ("held", "submitted", "transmissions", "rejected", "rejected_open", "resubmitted")
    assert [found[name] for name in counts] == [0, 1, 1, 1, 1, 0]
    assert one(desk.tick(later(6)), CorrectionRequested).cause == "rejected"


def test_a_rejected_replacement_that_turns_to_another_payer_is_a_new_claim_without_the_firsts_number() -> None:
    desk = submitted()
    desk.give(answer(svc(1, 10000, 0, "CO-22:10000"), svc(2, 25000, 0, "CO-22:25000")), later(20))
    way = WayChosen(
        denial_id=f"{CLAIM}-D1", claim_id=CLAIM, payer_id="ALPHA", way="replacement", cents=35000, category="x",
        deadline=later(80), denied_on=later(20), payer_control_number="ICN1", denied=desk.claim.denied(),
    )  # fmt: skip
    desk.give(way, later(20))
    desk.give(encounter(2), later(21))
    desk.give(verified(2), later(22))
    assert one(desk.days(later(21), later(23)), ClaimBill).frequency == "7"
    desk.give(acknowledged("rejected", later(25)), later(25))
    desk.give(encounter(3, payers=("BETA",)), later(26))
    desk.give(verified(3, payers=("BETA",)), later(27))
    bill = one(desk.days(later(26), later(28)), ClaimBill)
    assert (bill.payer_id, bill.frequency, bill.payer_control_number) == ("BETA", "1", None)
    assert DIRECTORY.get("BETA")


@pytest.mark.parametrize("written", [date(2099, 1, 1), date.max])
def test_a_date_to_come_in_a_277_neither_hides_the_claim_nor_outlives_what_is_said_later(written: date) -> None:
    directory = PayerDirectory(payers=(profile("ALPHA", documents_days=30),))
    desk = submitted(directory)
    desk.give(acknowledged(on=later(2)), later(2))
    desk.give(status("P3:294", written), later(34))
    assert one(desk.days(later(35), later(35)), ClaimFollowUp).due == later(64)
    desk.give(status("P1:20", later(40)), later(40))
    assert one(desk.days(later(41), later(41)), ClaimFollowUp).stage == "closed"


def test_a_date_to_come_in_a_277ca_neither_proves_timely_filing_nor_outlives_a_rejection() -> None:
    desk = submitted()
    accepted = one(desk.give(acknowledged(on=date(2099, 1, 1)), later(2)), ClaimAccepted)
    assert accepted.accepted_on == later(2)
    desk.give(acknowledged("rejected", later(5), statuses=("A3:21",)), later(5))
    assert desk.claim.last_version.verdict(later(6)) == "rejected"


def test_a_command_given_ten_times_a_day_is_kept_once() -> None:
    desk = submitted()
    for _ in range(10):
        desk.give(ResendClaim(claim_id=CLAIM), later(3))
    assert desk.claim.resends == (later(3),)
