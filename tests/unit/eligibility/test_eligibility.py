"""Coverage checks as the payers' answers, their silence, and other encounters of the patient shape them."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.events.clock import TimerFired
from schemas.events.eligibility import CoverageCheckRequested, CoveragePhi, CoverageVerified, VerifiedCoverage
from schemas.events.encounters import EncounterAccepted, EncounterPhi, Member, PayerCoverage
from schemas.events.envelope import Event
from schemas.events.payer_inbound import EligibilityAnswered
from schemas.events.payer_outbound import EligibilityInquiry
from schemas.examples import example
from services.chassis.identity import Identity
from services.chassis.verdicts import Emit
from services.eligibility import handlers
from services.eligibility.domain.encounter import CoveredEncounter
from services.eligibility.domain.facts import facts
from services.eligibility.domain.order import billing_order
from services.eligibility.domain.patient import TIMER, Patient

IDS = Identity(b"k" * 32)
DAY = datetime(2026, 1, 5, tzinfo=UTC)
PATIENT = "Q3VN5YJCE2LG7SPU"
PHI = EncounterPhi.model_validate(example(EncounterAccepted.TYPE, "phi"))
PROVIDER = EncounterAccepted.model_validate(example(EncounterAccepted.TYPE)["data"]).billing_provider


def days(count: float) -> timedelta:
    return timedelta(days=count)


def coverage(payer: str = "MERIDIAN", priority: int = 1) -> PayerCoverage:
    return PayerCoverage(payer_id=payer, relationship="self", priority=priority)


class Desk:
    """One patient's document under eligibility's own routes."""

    def __init__(self) -> None:
        self.routes = handlers.routes(IDS)
        self.state: Patient | None = None
        self.out: list[Emit] = []
        self._count = itertools.count()

    def check(
        self,
        account: str = "A",
        now: datetime = DAY,
        revision: int = 1,
        service: date = date(2026, 1, 5),
        coverages: tuple[PayerCoverage, ...] = (coverage(),),
        member_id: str = "M1",
    ) -> None:
        data = CoverageCheckRequested(
            account=account,
            revision=revision,
            partner="riverside",
            service_date=service,
            coverages=coverages,
            billing_provider=PROVIDER,
        )
        members = tuple(Member(member_id=member_id, subscriber=PHI.patient) for _ in coverages)
        self._handle(data, now, CoveragePhi(patient=PHI.patient, members=members))

    def answer(self, now: datetime, asked: int = 0, **said: Any) -> None:
        inquiry = self.asked()[asked]
        told = {"active": True, "benefit_codes": ("1",), **said}
        self._handle(EligibilityAnswered(payer_id=inquiry.payer_id, trace=inquiry.trace, **told), now)

    def tick(self, now: datetime) -> None:
        assert self.state is not None
        due = self.state.timers.get(TIMER)
        if due is not None and due <= now:
            self.state = self.state.model_copy(update={"timers": self.state.disarmed(TIMER)})
            fired = TimerFired(document="Patient", timer=TIMER, due_at=due)
            self._run(self.routes.timers[0].handler, fired, now, None)

    def asked(self) -> list[EligibilityInquiry]:
        return [emit.data for emit in self.out if isinstance(emit.data, EligibilityInquiry)]

    def verified(self) -> list[tuple[str, str]]:
        found = [(emit.key, emit.data) for emit in self.out if isinstance(emit.data, CoverageVerified)]
        return [(account, ",".join(c.status for c in data.coverages)) for account, data in found]

    def _handle(self, data: Any, now: datetime, phi: Any = None) -> None:
        (route,) = [route for route in self.routes.events if route.event is type(data)]
        self._run(route.handler, data, now, phi)

    def _run(self, handler: Any, data: Any, now: datetime, phi: Any) -> None:
        event: Event[Any, Any] = Event(f"e{next(self._count)}", "t", PATIENT, now, data, phi)
        outcome = handler(self.state, event, now)
        self.state = outcome.state or self.state
        self.out += outcome.events


def accepted(**changes: Any) -> Event[CoveredEncounter, CoveragePhi]:
    data = CoveredEncounter.model_validate({**example(EncounterAccepted.TYPE)["data"], **changes})
    return Event("e", "t", "A", DAY, data, CoveragePhi.model_validate(PHI.model_dump()))


def test_an_encounter_is_carried_to_its_patient() -> None:
    (emit,) = handlers.accepted(None, accepted(), DAY).events
    assert emit.key == PATIENT and isinstance(emit.data, CoverageCheckRequested)
    assert emit.data.account == "A" and emit.data.service_date == date(2026, 1, 5)
    assert emit.phi == CoveragePhi(patient=PHI.patient, members=PHI.members)


@pytest.mark.parametrize("changes", [{"coverages": []}, {"no_claim": "uncoded"}])
def test_an_encounter_that_makes_no_claim_asks_nobody(changes: dict[str, Any]) -> None:
    assert handlers.accepted(None, accepted(**changes), DAY).events == ()


def test_a_question_and_its_answer() -> None:
    desk = Desk()
    desk.check()
    (inquiry,) = desk.asked()
    assert inquiry.trace.startswith(PATIENT) and len(inquiry.trace) == len(PATIENT) + 2 and inquiry.trace[-2:].isdigit()
    assert desk.verified() == []
    desk.answer(DAY + days(1))
    assert desk.verified() == [("A", "active")]
    assert desk.state is not None and desk.state.timers == {}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"active": False, "benefit_codes": ("6",)}, "inactive"),
        ({"active": False, "benefit_codes": (), "reject_codes": ("75",)}, "not_found"),
        ({"active": False, "benefit_codes": (), "reject_codes": ("72", "73")}, "not_found"),
        ({"active": False, "benefit_codes": (), "reject_codes": ("60",)}, "not_found"),
        ({"active": False, "benefit_codes": (), "reject_codes": ("61",)}, "not_found"),
        ({"active": False, "benefit_codes": (), "reject_codes": ("42",)}, "payer_unavailable"),
        ({"active": False, "benefit_codes": (), "reject_codes": ("QQ",)}, "payer_unavailable"),
        ({"active": False, "benefit_codes": ()}, "payer_unavailable"),
        ({"benefit_codes": ("1",), "plan_ends": date(2026, 1, 4)}, "inactive"),
        ({"benefit_codes": ("1",), "plan_begins": date(2026, 1, 6)}, "inactive"),
        ({"benefit_codes": ("1",), "plan_begins": date(2026, 1, 5), "plan_ends": date(2026, 1, 5)}, "active"),
        ({"benefit_codes": ("1", "R"), "other_payer_id": "ELSEWHERE"}, "other_payer"),
    ],
)
def test_what_an_answer_means(said: dict[str, Any], status: str) -> None:
    desk = Desk()
    desk.check()
    desk.answer(DAY + days(1), **said)
    assert desk.verified() == [("A", status)]


def test_an_answer_serves_other_encounters_of_the_month() -> None:
    desk = Desk()
    desk.check("A")
    desk.answer(DAY + days(1))
    desk.check("B", DAY + days(5), service=date(2026, 1, 9))
    assert len(desk.asked()) == 1
    assert desk.verified() == [("A", "active"), ("B", "active")]


@pytest.mark.parametrize(
    "other",
    [
        {"service": date(2026, 2, 2)},
        {"member_id": "M2"},
        {"coverages": (coverage("OTHER"),)},
        {"now": DAY + days(40)},
    ],
)
def test_an_answer_serves_no_other_question(other: dict[str, Any]) -> None:
    desk = Desk()
    desk.check("A")
    desk.answer(DAY + days(1))
    desk.check("B", **{"now": DAY + days(5), **other})
    assert len(desk.asked()) == 2


def test_a_negative_answer_is_asked_again_when_the_partner_sends_again() -> None:
    desk = Desk()
    desk.check("A")
    desk.answer(DAY + days(1), active=False, benefit_codes=("6",))
    desk.check("A", DAY + days(9), revision=2)
    assert len(desk.asked()) == 2
    desk.answer(DAY + days(10), asked=1)
    assert desk.verified() == [("A", "inactive"), ("A", "active")]


def test_silence_ends_at_the_deadline_and_a_late_answer_changes_nothing_told() -> None:
    desk = Desk()
    desk.check()
    desk.tick(DAY + days(2))
    assert desk.verified() == []
    desk.tick(DAY + days(3))
    assert desk.verified() == [("A", "payer_unavailable")]
    desk.answer(DAY + days(4))
    assert len(desk.verified()) == 1


def test_two_coverages_wait_for_both_answers() -> None:
    desk = Desk()
    desk.check(coverages=(coverage("SECOND", 2), coverage("FIRST", 1)))
    desk.answer(DAY + days(1), asked=0)
    assert desk.verified() == []
    desk.answer(DAY + days(1), asked=1)
    (told,) = [emit.data for emit in desk.out if isinstance(emit.data, CoverageVerified)]
    assert [found.payer_id for found in told.coverages] == ["FIRST", "SECOND"]


def test_a_higher_revision_replaces_one_that_waits_and_a_lower_one_is_passed() -> None:
    desk = Desk()
    desk.check(revision=1)
    desk.check(revision=2, member_id="M2", now=DAY + days(1))
    desk.check(revision=1)
    desk.answer(DAY + days(2), asked=0)
    assert desk.verified() == []
    desk.answer(DAY + days(2), asked=1)
    assert [emit.data.revision for emit in desk.out if isinstance(emit.data, CoverageVerified)] == [2]


def test_an_answer_to_nothing_we_asked_is_passed() -> None:
    desk = Desk()
    desk.check()
    told = EligibilityAnswered(payer_id="MERIDIAN", trace=PATIENT + "xx", active=True, benefit_codes=("1",))
    event: Event[Any, Any] = Event("x", "t", PATIENT, DAY, told, None)
    assert handlers.answered(desk.state, event, DAY).state is None
    assert handlers.answered(None, event, DAY).state is None


def test_a_hundred_questions_at_once_have_a_hundred_traces_and_one_more_goes_on_unverified() -> None:
    desk = Desk()
    for number in range(100):
        desk.check(f"A{number}", member_id=f"M{number}")
    assert len({inquiry.trace for inquiry in desk.asked()}) == 100
    desk.check("B", member_id="one more")
    assert desk.verified() == [("B", "payer_unavailable")]
    desk.check("C", DAY + days(34), member_id="a month later")
    assert len(desk.asked()) == 101


def told(payer: str, status: str, priority: int, other: str | None = None) -> VerifiedCoverage:
    return VerifiedCoverage(
        payer_id=payer, status=status, priority=priority, other_payer_id=other, verified_on=date(2026, 1, 6)
    )


@pytest.mark.parametrize(
    ("coverages", "order"),
    [
        ([("A", "active", 2), ("B", "active", 1)], ["B:active", "A:active"]),
        ([("A", "inactive", 1), ("B", "active", 2)], ["B:active", "A:inactive"]),
        ([("A", "active", 1, "B"), ("B", "active", 2)], ["B:active", "A:active"]),
        ([("A", "active", 1, "Z")], ["A:other_payer"]),
        ([("A", "payer_unavailable", 1), ("B", "active", 2)], ["A:payer_unavailable", "B:active"]),
    ],
)
def test_who_is_billed_first(coverages: list[tuple[Any, ...]], order: list[str]) -> None:
    found = billing_order(tuple(told(*one) for one in coverages))
    assert [f"{one.payer_id}:{one.status}" for one in found] == order


STEPS = ["check A", "check B", "check same day", "answer", "tick"]


@settings(max_examples=60)
@given(st.permutations(STEPS), st.integers(1, 4), st.booleans())
def test_what_comes_in_one_tick_commutes(order: list[str], day: int, active: bool) -> None:
    def run(steps: list[str]) -> tuple[Any, ...]:
        desk, now = Desk(), DAY + days(day)
        desk.check("first")
        for step in steps:
            if step == "check A":
                desk.check("A", now, service=date(2026, 1, 7))
            elif step == "check B":
                desk.check("B", now, service=date(2026, 1, 8))
            elif step == "check same day":
                desk.check("C", now)
            elif step == "answer":
                desk.answer(now, active=active, benefit_codes=("1" if active else "6",))
            else:
                desk.tick(now)
        for tick in range(day, day + 5):
            desk.tick(DAY + days(tick))
        asked = sorted((inquiry.service_date, inquiry.payer_id) for inquiry in desk.asked())
        assert desk.state is not None
        return facts(PATIENT, desk.state), asked, sorted(desk.verified())

    assert run(order) == run(STEPS)


def test_no_member_rests_in_the_document() -> None:
    desk = Desk()
    desk.check(member_id="MRD400217733")
    desk.answer(DAY + days(1))
    assert desk.state is not None
    assert not [word for word in ("MRD400217733", "Quillfeather") if word in desk.state.model_dump_json()]
