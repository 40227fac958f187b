"""Events of one account on one virtual day may arrive in any order of their topics: the outcome is the same."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from claim_builders import CLAIM, DAY, Desk, acknowledged, answer, encounter, svc, verified
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.events.claims import ClaimFollowUp, ClaimSubmitted, DeniedAmount, WayFailed
from schemas.events.commands import ReleaseHold, ResendClaim
from schemas.events.denials import WayChosen
from schemas.events.encounters import EncounterWithdrawn
from schemas.events.envelope import EventData
from schemas.events.partner import CorrectionRequested
from schemas.events.payer_inbound import ClaimAcknowledged, ClaimRecouped, ClaimStatusAnswered
from schemas.events.payer_outbound import ClaimBill, StatusInquiry
from services.claim_submission.domain.facts import facts
from services.claim_submission.domain.figures import figures

Day = dict[str, list[EventData]]
"""A day's events by topic, in the topic's order; the tick is a topic too."""
ACTIONS = (ClaimBill, ClaimSubmitted, CorrectionRequested, WayFailed, StatusInquiry, ClaimFollowUp)


def way(name: str, on: date) -> WayChosen:
    denied = (DeniedAmount(line="L001", group="CO", carc="197", cents=10000),)
    return WayChosen(
        denial_id=f"{CLAIM}-D1", claim_id=CLAIM, payer_id="ALPHA", way=name, cents=10000, denied=denied, category="x",
        deadline=on + timedelta(days=40), denied_on=on, payer_control_number="ICN1",
    )  # fmt: skip


def answered(day: int, on: date, kind: str) -> list[EventData]:
    check, number = f"CHK{day}", f"ICN{day % 2}"
    other: dict[str, Any] = {"check": check, "paid_on": on, "payer_control_number": number}
    denial = answer(svc(1, 10000, 0, "CO-197:10000"), svc(2, 25000, 20000, "CO-45:5000"), **other)
    paid = answer(svc(1, 10000, 9000, "PR-1:1000"), svc(2, 25000, 20000, "CO-45:5000"), **other)
    back = answer(svc(1, -10000, 0, "CO-197:-10000"), svc(2, -25000, -20000, "CO-45:-5000"), status="22", **other)
    back = back.model_copy(update={"payer_control_number": f"ICN{1 - day % 2}"})
    second = paid.model_copy(update={"position": 2})
    letter = ClaimRecouped(
        claim_id=CLAIM, check_id=f"CHK{day}", position=1, payer_id="ALPHA", reason="WO", cents=6000, paid_on=on
    )
    refund = letter.model_copy(update={"position": 2, "reason": "72", "cents": -6000})
    events: dict[str, list[EventData]] = {
        "denial": [denial],
        "paid": [paid],
        "takeback": [back, second],
        "letter": [paid, letter],
        "refund": [refund],
    }
    return events[kind]


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[date, Day]]:
    found, revision = [], 0
    for number in range(draw(st.integers(4, 14))):
        on = DAY + timedelta(days=number * draw(st.sampled_from([1, 1, 1, 4])) if number else 0)
        on = max(on, found[-1][0] + timedelta(days=1)) if found else on
        day: Day = {"tick": []}
        kinds = draw(
            st.sets(st.sampled_from(["encounter", "eligibility", "ack", "835", "way", "status", "command"]), max_size=4)
        )
        if number == 0 or "encounter" in kinds:
            revision += 1
            bad: dict[str, Any] = {"diagnoses": ("99999",)} if draw(st.integers(0, 3)) == 0 else {}
            if revision > 1 and draw(st.integers(0, 5)) == 0:
                bad["no_claim"] = "self_pay"
            day["encounters.v1"] = [encounter(revision, **bad)]
            if revision > 2 and draw(st.integers(0, 9)) == 0:
                day["encounters.v1"].append(EncounterWithdrawn(partner="riverside", reason="cancelled"))
        if "eligibility" in kinds or number == 0:
            day["eligibility.v1"] = [verified(revision)]
        inbound: list[EventData] = []
        if "ack" in kinds and number:
            verdict = draw(st.sampled_from(["accepted", "rejected", "not_found"]))
            inbound.append(acknowledged(verdict, on, payer_control_number=None))
            if draw(st.integers(0, 4)) == 0:
                version = draw(st.integers(1, 2))
                inbound.append(acknowledged("rejected", on, transaction="clearinghouse", version=version))
        if "status" in kinds and number:
            status = draw(st.sampled_from(["P1:1", "F1:65", "A4:35", "R4:294"]))
            inbound.append(ClaimStatusAnswered(claim_id=CLAIM, payer_id="ALPHA", statuses=(status,), answered_on=on))
        if "835" in kinds and number:
            day["835"] = answered(number, on, draw(st.sampled_from(["denial", "paid", "takeback", "letter", "refund"])))
        day["payer.inbound.v1"] = inbound
        if "way" in kinds and number:
            name = draw(st.sampled_from(["replacement", "new_claim", "write_off", "bill_patient", "appeal"]))
            day["denials.v1"] = [way(name, on)]
        if "command" in kinds and number:
            day["commands.v1"] = [draw(st.sampled_from([ReleaseHold(claim_id=CLAIM), ResendClaim(claim_id=CLAIM)]))]
        found.append((on, day))
    return found


def possible(event: EventData, desk: Desk, on: date) -> bool:
    """The clearinghouse refuses only what was given to it, and people name only claims that they see: here, of an
    earlier day."""
    claims = desk.state.claims if desk.state else ()
    if isinstance(event, ResendClaim):
        return any(claim.scrubbed and claim.scrubbed.scrubbed_on < on for claim in claims)
    if not isinstance(event, ClaimAcknowledged) or event.transaction != "clearinghouse":
        return True
    return any(v.number == event.version and v.sent_on < on for claim in claims for v in claim.versions)


def run(
    history: list[tuple[date, Day]], order: Callable[[int, list[str]], list[str]]
) -> tuple[list[str], Any, list[str]]:
    desk, acts = Desk(), []
    for number, (on, day) in enumerate(history):
        if number:
            desk.days(history[number - 1][0] + timedelta(days=1), on - timedelta(days=1))
        for topic in order(number, sorted(day)):
            events = [event for event in day[topic] if possible(event, desk, on)]
            caused = desk.tick(on) if topic == "tick" else [told for event in events for told in desk.give(event, on)]
            acts += [f"{on} {told!r}" for told in caused if isinstance(told, ACTIONS)]
    desk.days(history[-1][0] + timedelta(days=1), history[-1][0] + timedelta(days=30))
    assert desk.state is not None
    return facts("A", desk.state), figures([("A", desk.state)]), sorted(acts)


@settings(max_examples=60, deadline=None)
@given(histories(), st.data())
def test_the_events_of_a_day_commute(history: list[tuple[date, Day]], data: st.DataObject) -> None:
    orders = {number: data.draw(st.permutations(sorted(day))) for number, (_, day) in enumerate(history)}
    assert run(history, lambda _, topics: topics) == run(history, lambda number, _: orders[number])
