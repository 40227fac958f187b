"""278: an authorisation asked for, and decided."""

from schemas.x12 import (
    Dated,
    Decision,
    Diagnosis,
    Party,
    RawDetail,
    Reference,
    RequestRejection,
    Review,
    Review278,
    ReviewedService,
    Trace,
)
from tests.unit.x12.x12_examples import DAY, reread, wire

REVIEWER = Party("X3", "2", "ACME", id_qualifier="PI", id="60054")
CLINIC = Party("1P", "2", "CLINIC", id_qualifier="XX", id="1234567893")
PATIENT = Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id="M1", birth_date=DAY, sex="F")


def asked() -> Review278:
    """May this patient have an MRI?"""
    service = ReviewedService("HS", "I", "4", ("22", "B"), dates=[Dated("472", DAY)])
    service.details = [RawDetail("SV1", ("HC:70551", "900", "UN", "1"))]
    review = Review("HS", "I", "4", source=REVIEWER, requester=CLINIC, subscriber=PATIENT)
    review.traces, review.diagnoses, review.services = (
        [Trace("1", "T1", "9BILLCO000")],
        [Diagnosis("ABK", "R51")],
        [service],
    )
    return Review278(reference_id="Q3", date=DAY, time="1200", reviews=[review])


def back(sent: Review278) -> Review278:
    """The same after a journey as bytes."""
    [found] = reread(wire(sent)).transactions()
    assert isinstance(found, Review278)
    assert found.diagnostics == []
    return found


def test_a_request_comes_back() -> None:
    found = back(asked())
    assert found == asked()
    assert not found.is_response


def test_a_decision_carries_the_authorisation_number() -> None:
    sent = asked()
    sent.purpose, sent.type = "11", "18"
    sent.reviews[0].decision = Decision("A1", "AUTH1")
    sent.reviews[0].references = [Reference("BB", "OLD1")]
    sent.reviews[0].services[0].decision = Decision("A3", reason="0V")
    found = back(sent)
    assert found == sent
    assert found.is_response
    assert found.reviews[0].decision == Decision("A1", "AUTH1")


def test_a_refusal_is_told_where_it_was_said() -> None:
    unknown = Review(source=REVIEWER, requester=CLINIC, subscriber=PATIENT)
    unknown.rejections = [RequestRejection("2010C", "N", "75", "C")]
    sent = Review278(purpose="11", reference_id="Q3", date=DAY, time="1200", reviews=[unknown])
    assert back(sent).reviews[0].rejections == unknown.rejections
