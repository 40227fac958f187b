"""270/271 and 276/277: a question per patient, an answer per patient, refusals where they were said."""

from decimal import Decimal

from schemas.x12 import (
    Amount,
    Benefit,
    ClaimInquiry,
    ClaimStatus,
    Dated,
    EligibilityAnswer,
    EligibilityInquiry,
    EligibilityQuery,
    Inquiry270,
    Party,
    Reference,
    Relation,
    RequestRejection,
    Response271,
    Status,
    StatusAnswer,
    StatusInquiry,
    StatusRequest276,
    StatusResponse277,
    Trace,
)
from tests.unit.x12.x12_examples import DAY, reread, wire

PAYER = Party("PR", "2", "ACME", id_qualifier="PI", id="60054")
CLINIC = Party("1P", "2", "CLINIC", id_qualifier="XX", id="1234567893")
HOUSE = Party("41", "2", "HOUSE", id_qualifier="46", id="S1")


def insured(number: str) -> Party:
    """A subscriber."""
    return Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id=number, birth_date=DAY, sex="F")


def child(name: str) -> Party:
    """A dependent."""
    return Party("03", "1", "DOE", name, birth_date=DAY)


def asked(number: str, dependent: Party | None = None) -> EligibilityInquiry:
    """Is this patient covered?"""
    query = EligibilityQuery(("30", "98"))
    inquiry = EligibilityInquiry(PAYER, CLINIC, insured(number), dependent, dates=[Dated("291", DAY)], queries=[query])
    trace = [Trace("1", f"T{number}", "9BILLCO000")]
    if dependent:
        inquiry.dependent_traces = trace
    else:
        inquiry.subscriber_traces = trace
    return inquiry


def test_questions_come_back_one_a_patient() -> None:
    sent = Inquiry270(
        reference_id="Q1",
        date=DAY,
        time="1200",
        subjects=[asked("M1"), asked("M2", child("KIM")), asked("M2", child("LEE"))],
    )
    text = wire(sent)
    [found] = reread(text).transactions()
    assert isinstance(found, Inquiry270)
    assert found == sent
    assert found.diagnostics == []
    assert text.count("*22*") == 2
    assert [item.traces[0].number for item in found.subjects] == ["TM1", "TM2", "TM2"]


def test_benefits_other_payers_and_refusals_come_back() -> None:
    covered = EligibilityAnswer(
        PAYER,
        CLINIC,
        insured("M1"),
        subscriber_traces=[Trace("2", "TM1", "9BILLCO000")],
        subscriber_relation=Relation("Y", "18", "001", "25"),
        dates=[Dated("346", DAY)],
        benefits=[
            Benefit("1", "IND", ("30",), "HM", "GOLD", messages=["SEE PLAN"]),
            Benefit("C", "IND", ("30",), period="23", cents=150000, in_network="Y"),
            Benefit("A", "IND", ("98",), percent=Decimal("0.2"), in_network="Y"),
            Benefit("R", service_types=("30",), references=[Reference("IG", "X")], entities=[_other()]),
        ],
    )
    unknown = EligibilityAnswer(PAYER, CLINIC, insured("M2"), rejections=[RequestRejection("2100C", "N", "75", "C")])
    sent = Response271(reference_id="Q1", date=DAY, time="1200", subjects=[covered, unknown])
    [found] = reread(wire(sent)).transactions()
    assert isinstance(found, Response271)
    assert found == sent
    assert found.diagnostics == []
    assert found.subjects[0].benefits[3].entities[0].id == "MBI1"


def _other() -> Party:
    return Party(
        "PRP", "2", "MEDICARE", id_qualifier="PI", id="MBI1", city="TROY", state="NY", zip="12180", street="1 A"
    )


def test_a_payer_that_cannot_answer_says_so_above_the_patients() -> None:
    source = Response271(date=DAY, time="1200", reference_id="Q1")
    source.subjects = [EligibilityAnswer(PAYER, rejections=[RequestRejection("2100A", "Y", "42", "R")])]
    provider = Response271(date=DAY, time="1200", reference_id="Q1")
    provider.subjects = [EligibilityAnswer(PAYER, CLINIC, rejections=[RequestRejection("2100B", "N", "50", "N")])]
    for sent in (source, provider):
        [found] = reread(wire(sent)).transactions()
        assert isinstance(found, Response271)
        assert found == sent
        assert found.subjects[0].subscriber is None


def test_status_questions_and_answers_come_back() -> None:
    inquiry = ClaimInquiry(Trace("1", "A1"), [Reference("1K", "PA1")], [Amount("T3", 15000)], [Dated("472", DAY, DAY)])
    question = StatusInquiry(PAYER, HOUSE, CLINIC, insured("M1"), claims=[inquiry])
    sent = StatusRequest276(reference_id="Q2", date=DAY, time="1200", subjects=[question])
    [found] = reread(wire(sent)).transactions()
    assert isinstance(found, StatusRequest276)
    assert found == sent

    said = Status(
        "F1", "65", date=DAY, cents=15000, paid=6000, paid_date=DAY, method="CHK", check_date=DAY, check_number="C1"
    )
    answer = ClaimStatus(Trace("2", "A1"), [said], [Reference("1K", "PA1")], [Dated("472", DAY)])
    reply = StatusResponse277(reference_id="Q2", date=DAY, time="1200")
    reply.subjects = [
        StatusAnswer(PAYER, HOUSE, provider=CLINIC, subscriber=_named("M1"), claims=[answer]),
        StatusAnswer(PAYER, HOUSE, provider=CLINIC, subscriber=_named("M2"), dependent=_patient(), claims=[answer]),
    ]
    [back] = reread(wire(reply)).transactions()
    assert isinstance(back, StatusResponse277)
    assert back == reply
    assert back.subjects[0].claims[0].payer_control_number == "PA1"


def _named(number: str) -> Party:
    return Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id=number)


def _patient() -> Party:
    return Party("QC", "1", "DOE", "KIM")


def test_a_receiver_turned_away_has_no_patients() -> None:
    reply = StatusResponse277(reference_id="Q2", date=DAY, time="1200")
    reply.subjects = [StatusAnswer(PAYER, HOUSE, [Trace("2", "Q2")], [Status("E0", "0", date=DAY)])]
    [back] = reread(wire(reply)).transactions()
    assert back == reply
