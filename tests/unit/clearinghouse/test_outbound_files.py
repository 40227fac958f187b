"""The bytes that go to payers: as the guide wants them, and the same however often they are made."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import orjson
import pytest

from schemas.directory import PayerDirectory
from schemas.events.encounters import Member, PayerCoverage
from schemas.events.envelope import Event
from schemas.events.payer_outbound import (
    AppealPacket,
    AppealPhi,
    BillPhi,
    ClaimBill,
    EligibilityInquiry,
    InquiryPhi,
    PriorPayment,
    StatusInquiry,
)
from schemas.events.values import Adjustment, Person
from schemas.x12 import Claim837P, Claims837P, Inquiry270, StatusRequest276, read
from services.clearinghouse.domain.carry import item_of, sender_of
from services.clearinghouse.domain.files import file_name, remade
from services.clearinghouse.domain.lane import Batch, Lane, add, close

Make = Callable[..., Event[Any, Any]]


@pytest.fixture
def sent(directory: PayerDirectory, now: datetime) -> Callable[..., tuple[Lane, Batch]]:
    def make(*events: Event[Any, Any]) -> tuple[Lane, Batch]:
        lane = Lane(payer_id="NORTHSTAR", partition=2, day=date(2026, 1, 9))
        sender = sender_of(directory, directory.payers[0])
        for asked in events:
            lane = add(lane, item_of(asked, sender), now)
        lane, batches = close(lane, sender, now)
        return lane, batches[0]

    return make


def only_claim(content: bytes) -> Claim837P:
    (found,) = read(content).transactions()
    assert isinstance(found, Claims837P)
    assert not [finding for finding in found.diagnostics if finding.severity == "error"]
    (claim,) = found.claims
    return claim


def test_a_claim_comes_out_as_its_bill(
    bill: Callable[..., ClaimBill], bill_phi: BillPhi, event: Make, sent: Any
) -> None:
    lane, batch = sent(event(bill(), bill_phi))
    claim = only_claim(remade(lane, batch).content)
    assert (claim.claim_id, claim.charge, claim.frequency) == ("ABCDEFGHIJKLMNOP01", 25000, "1")
    assert claim.prior_authorization == "AU77"
    assert [(line.control_number, line.charge) for line in claim.lines] == [("L001", 15000), ("L002", 10000)]
    assert claim.subscriber.person is not None and claim.subscriber.person.id == "MBR0001234"
    assert claim.patient is None
    assert claim.provider("82") is not None
    assert file_name(lane, batch) == "020462001.837"


def test_the_same_record_gives_the_same_bytes(
    bill: Callable[..., ClaimBill], bill_phi: BillPhi, event: Make, sent: Any
) -> None:
    lane, batch = sent(*(event(bill(number), bill_phi) for number in (2, 1, 3)))
    again = Lane.model_validate(orjson.loads(lane.model_dump_json()))
    assert remade(again, batch).content == remade(lane, batch).content


def test_a_replacement_names_the_payers_number(
    bill: Callable[..., ClaimBill], bill_phi: BillPhi, event: Make, sent: Any
) -> None:
    lane, batch = sent(event(bill(version=2, frequency="7", payer_control_number="PCN9"), bill_phi))
    claim = only_claim(remade(lane, batch).content)
    assert (claim.frequency, claim.payer_control_number) == ("7", "PCN9")


def test_a_child_is_the_patient_and_the_parent_the_subscriber(
    bill: Callable[..., ClaimBill], bill_phi: BillPhi, event: Make, sent: Any
) -> None:
    child = bill_phi.patient.model_copy(update={"first_name": "Pim", "birth_date": date(2019, 1, 2)})
    coverage = PayerCoverage(payer_id="NORTHSTAR", relationship="child", priority=1)
    lane, batch = sent(event(bill(coverages=(coverage,)), bill_phi.model_copy(update={"patient": child})))
    claim = only_claim(remade(lane, batch).content)
    assert claim.patient is not None and claim.patient.relationship == "19"
    assert claim.patient_person is not None and claim.patient_person.first == "Pim"
    assert claim.subscriber.person is not None and claim.subscriber.person.first == "Orla"


def test_a_second_coverage_is_told_to_the_first_payer(
    bill: Callable[..., ClaimBill], bill_phi: BillPhi, event: Make, sent: Any
) -> None:
    coverages = (*bill().coverages, PayerCoverage(payer_id="STATEAID", relationship="self", priority=2))
    people = bill_phi.model_copy(
        update={"members": (*bill_phi.members, Member(member_id="S1", subscriber=bill_phi.patient))}
    )
    lane, batch = sent(event(bill(coverages=coverages), people))
    (other,) = only_claim(remade(lane, batch).content).other_payers
    assert (other.sequence, other.payer and other.payer.id) == ("S", "STATEAID")


def test_who_is_billed_first_is_primary_whatever_the_front_desk_ranked(
    bill: Callable[..., ClaimBill], bill_phi: BillPhi, event: Make, sent: Any
) -> None:
    """Eligibility may put the second coverage first, or leave only it: to its payer it is the primary one (SBR01 P)."""
    last = PayerCoverage(payer_id="NORTHSTAR", relationship="self", priority=2)
    first = PayerCoverage(payer_id="STATEAID", relationship="self", priority=1)
    two = bill_phi.model_copy(update={"members": bill_phi.members * 2})
    for coverages, people in (((last,), bill_phi), ((last, first), two)):
        lane, batch = sent(event(bill(coverages=coverages), people))
        claim = only_claim(remade(lane, batch).content)
        assert claim.subscriber.sequence == "P"
        assert [other.sequence for other in claim.other_payers] == ["S"] * (len(coverages) - 1)


def test_a_payer_that_has_answered_comes_before_the_one_that_is_billed(
    bill: Callable[..., ClaimBill], bill_phi: BillPhi, event: Make, sent: Any
) -> None:
    paid = tuple(
        PriorPayment(
            payer_id="STATEAID",
            control=line.control,
            paid=line.charge - 1000,
            adjustments=(Adjustment(group="PR", carc="2", cents=1000),),
            adjudicated_on=date(2026, 1, 8),
        )
        for line in bill().lines
    )
    coverages = (*bill().coverages, PayerCoverage(payer_id="STATEAID", relationship="self", priority=1))
    people = bill_phi.model_copy(update={"members": bill_phi.members * 2})
    lane, batch = sent(event(bill(coverages=coverages, prior_payments=paid), people))
    claim = only_claim(remade(lane, batch).content)
    assert (claim.subscriber.sequence, [other.sequence for other in claim.other_payers]) == ("S", ["P"])
    assert claim.other_payers[0].amount("D") == 23000


def test_names_cannot_break_the_file(bill: Callable[..., ClaimBill], bill_phi: BillPhi, event: Make, sent: Any) -> None:
    odd = Person(**{**bill_phi.patient.model_dump(), "last_name": "O*Neil~Ünal:\nJr^", "first_name": "Zoë"})
    member = bill_phi.members[0].model_copy(update={"subscriber": odd})
    lane, batch = sent(event(bill(), bill_phi.model_copy(update={"patient": odd, "members": (member,)})))
    who = only_claim(remade(lane, batch).content).subscriber.person
    assert who is not None and (who.last, who.first) == ("O Neil Unal Jr", "Zoe")


def test_an_inquiry_carries_its_trace(
    inquiry: EligibilityInquiry, inquiry_phi: InquiryPhi, event: Make, sent: Any
) -> None:
    lane, batch = sent(event(inquiry, inquiry_phi))
    (found,) = read(remade(lane, batch).content).transactions()
    assert isinstance(found, Inquiry270)
    assert [trace.number for trace in found.subjects[0].traces] == [inquiry.trace]
    assert file_name(lane, batch).endswith(".270")


def test_a_status_inquiry_names_the_claim(
    status: StatusInquiry, inquiry_phi: InquiryPhi, event: Make, sent: Any
) -> None:
    lane, batch = sent(event(status, inquiry_phi))
    (found,) = read(remade(lane, batch).content).transactions()
    assert isinstance(found, StatusRequest276)
    (asked,) = found.subjects[0].claims
    assert asked.trace is not None and asked.trace.number == status.trace
    assert [ref.value for ref in asked.references if ref.qualifier == "EJ"] == [status.claim_id]


def test_a_packet_is_a_letter_with_its_people(
    packet: AppealPacket, packet_phi: AppealPhi, event: Make, sent: Any
) -> None:
    lane, batch = sent(event(packet, packet_phi))
    letter = orjson.loads(remade(lane, batch).content)
    assert AppealPacket.model_validate(letter["data"]) == packet
    assert AppealPhi.model_validate(letter["phi"]) == packet_phi
    assert file_name(lane, batch) == "020462001.appeal.json"
