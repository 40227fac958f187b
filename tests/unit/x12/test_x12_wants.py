"""What a guide wants of an element at one place: said where it is absent or wrong, by both readers, and refused on writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from schemas.x12 import (
    Diagnostic,
    OtherPayer,
    Party,
    Procedure,
    Reference,
    Remittance835,
    TransactionSet,
    X12WriteError,
    read,
    write,
)
from schemas.x12.grammar import Grammar
from tests.unit.x12.test_x12_rules import Change, before, dental, every, hospital, insured, line, other, person, put
from tests.unit.x12.x12_examples import batch, claim, envelope, payment, sound_payment, wire

FACILITY = Party("77", "2", "ANNEX", street="2 WAY", city="TROY", state="NY", zip="121801234")
Said = list[tuple[str, str, str, str]]


def said(sent: TransactionSet) -> Said:
    """Code, loop, element and severity of what both readers say about a set that is written whatever it holds."""
    data = write(envelope(sent), unchecked=True)
    quick = _findings(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Grammar, "scanner", lambda self, delimiters: None)
        assert quick == _findings(data)
    return [(finding.code, finding.loop, finding.element, finding.severity) for finding in quick]


def _findings(data: bytes) -> list[Diagnostic]:
    return [finding for item in read(data).transactions() for finding in item.diagnostics]


def refused(sent: TransactionSet) -> Said:
    """The same of what writing is refused for."""
    with pytest.raises(X12WriteError) as error:
        wire(sent)
    return [(found.code, found.loop, found.element, found.severity) for found in error.value.diagnostics]


def payer(**changes: object) -> Change:
    """Changes the payer of 2010BB."""

    def change(sent: object) -> None:
        sent.subscriber.payer = replace(sent.subscriber.payer, **changes)  # type: ignore[attr-defined]

    return change


def clinic(**changes: object) -> Change:
    """Changes the billing provider of 2010AA."""

    def change(sent: object) -> None:
        sent.billing.provider = replace(sent.billing.provider, **changes)  # type: ignore[attr-defined]

    return change


def charged(cents: int) -> Change:
    """The second line's charge, and the claim's with it."""

    def change(sent: object) -> None:
        sent.lines[1].charge = cents  # type: ignore[attr-defined]
        sent.charge = sum(item.charge for item in sent.lines)  # type: ignore[attr-defined]

    return change


def unnamed(role: str) -> OtherPayer:
    """Another payer, one of whose names has no number."""
    found = other()
    setattr(found, role, replace(getattr(found, role), id_qualifier="", id=""))
    return found


MISSING, VALUE = "missing_element", "value_not_allowed"
CASES: list[tuple[Change, Said]] = [
    (payer(id=""), [(MISSING, "2010BB", "NM109", "warning")]),
    (payer(last=""), [(MISSING, "2010BB", "NM103", "warning")]),
    (person(id=""), [(MISSING, "2010BA", "NM109", "warning")]),
    (insured(filing_indicator=""), [(MISSING, "2000B", "SBR09", "warning")]),
    (clinic(last=""), [(MISSING, "2010AA", "NM103", "warning")]),
    (clinic(zip="12180"), [("zip_not_nine_digits", "2010AA", "N403", "warning")]),
    (clinic(zip="12180-1234"), [("zip_not_nine_digits", "2010AA", "N403", "warning")]),
    (clinic(street="P.O. Box 12"), [("street_is_post_box", "2010AA", "N301", "warning")]),
    (clinic(street2="PO BOX 12"), [("street_is_post_box", "2010AA", "N302", "warning")]),
    (put(providers=[replace(FACILITY, zip="12180")]), [("zip_not_nine_digits", "2310C", "N403", "warning")]),
    (line(providers=[replace(FACILITY, zip="12180")]), [("zip_not_nine_digits", "2420C", "N403", "warning")]),
    (charged(-1), [("charge_negative", "2400", "SV102", "error")]),
    (charged(-20000), [("charge_negative", "2300", "CLM02", "error"), ("charge_negative", "2400", "SV102", "error")]),
    (put(assignment="Z"), [(VALUE, "2300", "CLM07", "warning")]),
    (put(benefits_assigned="Q"), [(VALUE, "2300", "CLM08", "warning")]),
    (put(release="N"), [(VALUE, "2300", "CLM09", "warning")]),
    (line(unit="DA"), [(VALUE, "2400", "SV103", "warning")]),
    (line(unit="MJ", units=Decimal(-1), procedure=Procedure("HC", "00140")), [(VALUE, "2400", "SV104", "warning")]),
    (line(pointers=(1, 1, 1, 1, 1)), [(VALUE, "2400", "SV107", "warning")]),
    (line(procedure=Procedure("HC")), [(VALUE, "2400", "SV101", "warning")]),
    (line(procedure=Procedure("ZZ", "99213")), [(VALUE, "2400", "SV101", "warning")]),
    (put(frequency=""), [(MISSING, "2300", "CLM05", "warning")]),
    (put(facility_qualifier="A"), [(VALUE, "2300", "CLM05", "warning")]),
    (payer(kind="1"), [(VALUE, "2010BB", "NM102", "warning")]),
    (clinic(references=[Reference("EI")]), [(MISSING, "2010AA", "REF02", "warning")]),
    (person(sex="X"), [(VALUE, "2010BA", "DMG03", "warning")]),
    (clinic(references=[Reference("0B", "L1")]), [("missing_segment", "2010AA", "REF", "warning")]),
    (before(replace(other(), relationship="")), [(MISSING, "2320", "SBR02", "warning")]),
    (
        before(replace(other(), assignment="X", release="Q")),
        [(VALUE, "2320", "OI03", "warning"), (VALUE, "2320", "OI06", "warning")],
    ),
    (before(unnamed("payer")), [(MISSING, "2330B", "NM108", "warning"), (MISSING, "2330B", "NM109", "warning")]),
    (before(unnamed("person")), [(MISSING, "2330A", "NM108", "warning"), (MISSING, "2330A", "NM109", "warning")]),
]
SOUND: list[Change] = [
    clinic(zip="V6B 1A1", country="CA"),
    clinic(street="9 BOXWOOD ROAD", street2="PO BOXFORD 2"),
    clinic(street="RR 2 BOX 15"),
    charged(0),
    every(person(kind="2", id_qualifier="", id="", first=""), put(providers=[FACILITY])),
]


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_what_a_claim_lacks_is_said_with_its_place_and_never_sent(change: Change, expected: Said) -> None:
    sent = claim()
    assert said(batch(sent)) == []
    change(sent)
    assert said(batch(sent)) == expected
    assert set(refused(batch(sent))) == set(expected)


@pytest.mark.parametrize("change", SOUND)
def test_what_only_looks_odd_is_sent(change: Change) -> None:
    sent = claim()
    change(sent)
    assert said(batch(sent)) == []
    assert wire(batch(sent))


def test_hospital_and_dental_charges_are_not_negative_either() -> None:
    takes_back = every(line(charge=-15000), put(charge=-15000))
    for sent in (hospital(takes_back), dental(takes_back)):
        places = [(code, loop) for code, loop, _, _ in said(sent) if code == "charge_negative"]
        assert places == [("charge_negative", "2300"), ("charge_negative", "2400")]


def _payee(**changes: object) -> Remittance835:
    sent = sound_payment()
    assert sent.payee is not None
    sent.payee = replace(sent.payee, **changes)  # type: ignore[arg-type]
    return sent


def _undated() -> Remittance835:
    sent = payment(levelled=-500)
    sent.provider_adjustments = [replace(sent.provider_adjustments[0], fiscal_period=None)]
    return sent


def _unnumbered() -> Remittance835:
    sent = sound_payment()
    sent.claims[0].rendering = Party("82", "1", "WELBY", "MARCUS")
    return sent


PAYMENTS: list[tuple[Callable[[], Remittance835], Said]] = [
    (lambda: _payee(id=""), [(MISSING, "1000B", "N104", "warning")]),
    (
        lambda: _payee(id_qualifier="", id=""),
        [(MISSING, "1000B", "N103", "warning"), (MISSING, "1000B", "N104", "warning")],
    ),
    (lambda: _payee(id_qualifier="PI"), [(VALUE, "1000B", "N103", "warning")]),
    (lambda: replace(sound_payment(), credit_debit="X"), [(VALUE, "ST", "BPR03", "warning")]),
    (lambda: _payee(last=""), [(MISSING, "1000B", "N102", "warning")]),
    (_undated, [(MISSING, "ST", "PLB02", "warning")]),
    (_unnumbered, [(MISSING, "2100", "NM108", "warning"), (MISSING, "2100", "NM109", "warning")]),
]


@pytest.mark.parametrize(("make", "expected"), PAYMENTS)
def test_what_a_payment_lacks_is_said_with_its_place_and_never_sent(
    make: Callable[[], Remittance835], expected: Said
) -> None:
    assert said(make()) == expected
    assert refused(make()) == expected


def test_a_fiscal_period_that_is_no_date_leaves_the_money_where_it_is() -> None:
    text = wire(payment(levelled=-500))
    [paid] = read(text.replace("*20261231*", "*20261331*").encode()).transactions()
    assert isinstance(paid, Remittance835)
    assert [(item.code, item.element, item.severity) for item in paid.diagnostics] == [
        ("malformed_element", "PLB02", "warning")
    ]
    assert [item.cents for item in paid.provider_adjustments] == [-500]


@pytest.mark.parametrize("code", ["PR", "PE"])
def test_a_payment_of_two_payers_or_to_two_payees_is_set_aside(code: str) -> None:
    """X221A1 has 1000A and 1000B once: whose money it is cannot be told."""
    text = wire(sound_payment())
    name = next(segment for segment in text.split("~\n") if segment.startswith(f"N1*{code}*"))
    [doubled] = read(text.replace(f"{name}~\n", f"{name}~\n{name}~\n").encode()).transactions()
    told = [finding for finding in doubled.diagnostics if finding.code == "repeated_segment"]
    assert [(item.severity, item.unit, item.element) for item in told] == [("error", "transaction", "N1")]
    assert doubled.set_aside


@pytest.mark.parametrize(
    ("name", "loop"), [("NM1*PR", "2010BB"), ("NM1*IL", "2010BA"), ("NM1*40", "1000B"), ("HL*2", "2000B")]
)
def test_an_absent_loop_is_named_as_the_guide_names_it(name: str, loop: str) -> None:
    text = wire(batch(claim()))
    segment = next(line for line in text.split("~\n") if line.startswith(name))
    [found] = read(text.replace(f"{segment}~\n", "").encode()).transactions()
    told = [(item.loop, item.element) for item in found.diagnostics if item.code == "missing_segment"]
    assert (loop, name.partition("*")[0]) in told


def test_a_statement_is_always_a_period() -> None:
    text = wire(hospital()).replace("DTP*434*RD8*20260105-20260105", "DTP*434*D8*20260105")
    [found] = read(text.encode()).transactions()
    assert [item.code for item in found.diagnostics] == ["statement_dates_missing"]
