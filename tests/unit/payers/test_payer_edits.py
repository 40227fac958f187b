"""Each denial follows from the claim, the member's facts, or the payer's own history."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from deploy.local.payers import PayerModel
from deploy.local.payers.deciding.context import Context, PastLine
from deploy.local.payers.deciding.edits import findings
from deploy.local.payers.deciding.front_end import rejection
from deploy.local.payers.deciding.members import Granted, OtherPayer, Service, Span

DAY = date(2026, 1, 12)
Make = Callable[..., Any]


def rule_of(context: Context) -> list[str]:
    return [finding.rule for _, finding in sorted(findings(context).items())]


@pytest.fixture
def summit(payers: dict[str, PayerModel]) -> PayerModel:
    return payers["SUMMIT"]


def test_a_plain_visit_is_paid(summit: PayerModel, make_claim: Make, make_member: Make) -> None:
    assert rule_of(Context(summit, make_claim(), make_member())) == []


def test_coverage_that_ended_denies_by_the_day_of_service(
    summit: PayerModel, make_claim: Make, make_member: Make
) -> None:
    ended = make_member(spans=(Span(begins=date(2020, 1, 1), ends=DAY - timedelta(days=1), known_on=date(2026, 3, 1)),))
    assert rule_of(Context(summit, make_claim(), ended)) == ["terminated"]
    assert ended.spans[0].covers(DAY, asked_on=date(2026, 1, 14)), "the 271 does not know it yet"
    assert not ended.spans[0].covers(DAY, asked_on=date(2026, 3, 2))


def test_who_pays_first_and_who_is_unknown(summit: PayerModel, make_claim: Make, make_member: Make) -> None:
    other = OtherPayer(name="X", payer_id="X", member_id="1")
    assert rule_of(Context(summit, make_claim(), make_member(other_payer=other))) == ["other_payer_first"]
    assert rule_of(Context(summit, make_claim(), None)) == ["not_found"]


def test_the_plan_has_its_own_filing_limit(summit: PayerModel, make_claim: Make, make_member: Make) -> None:
    late = make_claim(received_on=DAY + timedelta(days=91))
    assert rule_of(Context(summit, late, make_member(plan="PPO"))) == []
    assert rule_of(Context(summit, late, make_member(plan="HMO"))) == ["filing_limit"]


def test_a_misdated_claim_is_denied_as_late(summit: PayerModel, make_claim: Make, make_member: Make) -> None:
    member = make_member(services=(Service(service_date=DAY, misdated=True),))
    assert rule_of(Context(summit, make_claim(), member)) == ["filing_limit"]


def grant(**changes: object) -> Granted:
    plain = {"number": "AU1", "procedures": ("72148",), "begins": DAY, "ends": DAY, "given_on": DAY - timedelta(days=5)}
    return Granted.model_validate({**plain, **changes})


@pytest.mark.parametrize(
    ("number", "granted", "carc"),
    [
        ("AU1", grant(), None),
        ("", grant(), "197"),
        ("AU2", grant(), "15"),
        ("AU1", grant(overlooked=True), "197"),
        ("AU1", grant(given_on=DAY + timedelta(days=2)), None),
        ("AU1", grant(given_on=DAY + timedelta(days=3)), "15"),
    ],
)
def test_authorisation(
    summit: PayerModel, make_claim: Make, make_line: Make, make_member: Make, number: str, granted: Granted, carc: str
) -> None:
    line = make_line("72148", diagnoses=("M5416",))
    claim = make_claim(line, authorization=number, referring_npi="2700001")
    found = findings(Context(summit, claim, make_member(authorizations=(granted,))))
    assert (found[0].denial.carc if found else None) == carc


def test_an_emergency_needs_no_authorisation(
    summit: PayerModel, make_claim: Make, make_line: Make, make_member: Make
) -> None:
    line = make_line("72148", diagnoses=("M5416",), place="23")
    assert rule_of(Context(summit, make_claim(line, referring_npi="2700001"), make_member())) == []


def test_a_pair_needs_a_modifier_only_beside_the_other(
    summit: PayerModel, make_claim: Make, make_line: Make, make_member: Make
) -> None:
    injection = make_line("20610", diagnoses=("M1711",))
    shot = make_line("96372", control="L002")
    assert rule_of(Context(summit, make_claim(injection, shot), make_member())) == ["ptp_injection"]
    apart = shot.model_copy(update={"modifiers": ("59",)})
    assert rule_of(Context(summit, make_claim(injection, apart), make_member())) == []
    assert rule_of(Context(summit, make_claim(shot), make_member())) == []


def test_a_service_that_was_paid_before_is_a_duplicate(summit: PayerModel, make_claim: Make, make_member: Make) -> None:
    claim = make_claim()
    past = PastLine("OTHER", "99213", (), DAY, claim.rendering_npi, 1)
    assert rule_of(Context(summit, claim, make_member(), (past,))) == ["duplicates"]
    assert rule_of(Context(summit, claim, make_member(), ())) == []


def test_a_visit_inside_a_global_period(summit: PayerModel, make_claim: Make, make_member: Make) -> None:
    surgery = PastLine("OTHER", "27447", (), DAY - timedelta(days=90), "2", 1)
    before = PastLine("OTHER", "27447", (), DAY - timedelta(days=91), "2", 1)
    assert rule_of(Context(summit, make_claim(), make_member(), (surgery,))) == ["knee_global"]
    assert rule_of(Context(summit, make_claim(), make_member(), (before,))) == []


def test_an_appeal_sets_one_edit_of_one_line_aside(
    summit: PayerModel, make_claim: Make, make_line: Make, make_member: Make
) -> None:
    line = make_line("93000", diagnoses=("Z7982",))
    claim = make_claim(line, authorization="")
    assert rule_of(Context(summit, claim, make_member())) == ["policy_ecg"]
    waived = frozenset({("L001", "policy_ecg")})
    assert rule_of(Context(summit, claim, make_member(), waived=waived)) == []


def test_the_front_end_rejects_what_it_says(payers: dict[str, PayerModel], make_claim: Make, make_member: Make) -> None:
    hmo = make_member(plan="HMO")
    found = rejection(Context(payers["SUMMIT"], make_claim(group_number=""), hmo))
    assert found and found.status == "A6:731:IL"
    assert rejection(Context(payers["SUMMIT"], make_claim(group_number=""), make_member(plan="PPO"))) is None
    unknown = rejection(Context(payers["MCARE"], make_claim(), None))
    assert unknown and unknown.status == "A3:33:IL"
