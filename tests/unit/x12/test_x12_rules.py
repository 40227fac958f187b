"""Situations (SNIP 4) and lines of service (SNIP 6): each rule broken says so, mended says nothing, and is refused on writing."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from schemas.x12 import (
    Adjustment,
    Amount,
    Attachment,
    Claim837,
    Claim837D,
    Claim837I,
    Claims837D,
    Claims837I,
    Dated,
    Diagnosis,
    Diagnostic,
    Drug,
    LineAdjudication,
    Note,
    OtherPayer,
    Party,
    Patient,
    Procedure,
    RawDetail,
    Reference,
    TransactionSet,
    X12WriteError,
    read,
    write,
)
from schemas.x12.grammar import Grammar
from tests.unit.x12.x12_examples import DAY, answer, batch, claim, envelope, payment, service, sound_payment, wire

Change = Callable[[Claim837], None]
CR1 = RawDetail("CR1", ("LB", "140", "", "A", "DH", "12"))
PLACES = [Party(code, "2", street="1 WAY", city="TROY", state="NY", zip="12180") for code in ("PW", "45")]


def first(sent: TransactionSet) -> list[Diagnostic]:
    """The findings of SNIP 4-6 about a set, written whatever it holds; the quick and the full reader must agree."""
    data = write(envelope(sent), unchecked=True)
    quick = [finding for item in read(data).transactions() for finding in item.diagnostics]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Grammar, "scanner", lambda self, delimiters: None)
        assert quick == [finding for item in read(data).transactions() for finding in item.diagnostics]
    return [finding for finding in quick if finding.snip >= 4]


def line(code: str = "", **changes: object) -> Change:
    """Changes the first line, and its procedure where one is named."""

    def change(sent: Claim837) -> None:
        changed = {"procedure": Procedure("HC", code), **changes} if code else changes
        sent.lines[0] = replace(sent.lines[0], **changed)  # type: ignore[arg-type]

    return change


def put(**changes: object) -> Change:
    """Changes fields of the claim."""

    def change(sent: Claim837) -> None:
        for name, value in changes.items():
            setattr(sent, name, value)

    return change


def insured(**changes: object) -> Change:
    """Changes fields of the subscriber."""

    def change(sent: Claim837) -> None:
        sent.subscriber = replace(sent.subscriber, **changes)  # type: ignore[arg-type]

    return change


def person(**changes: object) -> Change:
    """Changes fields of the subscriber's person."""

    def change(sent: Claim837) -> None:
        assert sent.subscriber.person is not None
        sent.subscriber.person = replace(sent.subscriber.person, **changes)  # type: ignore[arg-type]

    return change


def every(*changes: Change) -> Change:
    """One change after another."""

    def change(sent: Claim837) -> None:
        for item in changes:
            item(sent)

    return change


def before(*others: OtherPayer, **changes: object) -> Change:
    """A claim to a second payer, with these other payers."""
    return every(insured(**{"sequence": "S", **changes}), put(other_payers=list(others)))


def other(sequence: str = "P", day: bool = True, amounts: tuple[Amount, ...] = (Amount("D", 15000),)) -> OtherPayer:
    """An earlier payer that paid everything."""
    dates = [Dated("573", DAY)] if day else []
    return OtherPayer(
        sequence,
        filing_indicator="CI",
        amounts=list(amounts),
        person=Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id="M2"),
        payer=Party("PR", "2", "FIRST", id_qualifier="PI", id="P1", dates=dates),
    )


RULED = LineAdjudication("P9", 10000, Procedure("HC", "99213"), units=Decimal(1), dates=[Dated("573", DAY)])
CASES: list[tuple[str, Change, Change]] = [
    ("original_claim_number_missing", put(frequency="7"), put(references=[Reference("F8", "ICN1")])),
    ("principal_diagnosis_missing", put(diagnoses=[Diagnosis("ABF", "J020")]), put(diagnoses=[Diagnosis("ABK", "J020")])),
    ("service_date_missing", line(dates=[Dated("471", DAY)]), line(dates=[Dated("471", DAY), Dated("472", DAY)])),
    ("accident_date_missing", put(related_causes=("OA",)), put(dates=[Dated("439", DAY)])),
    (
        "accident_state_missing",
        put(related_causes=("AA",), dates=[Dated("439", DAY)]),
        put(related_causes=("AA", "", "", "NY")),
    ),
    (
        "attachment_control_number_missing",
        put(attachments=[Attachment("OZ", "FX")]),
        put(attachments=[Attachment("OZ", "FX", "N1", "AC")]),
    ),
    ("prior_payer_missing", before(), before(other())),
    ("payer_sequence_repeated", before(other(), other(day=True)), before(other(), other("T", amounts=()))),
    ("prior_payer_amount_missing", before(other(amounts=())), before(other())),
    ("adjudication_date_missing", before(other(day=False)), before(other())),
    ("insurance_type_missing", before(other(), filing_indicator="MB"), insured(insurance_type="12")),
    ("adjudication_of_unknown_payer", every(before(other()), line(adjudications=[RULED])), line(adjudications=[])),
    (
        "patient_beside_subscriber",
        put(patient=Patient("19", person=Party("QC", "1", "DOE", "JOHN", birth_date=DAY, sex="M", street="X", city="Y1"))),
        insured(relationship=""),
    ),
    ("patient_missing", insured(relationship=""), insured(relationship="18")),
    ("subscriber_detail_missing", person(sex=""), person(sex="F")),
    ("date_reversed", line(dates=[Dated("472", DAY, DAY - dt.timedelta(1))]), line(dates=[Dated("472", DAY, DAY)])),
    ("date_reversed", put(dates=[Dated("435", DAY, DAY - dt.timedelta(1))]), put(dates=[])),
    ("service_before_birth", person(birth_date=DAY + dt.timedelta(1)), person(birth_date=DAY)),
    ("pointer_without_diagnosis", line(pointers=(1, 2)), put(diagnoses=[Diagnosis("ABK", "J020"), Diagnosis("ABF", "R05")])),
    ("national_drug_code", line(drug=Drug("1234567890", quantity=Decimal(1), unit="ML")),
     line(drug=Drug("01234567890", quantity=Decimal(1), unit="ML"))),
    ("drug_quantity_missing", line(drug=Drug("01234567890", quantity=Decimal(0), unit="ML")),
     line(drug=Drug("01234567890", quantity=Decimal(2), unit="UN"))),
    ("drug_quantity_missing", line(drug=Drug("01234567890", quantity=Decimal(2), unit="XX")),
     line(drug=Drug("01234567890", quantity=Decimal(2), unit="GR"))),
    ("admission_date_missing", every(put(facility_code="21"), line("99222")), put(dates=[Dated("435", DAY)])),
    ("last_menstrual_period_missing", insured(pregnant="Y"), put(dates=[Dated("484", DAY)])),
    ("clia_number_missing", put(facility_code="81"), put(references=[Reference("X4", "33D1234567")])),
    ("procedure_description_missing", line("64999"), line("64999", notes=[Note("ADD", "NERVE STIMULATION")])),
    ("anesthesia_minutes", line("00140"), line("00140", unit="MJ", units=Decimal(60))),
    ("anesthesia_minutes", line("99213", unit="MJ"), line(unit="UN")),
    ("ambulance_certification_missing", every(line("A0429"), put(providers=PLACES)), put(details=[CR1])),
    ("ambulance_place_missing", every(line("A0429"), put(details=[CR1])), put(providers=PLACES)),
    (
        "ambulance_reason_missing",
        every(line("A0429"), put(providers=PLACES, details=[replace(CR1, elements=("LB", "140", "", "", "DH", "12"))])),
        put(details=[CR1]),
    ),
    (
        "ambulance_mileage_missing",
        every(line("A0429"), put(providers=PLACES, details=[replace(CR1, elements=("LB", "140", "", "A"))])),
        put(details=[CR1]),
    ),
    ("epsdt_referral_missing", line(epsdt="Y"), put(details=[RawDetail("CRC", ("ZZ", "Y", "AV"))])),
    ("equipment_duration_missing", line(details=[RawDetail("CR3", ("S",))], dates=[Dated("472", DAY), Dated("607", DAY)]),
     line(details=[RawDetail("CR3", ("S", "MO", "6"))])),
    ("equipment_certification_date_missing", line(details=[RawDetail("CR3", ("R", "MO", "6"))]),
     line(dates=[Dated("472", DAY), Dated("607", DAY)])),
    ("equipment_certification_date_missing", line(details=[RawDetail("CR3", ("I", "MO", "6"))]),
     line(dates=[Dated("472", DAY), Dated("463", DAY)])),
    ("diagnosis_version", put(diagnoses=[Diagnosis("BK", "4019")]), put(diagnoses=[Diagnosis("ABK", "I10")])),
    ("code_not_valid", line(place_of_service="10", dates=[Dated("472", dt.date(2021, 6, 1))]), line(place_of_service="11")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "break_it", "mend_it"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_a_professional_claim_lacks_what_its_situation_wants(code: str, break_it: Change, mend_it: Change) -> None:
    sent = claim()
    assert first(batch(copy.deepcopy(sent))) == []
    break_it(sent)
    found = {finding.code: finding for finding in first(batch(sent))}
    assert set(found) == {code}
    told = found[code]  # type: ignore[index]
    assert told.segment and told.loop and told.element and ";" in told.message and told.unit == ""
    if told.severity == "warning":
        with pytest.raises(X12WriteError) as refused:
            wire(batch(sent))
        assert code in {finding.code for finding in refused.value.diagnostics}
    mend_it(sent)
    assert first(batch(sent)) == []


def test_advice_never_keeps_a_claim_from_being_written() -> None:
    sent = claim()
    line("64999")(sent)
    insured(pregnant="Y")(sent)
    assert {finding.severity for finding in first(batch(sent))} == {"info"}
    assert wire(batch(sent))


def test_one_claim_too_long_and_one_that_is_not() -> None:
    def codes(count: int) -> list[str]:
        [sent] = read(write(envelope(batch(claim("A1", *[100] * count))), unchecked=True)).transactions()
        return [finding.code for finding in sent.diagnostics]

    assert codes(50) == []
    assert codes(51) == ["too_many_lines"]


def hospital(*changes: Change) -> Claims837I:
    """A sound inpatient claim, changed."""
    model = claim()
    lines = [replace(model.lines[0], procedure=Procedure(), revenue_code="0120", pointers=(), charge=15000)]
    sent = Claim837I(
        "A1",
        15000,
        "11",
        "A",
        billing=model.billing,
        subscriber=model.subscriber,
        dates=[Dated("434", DAY, DAY), Dated("435", DAY, text=f"{DAY:%Y%m%d}0900")],
        details=[RawDetail("CL1", ("1", "7", "01"))],
        diagnoses=[Diagnosis("ABK", "J189"), Diagnosis("ABJ", "R0602")],
        providers=[Party("71", "1", "WELBY", "MARCUS", id_qualifier="XX", id="1234567893")],
        lines=lines,
    )
    every(*changes)(sent)
    batched = batch()
    return Claims837I(
        reference_id="B1",
        date=DAY,
        time="1200",
        submitter=batched.submitter,
        receiver=batched.receiver,
        claims=[sent],
    )


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("admission_date_missing", put(dates=[Dated("434", DAY, DAY)])),
        ("admission_detail_missing", put(details=[RawDetail("CL1", ("", "7", "01"))])),
        ("admitting_diagnosis_missing", put(diagnoses=[Diagnosis("ABK", "J189")])),
        ("attending_provider_missing", put(providers=[])),
        ("total_line_sent", line(revenue_code="0001")),
        ("health_insurance_rate_missing", every(put(facility_code="32"), insured(filing_indicator="MA"))),
    ],
)
def test_an_institutional_claim_lacks_what_its_situation_wants(code: str, change: Change) -> None:
    assert first(hospital()) == []
    assert {finding.code for finding in first(hospital(change))} == {code}


def dental(*changes: Change) -> Claims837D:
    """A sound dental claim, changed."""
    model = claim()
    lines = [replace(model.lines[0], procedure=Procedure("AD", "D8080"), pointers=(), charge=15000)]
    sent = Claim837D("A1", 15000, "11", billing=model.billing, subscriber=model.subscriber, lines=lines)
    every(*changes)(sent)
    batched = batch()
    return Claims837D(
        reference_id="B1", date=DAY, time="1200", submitter=batched.submitter, receiver=batched.receiver, claims=[sent]
    )


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("orthodontic_banding_date_missing", put(details=[RawDetail("DN1", ("24",))])),
        ("prior_placement_date_missing", line(prosthesis="R")),
        ("code_shape", lambda sent: line(procedure=Procedure("AD", "8080"))(sent)),
    ],
)
def test_a_dental_claim_lacks_what_its_situation_wants(code: str, change: Change) -> None:
    assert first(dental()) == []
    assert {finding.code for finding in first(dental(change))} == {code}


def test_a_payment_that_contradicts_itself_is_told() -> None:
    denied = payment(answer("A1", service(10000, Adjustment("CO", "59", 2500)), status="4"))
    reversal = payment(answer("A1", service(10000, Adjustment("CO", "59", 2500)), status="22"))
    electronic = replace(sound_payment(), method="ACH")
    taken = payment(answer("A1", service(10000)), levelled=500)
    taken.provider_adjustments[0].reference = ""
    expected = {
        "denied_but_paid": denied,
        "reversal_not_negative": reversal,
        "payment_account_missing": electronic,
        "provider_adjustment_reference_missing": taken,
    }
    assert first(sound_payment()) == []
    for code, sent in expected.items():
        assert [finding.code for finding in first(sent)] == [code]
        with pytest.raises(X12WriteError, match=code):
            wire(sent)


def test_the_file_is_named_in_every_finding() -> None:
    electronic = replace(sound_payment(), method="ACH", amount=1)
    found = [
        finding
        for item in read(write(envelope(electronic), unchecked=True), file="one.835").transactions()
        for finding in item.diagnostics
    ]
    assert {finding.code for finding in found} == {"payment_account_missing", "payment_out_of_balance"}
    assert {finding.file for finding in found} == {"one.835"}
