"""What an 835 does to a claim's money: examples a biller would check by hand."""

from datetime import timedelta

import pytest
from claim_builders import CLAIM, DAY, Desk, acknowledged, answer, cas, line, submitted, svc

from schemas.events.claims import ClaimAdjudicated
from schemas.events.remittance import ClaimCentsPosted

NEXT = DAY + timedelta(days=20)


def one_line(payers: tuple[str, ...] = ("ALPHA",)) -> Desk:
    return submitted(payers=payers, lines=(line(1, 50000),))


def test_a_second_payer_is_applied_to_what_the_first_left() -> None:
    desk = one_line(("ALPHA", "BETA"))
    desk.give(answer(svc(1, 50000, 30000, "CO-45:12500 PR-1:7500")), NEXT)
    assert desk.claim.ledger().next_payer == 7500 and desk.claim.ledger().patient == 0
    desk.give(answer(svc(1, 50000, 6500, "CO-45:43500"), status="2", check="B", payer_id="BETA"), NEXT)
    ledger = desk.claim.ledger()
    assert (ledger.payer_paid, ledger.contractual, ledger.patient, ledger.next_payer) == (36500, 13500, 0, 0)
    assert ledger.balanced() and ledger.unanswered == 0


@pytest.mark.parametrize("first", [False, True])
def test_a_third_payer_tells_what_an_unseen_one_has_placed(first: bool) -> None:
    """OA-23 counts once: of it stays unseen what goes beyond the remittances that we hold."""
    desk = one_line(("ALPHA", "BETA", "CARE"))
    if first:
        desk.give(answer(svc(1, 50000, 30000, "CO-45:12500 PR-2:7500")), NEXT)
    else:
        desk.give(answer(svc(1, 50000, 5000, "OA-23:42500 PR-2:2500"), status="2", check="B", payer_id="BETA"), NEXT)
    desk.give(answer(svc(1, 50000, 2500, "OA-23:47500"), status="3", check="C", payer_id="CARE"), NEXT)
    ledger = desk.claim.ledger()
    assert (ledger.prior_payer_unseen, ledger.unanswered) == ((5000, 0) if first else (42500, 0))
    assert ledger.balanced()


def test_the_secondary_may_be_heard_first() -> None:
    desk = one_line(("ALPHA", "BETA"))
    secondary = answer(svc(1, 50000, 6500, "OA-23:42500 CO-45:1000"), status="2", check="B", payer_id="BETA")
    desk.give(secondary, NEXT)
    assert desk.claim.ledger().prior_payer_unseen == 42500
    desk.give(answer(svc(1, 50000, 30000, "CO-45:12500 PR-1:7500")), NEXT)
    ledger = desk.claim.ledger()
    assert (ledger.payer_paid, ledger.contractual, ledger.prior_payer_unseen, ledger.patient) == (36500, 13500, 0, 0)


def test_claim_level_adjustments_go_to_lines_without_losing_a_cent() -> None:
    desk = submitted()
    data = answer(svc(1, 10000, 9999), svc(2, 25000, 20001, "PR-2:4999"), adjustments=cas("CO-A2:3333"))
    desk.give(data.model_copy(update={"paid": 30000 - 3333}), NEXT)
    ledger = desk.claim.ledger()
    assert (ledger.payer_paid, ledger.contractual, ledger.patient) == (26667, 3333, 4999)
    assert ledger.unanswered == 1 or ledger.balanced()


def test_a_claim_without_lines_is_spread_over_ours() -> None:
    desk = submitted()
    data = answer(adjustments=cas("CO-45:9999 PR-1:101 CO-97:7"), charge=35000, paid=24893)
    (posted, told) = desk.give(data, NEXT)
    ledger = desk.claim.ledger()
    assert (ledger.payer_paid, ledger.contractual, ledger.patient, ledger.denied) == (24893, 9999, 101, 7)
    assert isinstance(posted, ClaimCentsPosted) and posted.classes.denied == 7
    assert isinstance(told, ClaimAdjudicated) and sum(entry.cents for entry in told.denied) == 7


@pytest.mark.parametrize(
    ("codes", "paid", "result"),
    [
        ("CO-197:35000", 0, "denied"),
        ("CO-45:35000", 0, "denied"),
        ("CO-24:35000", 0, "paid"),
        ("PR-1:35000", 0, "paid"),
        ("PR-27:35000", 0, "denied"),
        ("CO-97:5000 PR-1:30000", 0, "denied_in_part"),
        ("CO-97:5000 CO-45:30000", 0, "denied"),
        ("CO-97:5000", 30000, "denied_in_part"),
        ("CO-45:5000", 30000, "paid"),
    ],
)
def test_the_first_answer_is_frozen_with_its_result(codes: str, paid: int, result: str) -> None:
    desk = submitted(lines=(line(1, 35000),))
    posted, told = desk.give(answer(svc(1, 35000, paid, codes), status="4"), NEXT)
    assert isinstance(told, ClaimAdjudicated) and told.first_answer and told.result == result
    assert isinstance(posted, ClaimCentsPosted) and posted.result == result
    desk.give(answer(svc(1, 35000, 30000, "CO-45:5000"), check="CHK2"), NEXT + timedelta(days=9))
    assert desk.claim.first.result == result


def test_reversal_and_correction_open_no_denial_on_the_reversal() -> None:
    desk = one_line()
    desk.give(answer(svc(1, 50000, 40000, "CO-45:10000")), NEXT)
    later = NEXT + timedelta(days=30)
    back = answer(svc(1, -50000, -40000, "CO-45:-10000"), status="22", check="CHK2", paid_on=later)
    _, told = desk.give(back, later)
    assert isinstance(told, ClaimAdjudicated)
    assert (told.result, told.reversal, told.denied, told.paid_change) == ("reversed", True, (), -40000)
    assert desk.claim.ledger().unanswered == 50000
    again = answer(
        svc(1, 50000, 0, "CO-50:50000"), check="CHK2", position=2, payer_control_number="ICN2", paid_on=later
    )
    _, told = desk.give(again, later)
    assert isinstance(told, ClaimAdjudicated) and not told.first_answer
    assert desk.claim.ledger().denied == 50000 and desk.claim.first.result == "paid"


def test_a_reversal_of_what_was_never_posted_is_a_work_item() -> None:
    desk = one_line()
    (told,) = desk.give(answer(svc(1, -50000, -1), status="22", payer_control_number="OTHER"), NEXT)
    assert isinstance(told, ClaimCentsPosted)
    assert (told.disposition, told.reason, told.cents) == ("not_posted", "reversal_without_posting", -1)
    assert desk.claim.ledger().unanswered == 50000


@pytest.mark.parametrize("status", ["23", "25", "5"])
def test_answers_that_decide_nothing_are_not_posted(status: str) -> None:
    desk = one_line()
    (told,) = desk.give(answer(svc(1, 50000, 0, "PR-1:50000"), status=status), NEXT)
    assert isinstance(told, ClaimCentsPosted) and told.disposition == "not_posted"
    assert desk.claim.ledger().unanswered == 50000 and not desk.claim.postings


def test_cents_under_review_stay_unanswered_and_decide_nothing() -> None:
    desk = one_line()
    (told,) = desk.give(answer(svc(1, 50000, 0, "CO-133:50000")), NEXT)
    assert isinstance(told, ClaimCentsPosted) and told.classes.unanswered == 50000
    assert desk.claim.ledger().unanswered == 50000 and desk.claim.first is None


def test_a_repeat_posts_nothing_and_a_double_payment_is_overpaid() -> None:
    desk = one_line()
    paid = answer(svc(1, 50000, 40000, "CO-45:10000"))
    desk.give(paid, NEXT)
    assert desk.give(paid, NEXT) == []
    desk.give(paid.model_copy(update={"check_id": "CHK2"}), NEXT + timedelta(days=1))
    ledger = desk.claim.ledger()
    assert (ledger.payer_paid, ledger.contractual, ledger.overpaid) == (80000, 10000, 40000) and ledger.balanced()


def test_an_answer_for_nobody_is_unmatched() -> None:
    desk = one_line()
    (told,) = desk.give(answer(svc(1, 1, 1), claim_id=f"{CLAIM[:16]}77"), NEXT)
    assert isinstance(told, ClaimCentsPosted) and told.disposition == "unmatched"


def test_lines_match_without_our_numbers() -> None:
    desk = submitted(lines=(line(1, 10000), line(2, 20000, modifiers=("25",)), line(3, 30000), line(4, 4000)))
    lost = [
        svc(1, 30000, 0, "CO-50:30000", control=None, procedure="99213"),
        svc(2, 20000, 20000, control=None, procedure="99212"),
        svc(3, 10000, 0, "CO-97:10000", control=None, procedure="99999", submitted_procedure="99211"),
        svc(4, 4000, 4000, control=None, procedure="00000"),
    ]
    _, told = desk.give(answer(*lost), NEXT)
    assert isinstance(told, ClaimAdjudicated)
    assert {(entry.line, entry.carc) for entry in told.denied} == {("L003", "50"), ("L001", "97")}
    assert desk.claim.ledger().payer_paid == 24000


def test_merged_lines_are_allocated() -> None:
    desk = submitted(lines=(line(1, 10001), line(2, 20000)))
    desk.give(answer(svc(1, 30001, 20000, "CO-45:10001", control=None, procedure="77777")), NEXT)
    ledger = desk.claim.ledger()
    assert (ledger.payer_paid, ledger.contractual, ledger.unanswered, ledger.overpaid) == (20000, 10001, 0, 0)


def test_a_take_over_account_opens_from_its_first_answer_and_takes_the_second_payer() -> None:
    desk = Desk()
    first = answer(svc(1, 30000, 10000, "CO-45:5000 PR-2:15000", control=None), claim_id=None, takeover_client="old")
    posted, _ = desk.give(first, NEXT)
    assert isinstance(posted, ClaimCentsPosted) and posted.claim_id == CLAIM and posted.result == "paid"
    second = answer(
        svc(1, 30000, 15000, "OA-23:15000", control=None),
        claim_id=None, takeover_client="old", payer_id="BETA", check="B", status="2",
    )  # fmt: skip
    desk.give(second, NEXT)
    ledger = desk.claim.ledger()
    assert (ledger.payer_paid, ledger.contractual, ledger.patient, ledger.prior_payer_unseen) == (25000, 5000, 0, 0)


def test_a_take_over_claim_counts_under_its_first_payer_whichever_is_heard_first() -> None:
    desk = Desk()
    taken = {"claim_id": None, "takeover_client": "old"}
    second = svc(1, 30000, 5000, "OA-23:20000 PR-2:5000", control=None)
    desk.give(answer(second, **taken, payer_id="BETA", check="B", status="2"), NEXT)
    assert desk.claim.payer_id == "BETA"
    _, told = desk.give(answer(svc(1, 30000, 15000, "CO-45:5000 PR-2:10000", control=None), **taken), NEXT)
    assert isinstance(told, ClaimAdjudicated) and (told.first_answer, told.first_denied) == (True, 0)
    assert (desk.claim.payer_id, desk.claim.first.result, desk.claim.ledger().patient) == ("ALPHA", "paid", 5000)


def test_a_crossover_waits_for_the_next_payer() -> None:
    desk = one_line()
    desk.give(answer(svc(1, 50000, 30000, "CO-45:10000 PR-2:10000"), status="19"), NEXT)
    assert desk.claim.ledger().next_payer == 10000


def test_only_the_payers_own_acceptance_proves_that_it_had_the_claim_in_time() -> None:
    desk = submitted(payers=("ALPHA", "BETA"))
    desk.give(acknowledged(on=DAY + timedelta(days=2)), DAY + timedelta(days=3))
    _, told = desk.give(answer(svc(1, 10000, 0, "CO-29:10000"), svc(2, 25000, 0, "CO-29:25000")), NEXT)
    assert isinstance(told, ClaimAdjudicated) and told.accepted_on == DAY + timedelta(days=2)
    late = answer(svc(1, 10000, 0, "CO-29:10000"), svc(2, 25000, 0, "CO-29:25000"), check="B", payer_id="BETA")
    _, told = desk.give(late, NEXT)
    assert isinstance(told, ClaimAdjudicated) and told.accepted_on is None


@pytest.mark.parametrize(
    ("other", "denied", "result"),
    [((30000, "CO-45:5000"), 0, "paid"), ((0, "PR-1:35000"), 0, "paid"), ((0, "CO-45:35000"), 40000, "denied")],
)
def test_a_packaged_line_is_no_denial_where_the_payer_pays_the_claim(
    other: tuple[int, str], denied: int, result: str
) -> None:
    """CO-97 on an institutional line: paid within another line's rate (OPPS, DRG); nothing paid anywhere: denied."""
    desk = submitted(lines=(line(1, 5000), line(2, 35000)))
    paid, codes = other
    lines = (svc(1, 5000, 0, "CO-97:5000"), svc(2, 35000, paid, codes))
    told = next(
        m for m in desk.give(answer(*lines, transaction="institutional"), DAY) if isinstance(m, ClaimAdjudicated)
    )
    assert (told.ledger.denied, told.result) == (denied, result)


def test_what_the_payer_puts_on_the_patient_is_no_discount_of_ours() -> None:
    desk = submitted(lines=(line(1, 10000),))
    told = next(m for m in desk.give(answer(svc(1, 10000, 6000, "PR-45:4000")), DAY) if isinstance(m, ClaimAdjudicated))
    assert (told.ledger.denied, told.ledger.contractual, told.ledger.patient) == (4000, 0, 0)


@pytest.mark.parametrize(
    "codes", ["CO-45:10000 CO-70:-12000", "CO-45:10000 OA-76:-12000", "CO-45:10000 CO-70:-15000 CO-70:3000"]
)
def test_what_a_payer_adds_to_its_rate_is_no_denial(codes: str) -> None:
    """Outliers and add-ons of hospitals come as amounts below zero (CARC 69-76)."""
    desk = one_line()
    posted, told = desk.give(answer(svc(1, 50000, 52000, codes)), NEXT)
    assert isinstance(told, ClaimAdjudicated) and (told.denied, told.result) == ((), "paid")
    assert isinstance(posted, ClaimCentsPosted) and (posted.classes.denied, posted.classes.contractual) == (0, -2000)
    assert desk.claim.ledger().contractual == -2000 and desk.claim.ledger().balanced()


def test_a_claim_under_investigation_decides_nothing() -> None:
    desk = one_line()
    desk.give(answer(svc(1, 50000, 0, "CO-P8:50000")), NEXT)
    assert desk.claim.ledger().unanswered == 50000 and desk.claim.first is None
