"""Statements go out the day after a balance is free, never while anything is open; cash finds the oldest balance."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.events.appeals import AppealClosed, AppealFiled
from schemas.events.claims import ClaimAdjudicated, ClaimHeld, ClaimLedgerChanged, ClaimSubmitted
from schemas.events.commands import TakePatientPayment
from schemas.events.denials import DenialClosed, DenialOpened
from schemas.events.encounters import EncounterPhi, EncounterWithdrawn
from schemas.events.envelope import EventData
from schemas.events.patients import AccountBalance, CollectionEnded, PatientPaymentApplied, StatementIssued
from schemas.events.values import Address, Ledger, Person
from services.chassis.verdicts import Reject
from services.patient_collections.domain.facts import facts
from services.patient_collections.domain.figures import figures
from services.patient_collections.domain.guarantor import Guarantor
from services.patient_collections.doors import StatementDoor
from services.patient_collections.handlers import ROUTES
from tests.unit.denial_triage.makers import SERVED, day, encounter
from tests.unit.denial_triage.runner import Runner

GUARANTOR = "GUARANTORKEY2345"
ONE, TWO = "ABCDEFGHIJKLMNOP", "QRSTUVWXYZ234567"


@pytest.fixture
def office() -> Runner:
    return new_office()


def new_office() -> Runner:
    runner = Runner(ROUTES, own_hops=(AccountBalance.TOPIC,))
    for account in (ONE, TWO):
        runner.feed(day(-3), account, encounter(), people())
    return runner


def people(name: str = "Osk") -> EncounterPhi:
    home = Address(line1="1 Elm", city="Salem", state="OR", postal_code="97301")
    who = Person(last_name=name, first_name="Ann", birth_date=date(1970, 1, 1), sex="F", address=home)
    return EncounterPhi(encounter_number="E1", patient_number="P1", patient=who, guarantor=who)


def answered(account: str, version: int, patient: int, **other: int) -> ClaimAdjudicated:
    charge = patient + sum(other.values())
    return ClaimAdjudicated(
        claim_id=f"{account}01",
        version=1,
        payer_id="ACME",
        first_answer=version == 1,
        result="paid",
        paid_change=0,
        check_id="C",
        adjudicated_on=day(0),
        service_date=SERVED,
        charge=charge,
        ledger=Ledger(charge=charge, patient=patient, **other),
        ledger_version=version,
    )


def pay(number: int, cents: int) -> TakePatientPayment:
    return TakePatientPayment(payment_id=f"pay{number}", cents=cents, method="card")


def opened(account: str, number: int = 1) -> DenialOpened:
    return DenialOpened(
        denial_id=f"{account}01-D{number}",
        claim_id=f"{account}01",
        payer_id="ACME",
        denied=(),
        cents=1,
        category="other",
        preventable=False,
        first_answer=True,
        ways=(),
        priority=0,
        deadline=day(9),
    )


def closed(account: str, on: int, number: int = 1) -> DenialClosed:
    return DenialClosed(
        denial_id=f"{account}01-D{number}",
        claim_id=f"{account}01",
        payer_id="ACME",
        how="recovered",
        way="appeal",
        recovered=1,
        closed_on=day(on),
    )


def guarantor(office: Runner) -> Guarantor:
    return office.state(Guarantor, GUARANTOR)


def statements(office: Runner) -> list[tuple[date, int]]:
    return [(event.issued_on, event.cents) for event in office.all(StatementIssued)]


def test_a_patient_share_is_asked_for_the_next_day_then_monthly_then_it_is_bad_debt(office: Runner) -> None:
    office.feed(day(0), ONE, answered(ONE, 1, 5000, payer_paid=9000))
    office.until(day(0), day(150))
    assert statements(office) == [(day(1), 5000), (day(31), 5000), (day(61), 5000)]
    assert [event.statement_id for event in office.all(StatementIssued)] == [f"{GUARANTOR}-0{n}" for n in (1, 2, 3)]
    (end,) = office.all(CollectionEnded)
    assert (end.how, end.cents, end.ended_on) == ("bad_debt", 5000, day(121))


@pytest.mark.parametrize("place", ["denied", "unanswered", "next_payer", "prior_payer_unseen"])
def test_nothing_is_asked_while_cents_of_the_claim_are_open(office: Runner, place: str) -> None:
    office.feed(day(0), ONE, answered(ONE, 1, 5000, **{place: 1}))
    assert not office.until(day(0), day(100))
    office.feed(day(100), ONE, answered(ONE, 2, 5001))
    office.until(day(100), day(101))
    assert statements(office) == [(day(101), 5001)]


def test_nothing_is_asked_while_a_denial_an_appeal_or_another_claim_is_open(office: Runner) -> None:
    office.feed(day(0), ONE, answered(ONE, 1, 5000))
    office.feed(day(0), ONE, opened(ONE))
    submitted = ClaimSubmitted(
        claim_id=f"{ONE}02",
        version=1,
        frequency="1",
        cause="original",
        payer_id="ACME",
        charge=100,
        service_date=SERVED,
    )
    office.feed(day(0), ONE, submitted)
    about = {"appeal_id": "A1", "denial_id": f"{ONE}01-D1", "claim_id": f"{ONE}01", "payer_id": "ACME"}
    filed = {"kind": "appeal", "level": 1, "cents": 1, "filed_on": day(1), "decision_expected_by": day(9)}
    office.feed(day(1), ONE, AppealFiled(**about, **filed))
    office.feed(day(2), ONE, closed(ONE, 2))
    assert not office.until(day(1), day(20))
    end = {"kind": "appeal", "level": 1, "decision": "upheld", "reason": "r", "decided_on": day(20)}
    office.feed(day(20), ONE, AppealClosed(**about, **end))
    assert not office.until(day(20), day(30))
    share = answered(ONE, 1, 100).model_copy(update={"claim_id": f"{ONE}02"})
    office.feed(day(30), ONE, share)
    office.until(day(30), day(31))
    assert statements(office) == [(day(31), 5100)]


def test_one_statement_a_month_asks_for_all_that_is_free(office: Runner) -> None:
    office.feed(day(0), ONE, answered(ONE, 1, 5000))
    office.until(day(0), day(9))
    office.feed(day(9), TWO, answered(TWO, 1, 700))
    office.until(day(10), day(31))
    assert statements(office) == [(day(1), 5000), (day(31), 5700)]


def test_less_than_a_dollar_is_forgiven_and_never_asked_for(office: Runner) -> None:
    office.feed(day(0), ONE, answered(ONE, 1, 99))
    office.until(day(0), day(60))
    assert not statements(office)
    assert [event.how for event in office.all(CollectionEnded)] == ["forgiven"]


def test_self_pay_is_asked_for_and_a_cancelled_encounter_is_not(office: Runner) -> None:
    office.feed(day(0), ONE, encounter(2, no_claim="self_pay", coverages=()), people())
    office.until(day(0), day(1))
    assert statements(office) == [(day(1), 20000)]
    office.feed(day(5), ONE, EncounterWithdrawn(partner="riverside", reason="cancelled"))
    office.until(day(5), day(60))
    assert len(statements(office)) == 1
    assert guarantor(office).shares[ONE].owed == 0


def test_an_encounter_that_turns_out_self_pay_is_asked_for_though_its_claim_was_dropped(office: Runner) -> None:
    office.feed(
        day(0), ONE, ClaimHeld(claim_id=f"{ONE}01", payer_id="ACME", charge=20000, edits=("coverage_inactive",))
    )
    office.feed(day(2), ONE, encounter(2, no_claim="self_pay", coverages=()), people())
    dropped = ClaimLedgerChanged(
        claim_id=f"{ONE}01", payer_id="ACME", cause="self_pay", ledger=Ledger(), ledger_version=1
    )
    office.feed(day(3), ONE, dropped)
    office.until(day(3), day(4))
    assert statements(office) == [(day(4), 20000)]


def test_cash_pays_the_oldest_balance_and_the_rest_is_kept_for_the_next(office: Runner) -> None:
    later = encounter(2).lines[0].model_copy(update={"service_date": day(-1)})
    office.feed(day(0), TWO, encounter(2, lines=(later,)), people())
    office.feed(day(0), TWO, answered(TWO, 1, 3000))
    office.feed(day(0), ONE, answered(ONE, 1, 5000))
    office.until(day(0), day(5))
    office.feed(day(5), GUARANTOR, pay(1, 6000))
    office.feed(day(6), GUARANTOR, pay(2, 4000))
    office.until(day(6), day(7))
    assert [(e.applied, e.unapplied) for e in office.all(PatientPaymentApplied)] == [(6000, 0), (2000, 2000)]
    assert {a: s.applied for a, s in guarantor(office).shares.items()} == {ONE: 5000, TWO: 3000}
    assert guarantor(office).unapplied == 2000
    assert [event.how for event in office.all(CollectionEnded)] == ["paid", "paid"]
    office.feed(day(8), ONE, answered(ONE, 2, 6500))
    office.until(day(8), day(40))
    assert guarantor(office).shares[ONE].applied == 6500
    assert len(statements(office)) == 1


def test_when_a_payer_pays_after_the_patient_the_patients_cash_is_free_again(office: Runner) -> None:
    office.feed(day(0), ONE, answered(ONE, 1, 5000))
    office.until(day(0), day(1))
    office.feed(day(1), GUARANTOR, pay(1, 5000))
    office.feed(day(9), ONE, answered(ONE, 2, 1200, payer_paid=3800))
    office.until(day(2), day(10))
    assert (guarantor(office).shares[ONE].applied, guarantor(office).unapplied) == (1200, 3800)


def test_an_agencys_recovery_moves_bad_debt_to_applied(office: Runner) -> None:
    office.feed(day(0), ONE, answered(ONE, 1, 5000))
    office.until(day(0), day(130))
    office.feed(day(130), GUARANTOR, pay(1, 2000))
    office.until(day(131), day(132))
    share = guarantor(office).shares[ONE]
    assert (share.applied, share.bad_debt, share.open) == (2000, 3000, 0)


def test_a_payment_counts_once_and_another_under_its_id_is_rejected(office: Runner) -> None:
    office.feed(day(0), ONE, answered(ONE, 1, 5000))
    office.feed(day(1), GUARANTOR, pay(1, 100))
    office.feed(day(2), GUARANTOR, pay(1, 100))
    with pytest.raises(Reject, match="payment_id_reused"):
        office.feed(day(3), GUARANTOR, pay(1, 200))
    with pytest.raises(Reject, match="unknown_guarantor"):
        office.feed(day(3), "NOBODYKEY2345678", pay(2, 100))
    sums = figures((key, state) for (_, key), state in office.states.items())
    assert sums == {"statements": 0, "patient_payments": 1, "cents": {"patient_cash": 100}}


def test_a_changed_guarantor_takes_the_balance_over(office: Runner) -> None:
    office.feed(day(0), ONE, answered(ONE, 1, 5000))
    office.feed(day(0), ONE, encounter(2, guarantor_key="ANOTHERGUARANTOR"), people("Tal"))
    office.until(day(0), day(1))
    assert guarantor(office).shares[ONE].owed == 0
    assert [event.statement_id for event in office.all(StatementIssued)] == ["ANOTHERGUARANTOR-01"]


async def test_a_statement_reaches_its_door_once_with_what_it_asks(office: Runner, tmp_path: Path) -> None:
    office.feed(day(0), ONE, answered(ONE, 1, 123_456))
    office.until(day(0), day(1))
    (effect,) = office.effects
    door = StatementDoor(tmp_path)
    for _ in range(2):
        await door("id", effect)
    (file,) = tmp_path.iterdir()
    assert file.name == f"{GUARANTOR}-01.json"
    content = json.loads(file.read_text())
    assert content["cents"] == 123_456 and content["to"]["name"] == "Ann Osk"
    assert any("$1,234.56" in line for line in content["text"])


async def test_a_door_that_is_away_is_told_and_leaves_nothing_half_done(office: Runner, tmp_path: Path) -> None:
    office.feed(day(0), ONE, answered(ONE, 1, 5000))
    office.until(day(0), day(1))
    with pytest.raises(OSError):
        await StatementDoor(tmp_path / "gone")("id", office.effects[0])


TOPICS = ("tick", "encounters", "claims", "denials", "commands")
one_day = st.fixed_dictionaries(
    {
        "gap": st.sampled_from([1, 1, 2, 29, 31, 61]),
        "patient": st.none() | st.sampled_from([0, 40, 99, 100, 5000, 7777]),
        "other": st.sampled_from(["payer_paid", "payer_paid", "denied", "next_payer"]),
        "account": st.sampled_from([ONE, TWO]),
        "written_off": st.booleans(),
        "denial": st.sampled_from(["", "", "opens", "closes"]),
        "pays": st.none() | st.integers(1, 9000),
        "order": st.permutations(TOPICS),
    }
)


def arriving(plan: dict, number: int, nth: int, known: bool) -> dict[str, list[tuple[str, EventData]]]:
    topics: dict[str, list[tuple[str, EventData]]] = {topic: [] for topic in TOPICS}
    account = plan["account"]
    if plan["patient"] is not None:
        event: EventData = answered(account, nth, plan["patient"], **{plan["other"]: 10})
        if plan["written_off"] and isinstance(event, ClaimAdjudicated):
            event = ClaimLedgerChanged(
                claim_id=event.claim_id, payer_id="ACME", cause="written_off", ledger=event.ledger, ledger_version=nth
            )
        topics["claims"].append((account, event))
    if plan["denial"]:
        topics["denials"].append((account, opened(account) if plan["denial"] == "opens" else closed(account, number)))
    if plan["pays"] and known:
        topics["commands"].append((GUARANTOR, pay(nth, plan["pays"])))
    return topics


def live(office: Runner, now: date, order: tuple[str, ...], topics: dict[str, list]) -> list[EventData]:
    caused: list[EventData] = []
    for topic in order:
        caused += office.tick(now) if topic == "tick" else []
        for key, event in topics[topic]:
            caused += office.feed(now, key, event)
    return caused


def all_facts(office: Runner) -> list[str]:
    return sorted(fact for (_, key), state in office.states.items() for fact in facts(key, state))


def check(office: Runner) -> None:
    held = office.states.get((Guarantor, GUARANTOR))
    if held is None:
        return
    state = guarantor(office)
    assert state.received == state.applied + state.unapplied and state.unapplied >= 0
    for share in state.shares.values():
        assert share.owed == share.applied + share.open + share.forgiven + share.bad_debt
        assert min(share.applied, share.forgiven, share.bad_debt) >= 0


@settings(max_examples=100, deadline=None)
@given(st.lists(one_day, min_size=1, max_size=9))
def test_no_patient_cent_is_lost_and_the_order_within_a_day_does_not_matter(plans: list[dict]) -> None:
    offices, number = [new_office(), new_office()], 0
    for nth, plan in enumerate(plans, 1):
        topics = arriving(plan, number, nth, (Guarantor, GUARANTOR) in offices[0].states)
        for step in range(plan["gap"]):
            now, today = day(number + step), topics if step == 0 else {topic: [] for topic in TOPICS}
            fresh = [live(offices[0], now, TOPICS, today), live(offices[1], now, plan["order"], today)]
            assert sorted(map(repr, fresh[0])) == sorted(map(repr, fresh[1]))
            assert all_facts(offices[0]) == all_facts(offices[1])
        check(offices[0])
        number += plan["gap"]
    asked = [set(issued.asked) for issued in guarantor(offices[0]).statements] if statements(offices[0]) else []
    assert len(offices[0].effects) == len(asked) == len(statements(offices[0]))
