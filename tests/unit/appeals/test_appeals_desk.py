"""A packet goes to the right addressee in time with its evidence, or is refused with the reason; letters end it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.events.appeals import AppealClosed, AppealFiled, AppealRefused, ApprovalRequested
from schemas.events.commands import ApproveAppeal
from schemas.events.denials import DenialClosed, WayChosen
from schemas.events.encounters import EncounterPhi, Member
from schemas.events.payer_inbound import AppealDecided
from schemas.events.payer_outbound import AppealPacket
from schemas.events.values import Address, Person
from services.appeals.domain.facts import facts
from services.appeals.domain.figures import figures
from services.appeals.domain.model import Appeals
from services.appeals.handlers import routes
from services.chassis.verdicts import Reject
from tests.unit.denial_triage.makers import ACCOUNT, CLAIM, DIRECTORY, day, denied, encounter, paper
from tests.unit.denial_triage.runner import Runner

DENIAL = f"{CLAIM}-D1"
RECORD = paper("medical_record", "necessity")


def person(name: str) -> Person:
    home = Address(line1="1 Elm", city="Salem", state="OR", postal_code="97301")
    return Person(last_name=name, first_name="Ann", birth_date=date(1970, 1, 1), sex="F", address=home)


def people(member_id: str = "M1") -> EncounterPhi:
    return EncounterPhi(
        encounter_number="E1",
        patient_number="P1",
        patient=person("Osk"),
        guarantor=person("Osk"),
        members=(Member(member_id=member_id, subscriber=person("Osk")),),
    )


def request(way: str = "appeal", **changes: object) -> WayChosen:
    facts_: dict[str, object] = {
        "denial_id": DENIAL,
        "claim_id": CLAIM,
        "payer_id": "ACME",
        "way": way,
        "cents": 20000,
        "denied": (denied(20000, "50", "N115"),),
        "category": "necessity",
        "deadline": day(60),
        "denied_on": day(0),
        "payer_control_number": "ICN1",
        "evidence": (RECORD, paper("invoice")),
    }
    return WayChosen.model_validate({**facts_, **changes})


def decision(verdict: str, on: int, name: str = f"{DENIAL}-A1") -> AppealDecided:
    return AppealDecided(
        appeal_id=name, claim_id=CLAIM, payer_id="ACME", decision=verdict, reason="policy_not_met", decided_on=day(on)
    )


@pytest.fixture
def desk() -> Runner:
    runner = Runner(routes(DIRECTORY))
    runner.feed(day(-3), ACCOUNT, encounter(), people())
    return runner


def told(desk: Runner) -> dict[str, int]:
    return figures((key, state) for (_, key), state in desk.states.items())


def test_an_appeal_goes_to_its_levels_addressee_with_the_evidence_that_fits(desk: Runner) -> None:
    packet, filed = desk.feed(day(1), ACCOUNT, request())
    assert isinstance(packet, AppealPacket) and isinstance(filed, AppealFiled)
    assert (packet.addressee, packet.level, packet.kind) == ("ACME ONE", 1, "appeal")
    assert packet.codes == ("CO-50", "N115") and packet.lines == ("L001",)
    assert packet.grounds == "medical_necessity" and "CO-50" in packet.statement
    assert [document.kind for document in packet.evidence] == ["medical_record"]
    assert (filed.appeal_id, filed.decision_expected_by) == (f"{DENIAL}-A1", day(31))


def test_no_patient_stands_in_what_is_not_encrypted(desk: Runner) -> None:
    for event in desk.feed(day(1), ACCOUNT, request()):
        assert "Osk" not in event.model_dump_json() and "M1" not in event.model_dump_json()


def test_documents_go_to_the_payer_and_are_no_appeal_in_the_figures(desk: Runner) -> None:
    amounts = (denied(200_000, "252", "M127"),)
    asked = request("documents", category="documents", denied=amounts, cents=200_000, deadline=day(45))
    packet, filed = desk.feed(day(1), ACCOUNT, asked)
    assert (packet.addressee, packet.kind, filed.appeal_id) == ("ACME", "documents", f"{DENIAL}-P1")
    assert told(desk)["appeals_filed"] == 0


@pytest.mark.parametrize(
    ("changes", "reason", "on"),
    [
        ({}, "late", 60),
        ({"deadline": day(10)}, "late", 10),
        ({"level": 2, "deadline": day(70)}, "late", 70),
        ({"evidence": ()}, "no_evidence", 1),
        ({"evidence": (paper("invoice"),)}, "no_evidence", 1),
        ({"level": 3}, "no_such_level", 1),
        ({"payer_id": "ELSEWHERE"}, "no_such_level", 1),
        ({"cents": 0, "denied": ()}, "nothing_denied", 1),
        ({"payer_id": "STATE"}, "no_member", 1),
    ],
)
def test_what_cannot_be_filed_is_refused_with_its_reason(desk: Runner, changes: dict, reason: str, on: int) -> None:
    (refusal,) = desk.feed(day(on), ACCOUNT, request(**changes))
    assert isinstance(refusal, AppealRefused) and refusal.reason == reason
    assert told(desk)["appeals_filed"] == 0


def test_filed_on_the_last_possible_day_it_is_in_time(desk: Runner) -> None:
    assert isinstance(desk.feed(day(59), ACCOUNT, request())[0], AppealPacket)


def test_a_large_appeal_waits_for_a_person_and_is_filed_without_an_answer(desk: Runner) -> None:
    (question,) = desk.feed(day(1), ACCOUNT, request(cents=200_000))
    assert isinstance(question, ApprovalRequested) and question.decide_by == day(6)
    assert not desk.until(day(2), day(5))
    assert isinstance(desk.tick(day(6))[0], AppealPacket)


def test_a_person_approves_or_declines_before_the_day_and_not_on_it(desk: Runner) -> None:
    desk.feed(day(1), ACCOUNT, request(cents=200_000))
    assert isinstance(desk.feed(day(2), ACCOUNT, ApproveAppeal(denial_id=DENIAL, approve=True))[0], AppealPacket)
    assert not desk.feed(day(3), ACCOUNT, ApproveAppeal(denial_id=DENIAL, approve=False))
    desk.feed(day(3), ACCOUNT, request(cents=200_000, level=2, deadline=day(90)))
    (refusal,) = desk.feed(day(4), ACCOUNT, ApproveAppeal(denial_id=DENIAL, approve=False))
    assert isinstance(refusal, AppealRefused) and refusal.reason == "not_approved"
    with pytest.raises(Reject):
        desk.feed(day(4), ACCOUNT, ApproveAppeal(denial_id=f"{CLAIM}-D7", approve=True))


def test_waiting_for_approval_never_makes_an_appeal_late(desk: Runner) -> None:
    (question,) = desk.feed(day(56), ACCOUNT, request(cents=200_000))
    assert question.decide_by == day(59)
    assert isinstance(desk.tick(day(59))[0], AppealPacket)
    assert isinstance(desk.feed(day(59), ACCOUNT, request(cents=200_000))[0], AppealPacket)


def test_a_packet_that_waits_goes_nowhere_once_its_denial_has_ended(desk: Runner) -> None:
    desk.feed(day(1), ACCOUNT, request(cents=200_000))
    ended = DenialClosed(
        denial_id=DENIAL,
        claim_id=CLAIM,
        payer_id="ACME",
        how="recovered",
        way="appeal",
        recovered=200_000,
        closed_on=day(2),
    )
    assert not desk.feed(day(2), ACCOUNT, ended)
    assert not desk.until(day(3), day(100))


def test_upheld_opens_the_next_level_and_a_dismissal_does_not(desk: Runner) -> None:
    desk.feed(day(1), ACCOUNT, request())
    (closed,) = desk.feed(day(20), ACCOUNT, decision("upheld", 20))
    assert (closed.decision, closed.next_level_until) == ("upheld", day(65))
    desk.feed(day(21), ACCOUNT, request(level=2, deadline=day(65)))
    (closed,) = desk.feed(day(40), ACCOUNT, decision("dismissed", 40, f"{DENIAL}-A2"))
    assert closed.next_level_until is None
    assert told(desk) == {
        "appeals_filed": 2,
        "overturned": 0,
        "overturned_in_part": 0,
        "upheld": 1,
        "dismissed": 1,
        "appeals_open": 0,
    }


def test_a_payer_that_stays_silent_is_waited_for_and_then_not(desk: Runner) -> None:
    desk.feed(day(1), ACCOUNT, request())
    assert not desk.until(day(2), day(44))
    (closed,) = desk.tick(day(45))
    assert isinstance(closed, AppealClosed) and closed.decision == "no_decision"
    assert told(desk)["appeals_open"] == 1
    assert not desk.feed(day(50), ACCOUNT, decision("overturned", 50))
    assert (told(desk)["overturned"], told(desk)["appeals_open"]) == (1, 0)


def test_a_decision_about_nothing_of_ours_is_rejected(desk: Runner) -> None:
    with pytest.raises(Reject) as rejected:
        desk.feed(day(1), ACCOUNT, decision("upheld", 1))
    assert rejected.value.code == "unknown_appeal"


def test_the_same_level_again_is_a_packet_of_its_own(desk: Runner) -> None:
    desk.feed(day(1), ACCOUNT, request())
    desk.feed(day(20), ACCOUNT, decision("dismissed", 20))
    packet, _ = desk.feed(day(21), ACCOUNT, request(attempt=2))
    assert packet.appeal_id == f"{DENIAL}-A1N2"


TOPICS = ("tick", "encounters", "denials", "commands", "letters")


@st.composite
def days(draw: st.DrawFn) -> list[dict]:
    one_day = st.fixed_dictionaries(
        {
            "gap": st.sampled_from([1, 1, 4, 5, 30, 44]),
            "cents": st.none() | st.sampled_from([20000, 200_000]),
            "level": st.integers(1, 2),
            "approve": st.none() | st.booleans(),
            "letter": st.none() | st.sampled_from(["overturned", "upheld", "dismissed"]),
            "member": st.none() | st.sampled_from(["M2", "M3"]),
            "closes": st.booleans(),
            "order": st.permutations(TOPICS),
        }
    )
    return draw(st.lists(one_day, min_size=1, max_size=7))


def arriving(plan: dict, number: int, revision: int, filed: list[str], known: bool) -> dict[str, list]:
    topics: dict[str, list] = {topic: [] for topic in TOPICS}
    if plan["cents"]:
        topics["denials"].append(
            request(
                cents=plan["cents"],
                level=plan["level"],
                attempt=revision,
                denied_on=day(number),
                deadline=day(number + 40),
            )
        )
    elif plan["closes"] and known:
        topics["denials"].append(
            DenialClosed(
                denial_id=DENIAL,
                claim_id=CLAIM,
                payer_id="ACME",
                how="recovered",
                way="appeal",
                recovered=1,
                closed_on=day(number),
            )
        )
    elif plan["approve"] is not None and known:
        topics["commands"].append(ApproveAppeal(denial_id=DENIAL, approve=plan["approve"]))
    if plan["letter"]:
        topics["letters"] += [decision(plan["letter"], number, name) for name in filed]
    if plan["member"]:
        topics["encounters"].append((encounter(revision), people(plan["member"])))
    return topics


def live(runner: Runner, now: date, order: tuple[str, ...], topics: dict[str, list]) -> list:
    caused = []
    for topic in order:
        if topic == "tick":
            caused += runner.tick(now)
        for event in topics[topic]:
            data, phi = event if isinstance(event, tuple) else (event, None)
            caused += runner.feed(now, ACCOUNT, data, phi)
    return caused


@settings(max_examples=100, deadline=None)
@given(days())
def test_the_order_within_a_day_does_not_matter(plans: list[dict]) -> None:
    runners = [Runner(routes(DIRECTORY)), Runner(routes(DIRECTORY))]
    for runner in runners:
        runner.feed(day(-3), ACCOUNT, encounter(), people())
    number, revision = 0, 1
    for plan in plans:
        revision += 1
        filed = [event.appeal_id for event in runners[0].all(AppealFiled)]
        topics = arriving(plan, number, revision, filed, bool(runners[0].state(Appeals, ACCOUNT).appeals))
        for step in range(plan["gap"]):
            now, today = day(number + step), topics if step == 0 else {topic: [] for topic in TOPICS}
            fresh = [live(runners[0], now, TOPICS, today), live(runners[1], now, plan["order"], today)]
            assert sorted(map(repr, fresh[0])) == sorted(map(repr, fresh[1]))
            states = [facts(ACCOUNT, runner.state(Appeals, ACCOUNT)) for runner in runners]
            assert sorted(states[0]) == sorted(states[1])
        number += plan["gap"]
    sums = told(runners[0])
    assert sums["appeals_filed"] == sum(value for name, value in sums.items() if name != "appeals_filed")
