"""Triage under any history: the order within a day does not matter, no cent has two owners, credits never exceed money."""

from collections.abc import Sequence
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.events.appeals import AppealClosed
from schemas.events.claims import ClaimAdjudicated, DeniedAmount
from schemas.events.denials import WAYS, WayChosen
from schemas.events.envelope import EventData
from services.denial_triage.domain.facts import facts
from services.denial_triage.domain.model import Denials
from services.denial_triage.domain.settle import split
from services.denial_triage.handlers import routes
from tests.unit.denial_triage.makers import ACCOUNT, CLAIM, DIRECTORY, answer, day, encounter, moved, paper, sent
from tests.unit.denial_triage.runner import Runner

CODES = [("CO", "16", ("M51",)), ("CO", "50", ()), ("PR", "96", ("N130",)), ("CO", "197", ()), ("CO", "252", ("M127",))]
PAPERS = [paper("medical_record", "necessity"), paper("authorization_letter", "authorization"), paper("medical_record")]
CHARGE = 20000


@st.composite
def amounts(draw: st.DrawFn) -> tuple[DeniedAmount, ...]:
    chosen = draw(st.lists(st.sampled_from(["L001", "L002"]), unique=True, max_size=2))
    made = []
    for line in chosen:
        group, carc, rarcs = draw(st.sampled_from(CODES))
        cents = draw(st.integers(1, CHARGE // 2))
        made.append(DeniedAmount(line=line, group=group, carc=carc, rarcs=rarcs, cents=cents))
    return tuple(made)


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, object]]:
    """For each day: what the payer answers, whether a revision comes, what letters say, and the order of topics."""
    days = []
    for _ in range(draw(st.integers(1, 7))):
        days.append(
            {
                "gap": draw(st.sampled_from([1, 1, 3, 20, 70])),
                "amounts": draw(st.none() | amounts()),
                "paid": draw(st.integers(0, CHARGE // 4)),
                "reversal": draw(st.booleans()),
                "papers": draw(st.none() | st.lists(st.sampled_from(PAPERS), max_size=2)),
                "decision": draw(st.sampled_from(["", "overturned", "upheld", "dismissed", "no_decision"])),
                "order": draw(st.permutations(["tick", "encounters", "claims", "appeals"])),
            }
        )
    return days


class History:
    """Turns a drawn day into events by topic, reacting to what triage told before."""

    def __init__(self) -> None:
        self.revision, self.ledger, self.version = 0, 0, 1

    def topics(self, plan: dict, today: date, told: Sequence[EventData]) -> dict[str, list[EventData]]:
        chosen = [event for event in told if isinstance(event, WayChosen)]
        claims: list[EventData] = [self._moved(event) for event in chosen if event.way in ("write_off", "bill_patient")]
        if any(event.way in ("replacement", "new_claim") for event in chosen):
            self.version += 1
            claims.append(sent(self.version))
        if plan["amounts"] is not None:
            claims += self._answers(plan, today)
        letters: list[EventData] = [
            self._letter(event, plan["decision"], today) for event in chosen if plan["decision"]
        ]
        encounters: list[EventData] = []
        if plan["papers"] is not None:
            self.revision += 1
            encounters.append(encounter(self.revision, *plan["papers"]))
        return {"claims": claims, "appeals": [letter for letter in letters if letter], "encounters": encounters}

    def _answers(self, plan: dict, today: date) -> list[EventData]:
        made: list[EventData] = []
        on = (today - day(0)).days
        if plan["reversal"] and self.ledger:
            made.append(self._next(on=on, reversal=True, result="reversed"))
        made.append(self._next(*plan["amounts"], paid=plan["paid"], on=on))
        return made

    def _next(self, *denied: DeniedAmount, **facts_: object) -> ClaimAdjudicated:
        self.ledger += 1
        return answer(self.ledger, *denied, **facts_).model_copy(update={"version": self.version})

    def _moved(self, event: WayChosen) -> EventData:
        self.ledger += 1
        return moved(self.ledger, "written_off" if event.way == "write_off" else "released_to_patient")

    def _letter(self, event: WayChosen, decision: str, today: date) -> AppealClosed | None:
        if event.way not in ("appeal", "documents"):
            return None
        return AppealClosed(
            appeal_id=f"{event.denial_id}-A{event.level}",
            denial_id=event.denial_id,
            claim_id=CLAIM,
            payer_id="ACME",
            kind=event.way,
            level=event.level,
            decision=decision,
            reason="because",
            decided_on=today,
            next_level_until=day(10_000) if decision == "upheld" else None,
        )


def live(runner: Runner, today: date, order: Sequence[str], topics: dict[str, list[EventData]]) -> list[EventData]:
    caused: list[EventData] = []
    for topic in order:
        if topic == "tick":
            caused += runner.tick(today)
        else:
            for event in topics[topic]:
                caused += runner.feed(today, ACCOUNT, event)
    return caused


def told_facts(runner: Runner) -> list[str]:
    state = runner.states.get((Denials, ACCOUNT))
    return facts(ACCOUNT, state) if state else []


def check(state: Denials) -> None:
    for claim in state.claims.values():
        lines = [line for denial in claim.denials if denial.open for line in {a.line for a in denial.amounts}]
        assert len(lines) == len(set(lines)), "one open denial, so one open way, per denied amount"
        assert all(denial.way is None for denial in claim.denials if not denial.open)
        recovered = [denial.recovered for denial in claim.denials]
        assert all(min(r.correction, r.appeal, r.documents, r.otherwise) >= 0 for r in recovered)


@settings(max_examples=80, deadline=None)
@given(histories())
def test_the_order_within_a_day_does_not_matter_and_the_books_hold(days: list[dict]) -> None:
    one, other, history, today = Runner(routes(DIRECTORY)), Runner(routes(DIRECTORY)), History(), day(0)
    told: list[EventData] = []
    for plan in days:
        topics = history.topics(plan, today, told)
        for step in range(plan["gap"]):
            now = date.fromordinal(today.toordinal() + step)
            arriving = topics if step == 0 else {topic: [] for topic in topics}
            fresh = live(one, now, ("tick", "encounters", "claims", "appeals"), arriving)
            again = live(other, now, plan["order"], arriving)
            assert sorted(map(repr, fresh)) == sorted(map(repr, again))
            assert told_facts(one) == told_facts(other)
            told = fresh if step == 0 else [*told, *fresh]
        today = date.fromordinal(today.toordinal() + plan["gap"])
        if (Denials, ACCOUNT) in one.states:
            check(one.state(Denials, ACCOUNT))
    assert all(event.way in WAYS for event in one.all(WayChosen))


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=6))
def test_a_split_loses_no_cent_and_gives_nobody_more_than_their_share(cents: int, shares: list[int]) -> None:
    whole = sum(shares)
    parts = split(min(cents, whole), shares)
    assert sum(parts) == min(cents, whole)
    assert all(0 <= part <= share for part, share in zip(parts, shares, strict=True))
