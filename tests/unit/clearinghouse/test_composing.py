"""Items are composed alone and stand together in a file as if the file had been written at once."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.directory import PayerDirectory
from schemas.events.encounters import Member, PayerCoverage
from schemas.events.envelope import Event
from schemas.events.lanes import InterchangeReceived
from schemas.events.payer_inbound import ClaimAcknowledged
from schemas.events.payer_outbound import (
    AppealPacket,
    BillPhi,
    ClaimBill,
    EligibilityInquiry,
    InquiryPhi,
    StatusInquiry,
)
from schemas.events.values import Person
from schemas.x12 import Claims837P, Inquiry270, StatusRequest276, TransactionSet, read
from schemas.x12.writer import write_set
from services.chassis.verdicts import Reject
from services.clearinghouse.domain import composing, envelope270, envelope276, envelope837
from services.clearinghouse.domain.carry import item_of
from services.clearinghouse.domain.files import interchange_of, remade
from services.clearinghouse.domain.lane import Batch, Lane, Sender, close
from services.clearinghouse.domain.parties import receiver, submitter
from services.clearinghouse.handlers import LaneHandlers
from tests.unit.clearinghouse.conftest import ACCOUNT, CLINIC, NOW, PATIENT, make_bill

SENDER = Sender(
    submitter_id="OVER", submitter_name="O", interchange_id="NORTHSTAR", payer_name="Northstar", filing_indicator="CI"
)
PEOPLE = tuple(PATIENT.model_copy(update={"first_name": name}) for name in ("Orla", "Pim", "Quin"))
CLINICS = (CLINIC, CLINIC.model_copy(update={"name": "Lakeside Clinic", "tax_id": "987654321"}))
WHO = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.booleans(), st.sampled_from(CLINICS))
MANY = st.lists(WHO, min_size=1, max_size=12)
Make = Callable[..., Event[Any, Any]]


def asked(data: Any, phi: Any) -> Event[Any, Any]:
    return Event(id="e", source="t", subject=ACCOUNT, time=NOW, data=data, phi=phi, partition=2)


def filed(events: Sequence[Event[Any, Any]]) -> tuple[Lane, Batch]:
    items = tuple(item_of(event, SENDER) for event in events)
    lane, (batch,) = close(Lane(payer_id="NORTHSTAR", partition=2, day=date(2026, 1, 9), items=items), SENDER, NOW)
    return lane, batch


def segments(events: Sequence[Event[Any, Any]]) -> list[str]:
    lane, batch = filed(events)
    (found,) = interchange_of(lane, batch, lane.by_ref()).groups[0].transactions
    return write_set(found)[0]


def written(whole: TransactionSet) -> list[str]:
    lines, findings = write_set(whole)
    assert findings == []
    return lines


def heading(reference_id: str = "0204620010001") -> dict[str, Any]:
    return {"reference_id": reference_id, "date": NOW.date(), "time": "0000"}


def relationship(own: bool) -> str:
    return "self" if own else "child"


def inquiry_phi(subscriber: Person, patient: Person, own: bool) -> InquiryPhi:
    return InquiryPhi(
        patient=subscriber if own else patient, member=Member(member_id=subscriber.first_name, subscriber=subscriber)
    )


@given(MANY)
def test_claims_composed_alone_stand_as_if_written_together(drawn: list[tuple[Person, Person, bool, Any]]) -> None:
    events = [
        asked(
            make_bill(
                number,
                billing_provider=clinic,
                coverages=(PayerCoverage(payer_id="NORTHSTAR", relationship=relationship(own), priority=1),),
            ),
            BillPhi(
                patient_number="P",
                patient=subscriber if own else patient,
                members=(Member(member_id=subscriber.first_name, subscriber=subscriber),),
            ),
        )
        for number, (subscriber, patient, own, clinic) in enumerate(drawn)
    ]
    claims = [envelope837.claim(event.data, event.phi, SENDER) for event in events]
    whole = Claims837P(submitter=submitter(SENDER), receiver=receiver(SENDER), claims=claims, **heading())
    assert segments(events) == written(whole)


@given(MANY)
def test_questions_composed_alone_stand_as_if_written_together(drawn: list[tuple[Person, Person, bool, Any]]) -> None:
    events = [
        asked(
            EligibilityInquiry(
                payer_id="NORTHSTAR",
                trace=f"{ACCOUNT}{number:02d}",
                relationship=relationship(own),
                service_date=date(2026, 1, 7),
                provider=clinic,
            ),
            inquiry_phi(subscriber, patient, own),
        )
        for number, (subscriber, patient, own, clinic) in enumerate(drawn)
    ]
    subjects = [envelope270.subject(event.data, event.phi, SENDER) for event in events]
    assert segments(events) == written(Inquiry270(subjects=subjects, **heading()))


@given(MANY)
def test_every_status_question_comes_back_whole(drawn: list[tuple[Person, Person, bool, Any]]) -> None:
    events = [
        asked(
            StatusInquiry(
                claim_id=f"{ACCOUNT}{number:02d}",
                trace=f"{ACCOUNT}{number:02d}",
                payer_id="NORTHSTAR",
                charge=100,
                service_date=date(2026, 1, 7),
                provider=clinic,
            ),
            inquiry_phi(subscriber, patient, own),
        )
        for number, (subscriber, patient, own, clinic) in enumerate(drawn)
    ]
    (found,) = read(remade(*filed(events)).content).transactions()
    assert isinstance(found, StatusRequest276) and not found.diagnostics
    assert found.subjects == [envelope276.subject(event.data, event.phi, SENDER) for event in events]


def test_what_cannot_be_composed_is_refused_alone_whatever_went_wrong(
    directory: PayerDirectory,
    event: Make,
    bill: Callable[..., ClaimBill],
    bill_phi: BillPhi,
    packet: AppealPacket,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = composing.compose

    def fails_for_two(transaction: TransactionSet, *args: Any) -> Any:
        if isinstance(transaction, Claims837P) and transaction.claims[0].claim_id == bill(2).claim_id:
            raise KeyError("Tamblyn")
        return plain(transaction, *args)

    monkeypatch.setattr(composing, "compose", fails_for_two)
    handlers = LaneHandlers(directory)
    lane = handlers.carry(None, event(bill(1), bill_phi), now).state
    outcome = handlers.carry(lane, event(bill(2), bill_phi), now)
    (told,) = [emit.data for emit in outcome.events]
    assert isinstance(told, ClaimAcknowledged) and outcome.state is None
    assert (told.claim_id, told.statuses) == (bill(2).claim_id, ("writer:KeyError",))
    assert handlers.carry(lane, event(bill(3), bill_phi), now).state is not None
    monkeypatch.setattr(composing, "ack_texts", lambda _: 1 / 0)
    owed = InterchangeReceived(
        payer_id="NORTHSTAR", control_number="000000001", made_on=now.date(), made_at="0000", verdict="A", note="000"
    )
    with pytest.raises(Reject, match="cannot_be_written at writer:ZeroDivisionError"):
        handlers.carry(lane, event(owed), now)
