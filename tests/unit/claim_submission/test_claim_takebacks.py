"""DOMAIN §5: the three ways in which payers take money back, and what each does to the claim."""

from datetime import date, timedelta
from typing import Any

from claim_builders import CLAIM, DAY, Desk, answer, submitted, svc

from schemas.events.claims import ClaimAdjudicated, ClaimLedgerChanged, DeniedAmount
from schemas.events.denials import WayChosen
from schemas.events.envelope import EventData
from schemas.events.payer_inbound import ClaimRecouped
from schemas.events.remittance import ClaimCentsRecouped
from schemas.events.values import Ledger

LATER = DAY + timedelta(days=30)
PAID = (svc(1, 10000, 8000, "CO-45:2000"), svc(2, 25000, 20000, "CO-45:5000"))


def wo(cents: int, check: str = "CHK2", on: date = LATER, **other: Any) -> ClaimRecouped:
    known = {"claim_id": CLAIM, "check_id": check, "position": 1, "payer_id": "ALPHA", "reason": "WO", "paid_on": on}
    return ClaimRecouped.model_validate({**known, "cents": cents, **other})


def paid_claim() -> Desk:
    desk = submitted()
    desk.give(answer(*PAID))
    return desk


def recouped(caused: list[EventData]) -> list[int]:
    return [told.cents for told in caused if isinstance(told, ClaimCentsRecouped)]


def test_first_way_a_reversal_and_its_correction_post_both() -> None:
    desk = paid_claim()
    back = [entry.model_copy(update={"charge": -entry.charge, "paid": -entry.paid}) for entry in PAID]
    back = [
        entry.model_copy(
            update={"adjustments": tuple(a.model_copy(update={"cents": -a.cents}) for a in entry.adjustments)}
        )
        for entry in back
    ]
    desk.give(answer(*back, status="22", check="CHK2", paid_on=LATER), LATER)
    denied = (svc(1, 10000, 0, "CO-50:10000"), svc(2, 25000, 20000, "CO-45:5000"))
    caused = desk.give(answer(*denied, check="CHK2", position=2, paid_on=LATER), LATER)
    assert desk.claim.ledger() == Ledger(charge=35000, payer_paid=20000, contractual=5000, denied=10000)
    assert recouped(caused) == []


def test_second_way_a_letter_and_a_wo_lower_what_was_paid_and_deny_it() -> None:
    desk = paid_claim()
    told, changed = desk.give(wo(28000), LATER)
    assert isinstance(told, ClaimCentsRecouped) and (told.position, told.cents) == (1, 28000)
    assert desk.emits[-2].key == "CHK2"
    assert isinstance(changed, ClaimLedgerChanged) and (changed.cause, changed.payer_id) == ("recouped", "ALPHA")
    assert changed.ledger == desk.claim.ledger() == Ledger(charge=35000, contractual=7000, denied=28000)
    assert desk.claim.denied() == (DeniedAmount(line="claim", group="PLB", carc="WO", cents=28000),)
    assert desk.claim.first.result == "paid"


def test_a_refund_by_cheque_cancels_the_wo() -> None:
    desk = paid_claim()
    before = desk.claim.ledger()
    desk.give(wo(28000), LATER)
    caused = desk.give(wo(-28000, check="CHK3", reason="72"), LATER)
    assert recouped(caused) == [-28000]
    assert desk.claim.ledger() == before and desk.claim.denied() == ()


def test_a_wo_and_a_72_of_one_check_leave_the_claim_as_it_was() -> None:
    desk = paid_claim()
    before = desk.claim.ledger()
    desk.give(wo(28000), LATER)
    desk.give(wo(-28000, position=2, reason="72"), LATER)
    assert desk.claim.ledger() == before and sum(desk.claim.recouped().values()) == 0


def test_third_way_a_wo_that_follows_a_negative_one_is_no_second_takeback() -> None:
    desk = paid_claim()
    negated = [
        svc(1, -10000, -8000, "CO-45:-2000"),
        svc(2, -25000, -20000, "CO-45:-5000"),
    ]
    desk.give(answer(*negated, status="22", check="CHK2", paid_on=LATER), LATER)
    denied = (svc(1, 10000, 0, "CO-50:10000"), svc(2, 25000, 20000, "CO-45:5000"))
    desk.give(answer(*denied, check="CHK2", position=2, paid_on=LATER), LATER)
    announced = desk.give(wo(-8000), LATER)
    taken = desk.give(wo(8000, check="CHK3", on=LATER + timedelta(days=14)), LATER + timedelta(days=14))
    assert announced == taken == []
    assert desk.claim.ledger() == Ledger(charge=35000, payer_paid=20000, contractual=5000, denied=10000)


def test_what_was_paid_too_much_is_taken_back_without_a_denial() -> None:
    desk = paid_claim()
    extra = answer(check="CHK1B", charge=0, paid=3000, lines=(svc(1, 0, 3000),))
    desk.give(extra)
    over = desk.claim.ledger().overpaid
    assert over > 0
    desk.give(wo(over), LATER)
    assert (desk.claim.ledger().overpaid, desk.claim.ledger().denied) == (0, 0) and desk.claim.ledger().balanced()


def test_nobody_takes_back_more_than_was_paid() -> None:
    desk = paid_claim()
    assert recouped(desk.give(wo(30000), LATER)) == [28000]
    assert desk.claim.ledger().payer_paid == 0


def test_another_payers_negative_wo_explains_nothing() -> None:
    desk = paid_claim()
    assert desk.give(wo(-28000, payer_id="BETA"), LATER) == []
    assert recouped(desk.give(wo(28000, check="CHK3"), LATER)) == [28000]


def test_a_pair_read_twice_and_a_pair_of_an_unknown_claim_change_nothing() -> None:
    desk = paid_claim()
    desk.give(wo(1000), LATER)
    assert desk.give(wo(1000), LATER) == []
    assert desk.give(wo(1000, claim_id=f"{CLAIM[:16]}99", position=2), LATER) == []
    assert desk.claim.ledger().payer_paid == 27000


def test_a_wo_read_before_its_payment_counts_once_that_is_posted() -> None:
    desk = submitted()
    assert desk.give(wo(8000, on=DAY)) == []
    caused = desk.give(answer(*PAID))
    (news,) = [told for told in caused if isinstance(told, ClaimAdjudicated)]
    assert recouped(caused) == [8000]
    assert (news.paid_change, news.ledger.payer_paid, news.ledger.denied) == (20000, 20000, 8000)
    assert desk.claim.first.denied == 0


def test_what_was_taken_back_can_be_written_off() -> None:
    desk = paid_claim()
    desk.give(wo(28000), LATER)
    decision = WayChosen(
        denial_id=f"{CLAIM}-D1", claim_id=CLAIM, payer_id="ALPHA", way="write_off", cents=28000, category="recoupment",
        denied=desk.claim.denied(), deadline=LATER, denied_on=LATER,
    )  # fmt: skip
    desk.give(decision, LATER + timedelta(days=1))
    assert desk.claim.ledger() == Ledger(charge=35000, contractual=7000, written_off=28000)
    desk.give(wo(-28000, check="CHK3"), LATER + timedelta(days=2))
    assert desk.claim.ledger() == Ledger(charge=35000, payer_paid=28000, contractual=7000)
