"""Every cent of a check has a place, whatever the order in which its events come."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codes.plb_reasons import plb_class
from schemas.events.envelope import Event, EventData
from schemas.events.remittance import (
    ClaimCentsPosted,
    ClaimCentsRecouped,
    ClaimParked,
    DepositReported,
    PaymentReceived,
    ProviderAdjustment,
)
from schemas.events.values import Ledger
from services.remittance.domain.check import Check
from services.remittance.domain.facts import facts
from services.remittance.domain.figures import figures
from services.remittance.domain.summary import CENTS, COUNTS, summary
from services.remittance.domain.terms import Terms, by_payer_and_payee, terms, total
from services.remittance.handlers import ROUTES

NOW = datetime(2026, 1, 28, tzinfo=UTC)


def run(*events: EventData) -> Check:
    state: Any = None
    for number, data in enumerate(events):
        (route,) = [route for route in ROUTES.events if route.event is type(data)]
        event: Event[Any, Any] = Event(f"e{number}", "t", "CHK", NOW, data, None)
        state = route.handler(state, event, NOW).state or state
    assert isinstance(state, Check)
    return state


def payment(claims: int = 2, claims_cents: int = 15000, **changes: Any) -> PaymentReceived:
    plb = tuple(changes.pop("provider_adjustments", ()))
    told = {
        "payer_id": "MERIDIAN",
        "payee_id": "1234567893",
        "trace": "T1",
        "method": "ACH",
        "cents": claims_cents - sum(item.cents for item in plb),
        "paid_on": date(2026, 1, 28),
        "claims": claims,
        "claims_cents": claims_cents,
        "provider_adjustments": plb,
        "disposition": "posted",
        "file": "f" * 64,
    }
    return PaymentReceived(**{**told, **changes})


def plb(reason: str, cents: int) -> ProviderAdjustment:
    return ProviderAdjustment(reason=reason, cents=cents)


def posted(position: int, cents: int, **changes: Any) -> ClaimCentsPosted:
    told = {
        "position": position,
        "account": "A" * 16,
        "claim_id": "A" * 16 + f"{position:02d}",
        "cents": cents,
        "disposition": "posted",
        "result": "paid",
        "classes": Ledger(charge=cents + 500, payer_paid=cents, contractual=500),
    }
    return ClaimCentsPosted(**{**told, **changes})


def parked(position: int, cents: int, disposition: str = "parked") -> ClaimParked:
    return ClaimParked(
        position=position, cents=cents, disposition=disposition, reason="claim_out_of_balance", place="seg 31 CLP"
    )


def test_a_check_is_complete_when_every_claim_has_a_place() -> None:
    told = [payment(), posted(1, 10000), parked(2, 5000)]
    assert not run(told[0]).complete
    assert not run(*told[:2]).complete
    check = run(*told)
    assert check.complete
    assert terms(check) == Terms(received=15000, payer_paid=10000, unapplied=5000)
    assert terms(check).balanced


def test_a_place_of_other_cents_than_the_payments_leaves_the_check_incomplete() -> None:
    assert not run(payment(), posted(1, 10000), posted(2, 4999)).complete


def test_provider_adjustments_go_where_their_reason_says() -> None:
    adjustments = [plb("WO", 3000), plb("L6", -250), plb("FB", -700), plb("CS", 40), plb("??", -1), plb("AM", 10)]
    check = run(payment(1, 15000, provider_adjustments=adjustments), posted(1, 15000))
    assert terms(check) == Terms(
        received=12901, payer_paid=15000, owed_to_payers=-2300, provider_level=240, unapplied=-39
    )
    assert terms(check).balanced


@pytest.mark.parametrize(
    ("reason", "place"),
    [("WO", "owed_to_payers"), ("72", "owed_to_payers"), ("L6", "provider_level"), ("CV", "provider_level")],
)
def test_plb_reasons(reason: str, place: str) -> None:
    assert plb_class(reason, date(2026, 1, 1)) == place


def test_a_takeback_by_reversal_and_offset_moves_the_debt_only_when_the_cash_is_taken() -> None:
    """DOMAIN §5, third way: reversal with a negative WO, later a positive WO."""
    reversal = run(payment(1, -8000, provider_adjustments=[plb("WO", -8000)]), posted(1, -8000, result="reversed"))
    offset = run(payment(1, 20000, provider_adjustments=[plb("WO", 8000)]), posted(1, 20000))
    assert terms(reversal) == Terms(received=0, payer_paid=-8000, owed_to_payers=8000)
    assert total([reversal, offset]) == Terms(received=12000, payer_paid=12000, owed_to_payers=0)


def recouped(position: int, cents: int, version: int = 1) -> ClaimCentsRecouped:
    account = "A" * 16
    return ClaimCentsRecouped(
        position=position, account=account, claim_id=f"{account}01", cents=cents, ledger_version=version
    )


def test_a_takeback_without_a_reversal_lowers_what_was_paid_and_owes_nothing() -> None:
    """DOMAIN §5, second way: WO that names a claim; refunded by cheque, WO and 72 cancel."""
    taken = payment(1, 20000, provider_adjustments=[plb("WO", 8000)]), posted(1, 20000), recouped(1, 8000)
    assert terms(run(*taken)) == Terms(received=12000, payer_paid=12000, owed_to_payers=0)
    refund = payment(1, 5000, provider_adjustments=[plb("72", -8000)]), posted(1, 5000), recouped(1, -8000, 2)
    assert total([run(*taken), run(*refund)]) == Terms(received=25000, payer_paid=25000)


def test_only_the_part_that_stands_against_the_claim_leaves_the_debt() -> None:
    check = run(payment(1, 20000, provider_adjustments=[plb("WO", 8000)]), posted(1, 20000), recouped(1, 5000))
    assert terms(check) == Terms(received=12000, payer_paid=15000, owed_to_payers=-3000)


def test_the_latest_word_on_a_recouped_pair_stands() -> None:
    told = payment(1, 20000, provider_adjustments=[plb("WO", 8000)]), recouped(1, 8000, 4), recouped(1, 0, 7)
    one, other = run(*told), run(told[2], told[1], told[0])
    assert terms(one) == terms(other) and terms(one).owed_to_payers == -8000


def test_a_balance_carried_forward_nets_to_zero() -> None:
    made = run(payment(1, -3000, provider_adjustments=[plb("FB", -3000)]), posted(1, -3000, result="reversed"))
    repaid = run(payment(1, 9000, provider_adjustments=[plb("FB", 3000)]), posted(1, 9000))
    assert terms(made) == Terms(received=0, payer_paid=-3000, owed_to_payers=3000)
    assert total([made, repaid]) == Terms(received=6000, payer_paid=6000)


def test_balances_are_kept_by_payer_and_payee() -> None:
    one, two = run(payment(1, 100), posted(1, 100)), run(payment(1, 50, payee_id="P2"), posted(1, 50))
    found = by_payer_and_payee([one, one, two])
    assert {pair: cash.received for pair, cash in found.items()} == {
        ("MERIDIAN", "1234567893"): 200,
        ("MERIDIAN", "P2"): 50,
    }


def test_a_parked_check_moves_no_money_and_names_its_place() -> None:
    check = run(payment(disposition="parked", reason="check_out_of_balance", place="seg 14 BPR"))
    told = summary(check)
    assert told.complete and terms(check) == Terms()
    assert told.counts["payments_parked"] == 1 and told.counts["claims_parked"] == 2
    (item,) = told.parked
    assert (item.trace, item.position, item.place, item.reason) == ("T1", None, "seg 14 BPR", "check_out_of_balance")
    assert figures([("CHK", check)]) == {"parked": 1, "cents": {"payer_cash": 0}, "cash_by_payer": {}}


def test_a_later_file_puts_a_parked_check_right() -> None:
    wrong = payment(disposition="parked", reason="check_out_of_balance")
    check = run(wrong, payment(supersedes_parked=True), posted(1, 10000), posted(2, 5000))
    assert check.parked == () and len(check.superseded) == 1
    assert summary(check).counts["payments_parked"] == 0 and check.complete


def test_a_newcomer_that_differs_is_parked_and_the_posted_check_stays() -> None:
    check = run(
        payment(), posted(1, 10000), posted(2, 5000), payment(disposition="parked", reason="same_check_differs")
    )
    assert terms(check).received == 15000
    assert summary(check).counts["payments_posted"] == summary(check).counts["payments_parked"] == 1
    assert figures([("CHK", check)])["parked"] == 1


def test_a_repeat_is_counted_and_moves_no_money() -> None:
    once = run(payment(), posted(1, 10000), posted(2, 5000))
    twice = run(payment(), posted(1, 10000), posted(2, 5000), payment(disposition="repeated"))
    assert terms(once) == terms(twice)
    assert summary(once).cents == summary(twice).cents
    counts = summary(twice).counts
    assert counts["payments_repeated"] == 1 and counts["claims_repeated"] == 2 and counts["claims_posted"] == 2


def test_a_parked_claim_that_is_mended_later_is_posted_once() -> None:
    check = run(payment(), posted(1, 10000), parked(2, 5000), payment(disposition="repeated"), posted(2, 5000))
    assert terms(check).payer_paid == 15000 and terms(check).unapplied == 0 and check.complete
    again = run(payment(), posted(1, 10000), posted(2, 5000), parked(2, 5000))
    assert terms(again).payer_paid == 15000


def test_the_summary_has_every_name_that_remit_adds_up() -> None:
    denied = Ledger(charge=900, denied=900)
    partly = Ledger(charge=1000, payer_paid=400, patient=100, denied=300, prior_payer_unseen=200)
    told = summary(
        run(
            payment(4, 650, provider_adjustments=[plb("L6", -5)]),
            posted(1, 0, result="denied", classes=denied),
            posted(2, 400, result="denied_in_part", classes=partly),
            parked(3, 250),
            posted(4, 0, disposition="unmatched", result="", classes=Ledger()),
        )
    )
    assert told.complete and set(told.counts) == set(COUNTS) and set(told.cents) == set(CENTS)
    assert {name: count for name, count in told.counts.items() if count} == {
        "payments_posted": 1, "claims_posted": 2, "claims_parked": 1, "claims_not_posted": 1, "denied": 1,
        "denied_in_part": 1,
    }  # fmt: skip
    assert told.cents == {
        "charged": 1900, "paid": 400, "contractual": 0, "patient": 100, "denied": 1200, "prior_payer": 200, "unanswered": 0,
        "provider_level": 5, "unapplied": 250,
    }  # fmt: skip
    (item,) = told.parked
    assert (item.position, item.place, item.cents, item.trace) == (3, "seg 31 CLP", 250, "T1")


def test_the_banks_word_is_kept() -> None:
    check = run(payment(1, 100), posted(1, 100), DepositReported(cents=99, deposited_on=date(2026, 1, 29)))
    assert check.deposit is not None and check.deposit.cents == 99
    assert any("deposit=99" in line for line in facts("CHK", check))


PLACES = st.lists(
    st.tuples(st.integers(-50000, 50000), st.sampled_from(["posted", "parked", "not_posted", "unmatched"])),
    min_size=1,
    max_size=8,
)
LEVELS = st.lists(st.builds(plb, st.sampled_from(["WO", "FB", "72", "L6", "CS", "ZZ", "CT"]), st.integers(-9000, 9000)))


def events(places: list[tuple[int, str]], levels: list[ProviderAdjustment]) -> list[EventData]:
    told: list[EventData] = [
        payment(len(places), sum(cents for cents, _ in places), provider_adjustments=levels),
        payment(len(places), 0, disposition="repeated"),
    ]
    for position, (cents, how) in enumerate(places, 1):
        told.append(
            parked(position, cents, how)
            if how in ("parked", "not_posted")
            else posted(position, cents, disposition=how)
        )
    named = ((number, item.cents) for number, item in enumerate(levels, 1) if item.reason in ("WO", "72"))
    return [*told[:2], *(recouped(number, cents // 2) for number, cents in named), *told[2:]]


@given(PLACES, LEVELS, st.randoms(use_true_random=False))
def test_every_cent_has_one_place_in_any_order_of_events(places: Any, levels: Any, random: Any) -> None:
    told = events(places, levels)
    shuffled = list(told)
    random.shuffle(shuffled)
    check, other = run(*told), run(*shuffled)
    assert facts("CHK", check) == facts("CHK", other)
    assert summary(check).counts == summary(other).counts and summary(check).cents == summary(other).cents
    assert check.complete and terms(check).balanced
    counts = summary(check).counts
    assert counts["claims_posted"] + counts["claims_parked"] + counts["claims_not_posted"] == len(places)


@given(PLACES, LEVELS, st.data())
def test_a_cent_lost_anywhere_is_seen(places: Any, levels: Any, data: Any) -> None:
    told = events(places, levels)
    at = data.draw(st.integers(len(told) - len(places), len(told) - 1))
    told[at] = told[at].model_copy(update={"cents": told[at].cents + 1})
    assert not run(*told).complete and not terms(run(*told)).balanced


def test_facts_tell_no_trace_file_or_key() -> None:
    lines = facts("KEYOFCHECK", run(payment(trace="TRACE77"), posted(1, 15000)))
    assert lines and not [line for line in lines if "TRACE77" in line or "fff" in line or "KEYOFCHECK" in line]
