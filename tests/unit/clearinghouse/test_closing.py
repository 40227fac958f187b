"""What the guide or a payer's companion guide refuses stays here, alone and told; all else leaves as it was checked."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.codes.claim_status import category_verdict
from schemas.directory import DirectoryError, PayerDirectory, load_guides
from schemas.events.clock import TimerFired
from schemas.events.envelope import Event
from schemas.events.payer_inbound import REFUSED_HERE, ClaimAcknowledged, ClaimStatusAnswered, EligibilityAnswered
from schemas.events.payer_outbound import BillPhi, ClaimBill, EligibilityInquiry, InquiryPhi, StatusInquiry
from schemas.x12 import Claims837P, read
from services.chassis.verdicts import Emit, Outcome
from services.clearinghouse import metrics
from services.clearinghouse.domain import lane as lanes
from services.clearinghouse.domain.facts import facts
from services.clearinghouse.domain.files import remade
from services.clearinghouse.domain.lane import Lane
from services.clearinghouse.handlers import LaneHandlers, tell

Make = Callable[..., Event[Any, Any]]
Bill = Callable[..., ClaimBill]
GUIDE = """partner: NORTHSTAR
set: "837"
version: 005010X222A1
source: NORTHSTAR companion guide 2, 2026
rules:
  - {code: northstar_no_office, loop: "2300", segment: CLM, element: 5, component: 1, values: ["11", "21"],
     message: NORTHSTAR takes places 11 and 21 only}
  - {code: northstar_note, loop: "2300", segment: NTE, required: true, severity: warning, message: a note would be welcome}
"""
BAD_NPI = "1234567890"


@pytest.fixture
def narrow(directory: PayerDirectory, tmp_path: Path) -> LaneHandlers:
    """The handlers of a house whose payer has a companion guide."""
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "north.yaml").write_text(GUIDE)
    profile = directory.payers[0].model_copy(update={"companion_guides": ("guides/north.yaml",)})
    named = directory.model_copy(update={"payers": (profile,)})
    return LaneHandlers(named, load_guides(named, tmp_path))


def closed(handlers: LaneHandlers, asked: list[Event[Any, Any]], now: datetime) -> Lane:
    lane: Lane | None = None
    for one in asked:
        lane = handlers.carry(lane, one, now).state
    assert lane is not None
    return rung(handlers, lane, now)


def rung(handlers: LaneHandlers, lane: Lane, now: datetime) -> Lane:
    due = lane.timers[lanes.CLOSE]
    fired: Any = Event("t", "x", "k", due, TimerFired(document="Lane", timer=lanes.CLOSE, due_at=due), None, 2)
    outcome = handlers.close(lane.model_copy(update={"timers": lane.disarmed(lanes.CLOSE)}), fired, due)
    assert outcome.state is not None
    again = [remade(outcome.state, batch) for batch in outcome.state.batches[len(lane.batches) :]]
    assert [effect.made for effect in outcome.effects] == again, "what was checked is what a repeat would send"
    return outcome.state


def all_told(lane: Lane, now: datetime) -> tuple[list[Any], int]:
    told, rings = [], 0
    while lanes.TELL in lane.timers:
        lane = lane.model_copy(update={"timers": lane.disarmed(lanes.TELL)})
        outcome = tell(lane, None, now)  # type: ignore[arg-type]
        assert outcome.state is not None and len(outcome.events) <= 90
        lane, rings = outcome.state, rings + 1
        told += [emit.data for emit in outcome.events]
    return told, rings


def sent_claims(lane: Lane) -> list[str]:
    sets = [one for batch in lane.batches for one in read(remade(lane, batch).content).transactions()]
    return [claim.claim_id for one in sets if isinstance(one, Claims837P) for claim in one.claims]


def test_a_claim_that_breaks_the_companion_guide_is_withheld_alone(
    narrow: LaneHandlers, event: Make, bill: Bill, bill_phi: BillPhi, now: datetime
) -> None:
    asked = [event(bill(number), bill_phi) for number in range(60)]
    asked[7] = event(bill(7, place_of_service="22"), bill_phi)
    lane = closed(narrow, asked, now)
    assert len(sent_claims(lane)) == 59 and bill(7).claim_id not in sent_claims(lane)
    (told,), rings = all_told(lane, now)
    assert isinstance(told, ClaimAcknowledged) and rings == 1
    assert (told.claim_id, told.version, told.verdict) == (bill(7).claim_id, 1, "rejected")
    assert (told.transaction, told.statuses) == (REFUSED_HERE, ("companion:northstar_no_office",))
    counted = metrics.REFUSED.labels("NORTHSTAR", "companion:northstar_no_office")._value
    before = counted.get()
    metrics.observe(Outcome(events=(Emit("K", told),)))
    assert counted.get() == before + 1
    assert f"NORTHSTAR 837 {bill(7).claim_id}.001 withheld 2026-01-10" in facts("k", lane)


def test_a_claim_that_the_codec_would_not_write_is_never_sent(
    directory: PayerDirectory, event: Make, bill: Bill, bill_phi: BillPhi, now: datetime
) -> None:
    poor = bill().rendering_provider.model_copy(update={"npi": BAD_NPI})
    asked = [event(bill(1), bill_phi), event(bill(2, rendering_provider=poor), bill_phi)]
    lane = closed(LaneHandlers(directory), asked, now)
    assert sent_claims(lane) == [bill(1).claim_id]
    (told,), _ = all_told(lane, now)
    assert told.claim_id == bill(2).claim_id and told.statuses[0].startswith("guide:2310B NM1")
    assert BAD_NPI not in repr(told)


def test_a_withheld_item_is_not_taken_up_again_by_a_later_close(
    narrow: LaneHandlers, event: Make, bill: Bill, bill_phi: BillPhi, now: datetime
) -> None:
    lane = closed(narrow, [event(bill(1, place_of_service="22"), bill_phi)], now)
    assert not lane.batches and len(lane.withheld) == 1
    later = narrow.carry(lane, event(bill(2), bill_phi, id="e2"), now).state
    assert later is not None
    again = rung(narrow, later, now)
    assert sent_claims(again) == [bill(2).claim_id] and again.withheld == lane.withheld


def test_many_withheld_claims_are_told_in_parts(
    narrow: LaneHandlers, event: Make, bill: Bill, bill_phi: BillPhi, now: datetime
) -> None:
    ids = [f"C{number:05d}" for number in range(200)]
    asked = [event(bill(claim_id=found, place_of_service="22"), bill_phi) for found in ids]
    told, rings = all_told(closed(narrow, asked, now), now)
    assert [data.claim_id for data in told] == ids and rings == 3


def test_an_inquiry_that_cannot_be_written_is_answered(
    directory: PayerDirectory, event: Make, inquiry: EligibilityInquiry, inquiry_phi: InquiryPhi, now: datetime
) -> None:
    poor = inquiry.model_copy(update={"provider": inquiry.provider.model_copy(update={"npi": BAD_NPI})})
    lane = closed(LaneHandlers(directory), [event(poor, inquiry_phi)], now)
    assert not lane.batches
    (told,), _ = all_told(lane, now)
    assert isinstance(told, EligibilityAnswered) and (told.trace, told.reject_codes) == (inquiry.trace, ("15",))


def test_an_envelope_that_cannot_be_written_holds_all_its_claims(
    directory: PayerDirectory, event: Make, bill: Bill, bill_phi: BillPhi, now: datetime
) -> None:
    profile = directory.payers[0].model_copy(update={"interchange_id": "NORTH*STAR"})
    handlers = LaneHandlers(directory.model_copy(update={"payers": (profile,)}))
    lane = closed(handlers, [event(bill(number), bill_phi) for number in range(3)], now)
    assert not lane.batches
    told, _ = all_told(lane, now)
    assert [data.claim_id for data in told] == [bill(number).claim_id for number in range(3)]
    assert all("guide:envelope ISA" in data.statuses for data in told)


def test_a_status_inquiry_that_no_file_may_carry_is_answered_as_impossible(
    directory: PayerDirectory, event: Make, status: StatusInquiry, inquiry_phi: InquiryPhi, now: datetime
) -> None:
    poor = status.model_copy(update={"provider": status.provider.model_copy(update={"npi": BAD_NPI})})
    lane = closed(LaneHandlers(directory), [event(poor, inquiry_phi)], now)
    assert not lane.batches
    (told,), _ = all_told(lane, now)
    assert isinstance(told, ClaimStatusAnswered) and (told.claim_id, told.statuses) == (status.claim_id, ("E0",))
    assert category_verdict("E0", told.answered_on) == "error", "claim_submission asks a person"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GUIDE.replace('"837"', '"835"').replace("X222A1", "X221A1").replace('"2300"', '"2100"').replace("CLM", "CLP").replace("segment: NTE", "segment: REF"), "which we do not send"),
        (GUIDE.replace("loop: \"2300\", segment: CLM", "loop: \"9999\", segment: CLM"), "no loop 9999"),
        ("", "the whole file"),
    ],
)  # fmt: skip
def test_a_guide_that_cannot_be_used_stops_the_service(
    directory: PayerDirectory, tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "north.yaml").write_text(text)
    profile = directory.payers[0].model_copy(update={"companion_guides": ("north.yaml",)})
    with pytest.raises(DirectoryError, match=says) as refused:
        load_guides(PayerDirectory(payers=(profile,)), tmp_path)
    assert "NORTHSTAR: companion_guides: north.yaml" in str(refused.value)
