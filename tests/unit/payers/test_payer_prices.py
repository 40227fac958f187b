"""Money: every cent of a charge has a place, whatever the policy and the claim."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.payers import PayerModel, load
from deploy.local.payers.answers.dirt import soiled
from deploy.local.payers.answers.eligibility import benefits
from deploy.local.payers.answers.remittance import Answered, Check, clp, payment
from deploy.local.payers.deciding.adjudicate import adjudicate, deny_all
from deploy.local.payers.deciding.claim import ClaimFacts, LineFacts, PersonFacts
from deploy.local.payers.deciding.context import Context
from deploy.local.payers.deciding.decision import Decision
from deploy.local.payers.deciding.members import Member, Span
from deploy.local.payers.deciding.pricing import Purse, part
from deploy.local.payers.model.base import Denial
from deploy.local.payers.model.money import Plan
from schemas.x12 import balance_claim, balance_payment

Make = Callable[..., Any]
CODES = ["99213", "99214", "93000", "80053", "20610", "45385", "43239", "97110", "J3301", "15823", "64999", "27447"]
ALL = load()
WHO = PersonFacts(last="CORADEN", first="GWEN", birth_date=date(1970, 2, 3), sex="F")


def place_of_every_cent(decision: Decision) -> None:
    for line in decision.lines:
        assert line.charge == line.paid + sum(cas.cents for cas in line.adjustments)
        assert line.paid >= 0


lines = st.lists(
    st.builds(
        LineFacts,
        control=st.sampled_from(["L001", "L002", "L003"]),
        procedure=st.sampled_from(CODES),
        modifiers=st.sampled_from([(), ("25",), ("59",), ("GA",), ("GP",)]),
        units=st.integers(1, 9),
        charge=st.integers(0, 900_000),
        service_date=st.dates(date(2025, 6, 1), date(2026, 2, 1)),
        diagnoses=st.sampled_from([("I10",), ("M1711",), ("Z7982",), ("M545",)]),
        place=st.sampled_from(["11", "22"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    payer=st.sampled_from(ALL), lines=lines, used=st.integers(0, 400_000), qmb=st.booleans(), seed=st.integers(0, 50)
)
def test_every_cent_has_a_place_and_the_835_balances(
    payer: PayerModel, lines: list[LineFacts], used: int, qmb: bool, seed: int
) -> None:
    claim = ClaimFacts(
        claim_id="A" * 16 + "01",
        member_id="M1",
        subscriber=WHO,
        patient=WHO,
        billing_npi="2700001370",
        billing_name="X",
        place="11",
        received_on=date(2026, 2, 3),
        lines=tuple(lines),
    )
    plan = payer.benefits.plans[seed % len(payer.benefits.plans)].name
    spans = (Span(begins=date(2020, 1, 1)),)
    member = Member(
        payer_id=payer.payer_id, member_id="M1", plan=plan, subscriber=WHO, persons=(WHO,), spans=spans, qmb=qmb
    )
    purse = Purse(deductible=used, out_of_pocket=used)
    decision = adjudicate(Context(payer, claim, member), purse, seed)
    assert purse == Purse(deductible=used, out_of_pocket=used), "the purse of the caller is not changed"
    dirty = payer.model_copy(
        update={"dirt": payer.dirt.model_copy(update={name: 0.5 for name in type(payer.dirt).model_fields})}
    )
    for one in (
        decision,
        soiled(dirty, claim, decision, 0, seed),
        deny_all(payer, decision, Denial(carc="16"), "audit"),
    ):
        place_of_every_cent(one)
        assert one.charge == claim.charge
        for reversal in (False, True):
            assert balance_claim(clp(payer, Answered(claim, one, "26001", reversal=reversal))) == []
    check = Check(claim.billing_npi, "X", "990000101", [Answered(claim, decision, "26001")])
    assert balance_payment(payment(payer, check, date(2026, 2, 9), "T1")) == []


def test_medicare_sequestration_is_taken_from_its_own_part_only(
    payers: dict[str, PayerModel], make_claim: Make, make_member: Make
) -> None:
    payer = payers["MCARE"]
    decision = adjudicate(Context(payer, make_claim(), make_member("MCARE", plan="PARTB")), Purse(deductible=28_300), 0)
    amounts = {cas.carc: cas.cents for cas in decision.lines[0].adjustments}
    assert amounts == {"45": 20_000 - 9_060, "2": 1_812, "253": part(7_248, 0.02)}
    assert decision.paid == 7_248 - 145


@pytest.mark.parametrize(("served", "deductible"), [(date(2025, 12, 30), 25_700), (date(2026, 1, 2), 28_300)])
def test_the_deductible_is_that_of_the_year_of_service(
    payers: dict[str, PayerModel], make_claim: Make, make_line: Make, make_member: Make, served: date, deductible: int
) -> None:
    """Part B: 257.00 in 2025, 283.00 in 2026 (90 FR 52063)."""
    payer, member = payers["MCARE"], make_member("MCARE", plan="PARTB")
    claim = make_claim(make_line(charge=20_000, service_date=served))
    decision = adjudicate(Context(payer, claim, member), Purse(deductible=deductible - 1_000), 0)
    assert decision.deductible == 1_000
    (told,) = [one for one in benefits(payer, member, served, served) if one.information == "C"]
    assert told.cents == deductible


def test_the_deductible_runs_out(
    payers: dict[str, PayerModel], make_claim: Make, make_line: Make, make_member: Make
) -> None:
    harbor = payers["HARBOR"]
    claim = make_claim(
        make_line("97140", modifiers=("GP",), charge=100_000),
        make_line("97140", control="L2", modifiers=("GP",), charge=100_000, service_date=date(2026, 1, 13)),
    )
    decision = adjudicate(Context(harbor, claim, make_member("HARBOR", plan="SELECT")), Purse(deductible=5_000), 0)
    first, second = ({cas.carc: cas.cents for cas in line.adjustments} for line in decision.lines)
    assert first == {"45": 28_000, "1": 20_000, "2": 13_000}
    assert second == {"45": 28_000, "2": 18_000}
    assert decision.deductible == 20_000


@pytest.mark.parametrize(("used", "share"), [(0, 3_000), (448_500, 1_500), (450_000, 0)])
def test_out_of_pocket_has_an_end(
    payers: dict[str, PayerModel], make_claim: Make, make_member: Make, used: int, share: int
) -> None:
    decision = adjudicate(Context(payers["SUMMIT"], make_claim(), make_member()), Purse(out_of_pocket=used), 0)
    assert decision.patient == share


def test_cheaper_procedures_of_a_day_are_reduced(
    payers: dict[str, PayerModel], make_claim: Make, make_line: Make, make_member: Make
) -> None:
    payer = payers["MCARE"]
    dear = make_line("45385", charge=156_000, place="22", diagnoses=("K635",))
    cheap = make_line("43239", control="L002", charge=132_000, place="22", diagnoses=("K219",))
    decision = adjudicate(
        Context(payer, make_claim(cheap, dear), make_member("MCARE", plan="PARTB")), Purse(deductible=28_300), 0
    )
    cut = {line.procedure: [cas.cents for cas in line.adjustments if cas.carc == "59"] for line in decision.lines}
    assert cut == {"43239": [18_920], "45385": []}


def test_capitation_takes_the_whole_charge(
    payers: dict[str, PayerModel], make_claim: Make, make_line: Make, make_member: Make
) -> None:
    decision = adjudicate(
        Context(payers["HARBOR"], make_claim(make_line("80053")), make_member("HARBOR", plan="HDHP")), Purse(), 0
    )
    assert [(cas.group, cas.carc, cas.cents) for cas in decision.lines[0].adjustments] == [("CO", "24", 20_000)]
    assert decision.status == "1"


def test_beyond_a_maximum_the_rest_is_denied(
    make_claim: Make, make_line: Make, make_member: Make, payers: dict[str, PayerModel]
) -> None:
    payer = payers["SUMMIT"]
    line = make_line("97140", charge=50_000)
    decision = adjudicate(Context(payer, make_claim(line), make_member(plan="HMO")), Purse(maximums={0: 110_000}), 0)
    assert decision.paid == 10_000
    assert ("PR", "119", 20_600) in [(cas.group, cas.carc, cas.cents) for cas in decision.lines[0].adjustments]


def test_plans_are_found_by_name(payers: dict[str, PayerModel]) -> None:
    plan: Plan = payers["SUMMIT"].benefits.plan("HMO")
    assert plan.name == "HMO"
    assert payers["SUMMIT"].benefits.plan("NONE").name == "PPO"
