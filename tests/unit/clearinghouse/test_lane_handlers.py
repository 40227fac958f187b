"""Handlers of the clearinghouse: carried, closed, refused; nothing is dropped in silence."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from schemas.directory import PayerDirectory
from schemas.events.clock import TimerFired
from schemas.events.envelope import Event
from schemas.events.lanes import GroupAcknowledged, SetVerdict
from schemas.events.payer_inbound import ClaimAcknowledged, EligibilityAnswered
from schemas.events.payer_outbound import AppealPacket, BillPhi, ClaimBill, EligibilityInquiry, InquiryPhi
from services.chassis.verdicts import Reject
from services.clearinghouse.domain.facts import facts
from services.clearinghouse.domain.lane import Lane
from services.clearinghouse.handlers import DOOR, LaneHandlers, group_acknowledged, lane_of, routes

Make = Callable[..., Event[Any, Any]]


@pytest.fixture
def handlers(directory: PayerDirectory) -> LaneHandlers:
    return LaneHandlers(directory)


@pytest.fixture
def closed(
    handlers: LaneHandlers,
    event: Make,
    bill: Callable[..., ClaimBill],
    bill_phi: BillPhi,
    inquiry: EligibilityInquiry,
    inquiry_phi: InquiryPhi,
    now: datetime,
) -> Lane:
    """A lane of 60 claims and one inquiry, closed: files 1 (270), 2 and 3 (837)."""
    lane = handlers.carry(None, event(inquiry, inquiry_phi), now).state
    for number in range(60):
        lane = handlers.carry(lane, event(bill(number), bill_phi), now).state
    assert lane is not None
    return close(handlers, lane, event, now)


def close(handlers: LaneHandlers, lane: Lane, event: Make, now: datetime) -> Lane:
    due = lane.timers["close"]
    fired = event(TimerFired(document="Lane", timer="close", due_at=due))
    outcome = handlers.close(lane.model_copy(update={"timers": lane.disarmed("close")}), fired, due)
    assert outcome.state is not None
    assert [effect.door for effect in outcome.effects] == [DOOR] * len(outcome.state.batches)
    return outcome.state


def group(*verdicts: SetVerdict, number: str = "020462002", whole: str = "P") -> GroupAcknowledged:
    return GroupAcknowledged(group_control=number, group_verdict=whole, sets=verdicts, answered_on=date(2026, 1, 11))


def test_a_lane_is_payer_partition_and_day(event: Make, bill: Callable[..., ClaimBill], now: datetime) -> None:
    assert lane_of(event(bill(), time=now + timedelta(hours=23))) == "NORTHSTAR|2|20260109"


def test_files_of_a_closed_lane_name_every_item_once(closed: Lane) -> None:
    assert [(batch.number, batch.kind, sum(map(len, batch.sets))) for batch in closed.batches] == [
        (1, "270", 1),
        (2, "837", 50),
        (3, "837", 10),
    ]
    assert len(facts("k", closed)) == 61
    assert all("sent 2026-01-10" in fact for fact in facts("k", closed))


def test_a_claim_that_lacks_what_the_guide_requires_is_refused_at_once(
    handlers: LaneHandlers, event: Make, bill: Callable[..., ClaimBill], bill_phi: BillPhi, now: datetime
) -> None:
    poor = bill().billing_provider.model_copy(update={"tax_id": None, "line1": None})
    outcome = handlers.carry(None, event(bill(billing_provider=poor), bill_phi), now)
    (told,) = outcome.events
    assert outcome.state is None
    assert isinstance(told.data, ClaimAcknowledged)
    assert (told.data.verdict, told.data.version) == ("rejected", 1)
    assert told.data.statuses == ("guide:2010AA N301", "guide:2010AA REF EI")
    assert told.data.transaction == "clearinghouse"


def test_a_name_that_no_x12_file_can_carry_is_refused_alone(
    handlers: LaneHandlers, event: Make, bill: Callable[..., ClaimBill], bill_phi: BillPhi, now: datetime
) -> None:
    named = bill_phi.patient.model_copy(update={"last_name": "李"})
    member = bill_phi.members[0].model_copy(update={"subscriber": named})
    outcome = handlers.carry(None, event(bill(), bill_phi.model_copy(update={"members": (member,)})), now)
    (told,) = outcome.events
    assert isinstance(told.data, ClaimAcknowledged) and told.data.statuses == ("guide:2010BA NM103",)


def test_charges_that_do_not_add_up_are_refused(
    handlers: LaneHandlers, event: Make, bill: Callable[..., ClaimBill], bill_phi: BillPhi, now: datetime
) -> None:
    (told,) = handlers.carry(None, event(bill(charge=25001), bill_phi), now).events
    assert isinstance(told.data, ClaimAcknowledged) and told.data.statuses == ("guide:2300 CLM02",)


def test_an_unknown_payer_is_answered(
    handlers: LaneHandlers,
    event: Make,
    bill: Callable[..., ClaimBill],
    inquiry: EligibilityInquiry,
    packet: AppealPacket,
    now: datetime,
) -> None:
    (claim,) = handlers.carry(None, event(bill(payer_id="NOBODY")), now).events
    assert isinstance(claim.data, ClaimAcknowledged) and claim.data.statuses == ("guide:payer",)
    (asked,) = handlers.carry(None, event(inquiry.model_copy(update={"payer_id": "NOBODY"})), now).events
    assert isinstance(asked.data, EligibilityAnswered) and asked.data.reject_codes == ("79",)
    with pytest.raises(Reject):
        handlers.carry(None, event(packet.model_copy(update={"payer_id": "NOBODY"})), now)


def test_a_refused_set_tells_each_of_its_claims(closed: Lane, event: Make, now: datetime) -> None:
    refused = SetVerdict(set_control="0001", verdict="R", codes=("IK3:NM1:8",))
    outcome = group_acknowledged(closed, event(group(refused)), now)
    told = [emit.data for emit in outcome.events]
    assert len(told) == 50
    assert all(isinstance(data, ClaimAcknowledged) and data.verdict == "rejected" for data in told)
    assert isinstance(told[0], ClaimAcknowledged) and told[0].statuses == ("IK3:NM1:8",)
    assert outcome.state is not None and "refused" in "".join(facts("k", outcome.state))
    again = group_acknowledged(outcome.state, event(group(refused), id="e2"), now)
    assert again.state is None and not again.events


def test_accepted_with_errors_is_accepted(closed: Lane, event: Make, now: datetime) -> None:
    outcome = group_acknowledged(closed, event(group(SetVerdict(set_control="0001", verdict="E"), whole="E")), now)
    assert outcome.state is None and not outcome.events


def test_a_refused_group_without_sets_refuses_all(closed: Lane, event: Make, now: datetime) -> None:
    outcome = group_acknowledged(closed, event(group(number="20462003", whole="R")), now)
    assert len(outcome.events) == 10


def test_a_refused_inquiry_is_unavailable(closed: Lane, event: Make, now: datetime) -> None:
    outcome = group_acknowledged(closed, event(group(number="20462001", whole="R")), now)
    (told,) = outcome.events
    assert isinstance(told.data, EligibilityAnswered)
    assert (told.key, told.data.active, told.data.reject_codes) == ("ABCDEFGHIJKLMNOP", False, ("42",))


def test_many_refused_sets_are_told_one_an_event(
    handlers: LaneHandlers, event: Make, bill: Callable[..., ClaimBill], bill_phi: BillPhi, now: datetime
) -> None:
    lane: Lane | None = None
    for number in range(1300):
        claim = bill().model_copy(update={"claim_id": f"C{number:05d}"})
        lane = handlers.carry(lane, event(claim, bill_phi), now).state
    assert lane is not None
    lane = close(handlers, lane, event, now)
    found: list[str] = []
    asked: Any = group(number="20462001", whole="R")
    while asked is not None:
        outcome = group_acknowledged(lane, event(asked), now)
        assert len(outcome.events) <= 51
        lane = outcome.state or lane
        told = [emit.data for emit in outcome.events]
        found += [data.claim_id for data in told if isinstance(data, ClaimAcknowledged)]
        asked = next((data for data in told if isinstance(data, GroupAcknowledged)), None)
    first = [ref.split(".")[0] for part in lane.batches[0].sets for ref in part]
    assert found == first and len(found) > 100


@pytest.mark.parametrize("number", ["20462009", "nonsense"])
def test_an_acknowledgement_of_no_file_is_a_dead_letter(closed: Lane, event: Make, now: datetime, number: str) -> None:
    with pytest.raises(Reject):
        group_acknowledged(closed, event(group(number=number)), now)
    with pytest.raises(Reject):
        group_acknowledged(None, event(group()), now)


def test_a_payer_that_left_the_directory_keeps_its_lane_open(closed: Lane, event: Make, now: datetime) -> None:
    fired = event(TimerFired(document="Lane", timer="close", due_at=now))
    outcome = LaneHandlers(PayerDirectory(payers=())).close(closed, fired, now)
    assert outcome.state is not None and outcome.state.timers and not outcome.effects


def test_every_event_has_its_route(directory: PayerDirectory) -> None:
    table = routes(directory)
    assert {route.event.TOPIC for route in table.events} == {"payer.outbound.v1", "clearinghouse.lanes.v1"}
