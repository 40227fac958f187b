"""The writer writes what a record holds or refuses it: nothing is dropped in silence."""

import datetime as dt

import pytest

from schemas.x12 import (
    ClaimInquiry,
    ClaimStatus,
    Contact,
    Dated,
    Drug,
    InformationRequest,
    InformationRequest277,
    LineStatus,
    Party,
    Reference,
    Remittance835,
    Status,
    StatusAnswer,
    StatusInquiry,
    StatusRequest276,
    StatusResponse277,
    Trace,
    TransactionSet,
    X12WriteError,
)
from tests.unit.x12.x12_examples import DAY, batch, claim, reread, sound_payment, wire

PAYER = Party("PR", "2", "ACME", id_qualifier="PI", id="60054")
HOUSE = Party("41", "2", "BILLCO", id_qualifier="46", id="S1")
CLINIC = Party("1P", "2", "CLINIC", id_qualifier="XX", id="1234567893")
PATIENT = Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id="M1")


def refused(*sets: TransactionSet) -> set[str]:
    """The elements for which the writer refuses these sets; every finding says that something would be lost."""
    with pytest.raises(X12WriteError) as caught:
        wire(*sets)
    lost = [finding for finding in caught.value.diagnostics if finding.severity == "error"]
    assert {finding.code for finding in lost} == {"not_written"}
    assert all("would be lost" in finding.message for finding in lost)
    return {finding.element for finding in lost}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("street", "1 MAIN ST"),
        ("zip", "12180"),
        ("birth_date", DAY),
        ("references", [Reference("SY", "123456789")]),
        ("dates", [Dated("472", DAY)]),
        ("taxonomy", "207Q00000X"),
    ],
)
def test_what_the_835_has_no_place_for_at_a_patient_is_refused(field: str, value: object) -> None:
    sent = sound_payment()
    assert sent.claims[0].patient is not None
    setattr(sent.claims[0].patient, field, value)
    assert refused(sent) == {field}
    assert "12180" not in str(refused(sent))
    sent.claims[0].patient = sent.claims[0].patient.named()
    assert wire(sent) == wire(sound_payment())


def test_a_birth_date_of_the_payer_is_refused_and_its_address_written() -> None:
    sent = sound_payment()
    assert sent.payer is not None
    sent.payer.birth_date = DAY
    assert refused(sent) == {"birth_date"}
    assert "N3*1 WAY~" in wire(sound_payment())


def test_how_the_payee_wants_its_remittance_comes_back() -> None:
    sent = sound_payment()
    assert sent.payee is not None
    sent.payee.delivery = ("EM", "CLINIC", "a@b.example")
    text = wire(sent)
    assert "RDM*EM*CLINIC*a@b.example~" in text
    [found] = reread(text).transactions()
    assert found == sent


def test_half_an_address_is_written_and_judged_not_dropped() -> None:
    sent = batch(claim())
    person = sent.claims[0].subscriber.person
    assert person is not None
    person.city, person.zip = "", "12180"
    with pytest.raises(X12WriteError, match="N401"):
        wire(sent)
    person.street = ""
    person.street2 = "APT 1"
    with pytest.raises(X12WriteError, match="N301"):
        wire(sent)


def test_more_than_a_segment_has_places_for_is_refused() -> None:
    later = DAY + dt.timedelta(1)
    for dates in ([Dated("232", DAY, later)], [Dated("232", DAY, text="202601051030")]):
        sent = sound_payment()
        sent.claims[0].dates = dates
        with pytest.raises(X12WriteError, match="DTM"):
            wire(sent)
    sent = sound_payment()
    assert sent.payer is not None
    sent.payer.contacts = [Contact("BL", "HELP", (("TE", "1"), ("FX", "2"), ("EM", "3"), ("UR", "4")))]
    with pytest.raises(X12WriteError, match="PER"):
        wire(sent)
    said = Status("F1", "65", date=DAY, more=(("F1", "65", ""),) * 3)
    asked = status()
    asked.claims[0].statuses = [said]
    with pytest.raises(X12WriteError, match="STC"):
        wire(StatusResponse277(reference_id="Q2", date=DAY, time="1200", subjects=[asked]))


def test_another_guides_field_on_a_line_is_refused() -> None:
    sent = batch(claim())
    sent.claims[0].lines[0].revenue_code = "0450"
    assert refused(sent) == {"revenue_code"}
    sent = batch(claim())
    sent.claims[0].lines[0].drug = Drug("00002751001", unit="UN")
    with pytest.raises(X12WriteError):
        wire(sent)


def status(**parties: Party | None) -> StatusAnswer:
    """An answer about one claim."""
    found = ClaimStatus(Trace("2", "A1"), [Status("F1", "65", date=DAY, cents=100)])
    given = {"source": PAYER, "receiver": HOUSE, "provider": CLINIC, "subscriber": PATIENT, **parties}
    return StatusAnswer(**given, claims=[found])


@pytest.mark.parametrize("absent", ["source", "receiver", "provider", "subscriber"])
def test_an_answer_whose_parent_is_missing_is_refused(absent: str) -> None:
    sent = StatusResponse277(reference_id="Q2", date=DAY, time="1200", subjects=[status(), status(**{absent: None})])
    with pytest.raises(X12WriteError):
        wire(sent)
    sent.subjects.pop()
    wire(sent)


def test_a_status_in_a_question_is_refused() -> None:
    line = LineStatus(charge=100, statuses=[Status("F1", "65", date=DAY)])
    line.procedure = claim().lines[0].procedure
    inquiry = ClaimInquiry(Trace("1", "A1"), dates=[Dated("472", DAY)], lines=[line])
    subject = StatusInquiry(PAYER, HOUSE, CLINIC, PATIENT, claims=[inquiry])
    sent = StatusRequest276(reference_id="Q2", date=DAY, time="1200", subjects=[subject])
    assert refused(sent) == {"subjects[0].claims[0].lines[0].statuses"}


@pytest.mark.parametrize("absent", ["receiver", "provider", "patient", "trace"])
def test_a_request_without_its_parents_is_refused(absent: str) -> None:
    patient = Party("QC", "1", "DOE", "JANE")
    asked = InformationRequest(
        PAYER, HOUSE, CLINIC, patient, Trace("1", "P1"), [Status("R4", "18842-5", code_list="LOI", date=DAY)]
    )
    sent = InformationRequest277(reference_id="Q2", date=DAY, time="1200", requests=[asked])
    wire(sent)
    setattr(asked, absent, None)
    assert isinstance(sent, TransactionSet)
    with pytest.raises(X12WriteError):
        wire(sent)


def test_what_was_read_is_never_refused_for_loss() -> None:
    [found] = reread(wire(sound_payment())).transactions()
    assert isinstance(found, Remittance835)
    assert wire(found) == wire(sound_payment())
