"""SNIP 5: codes are judged by loadable tables and by the day that counts."""

import datetime as dt
from dataclasses import replace

import pytest

from schemas.x12 import Adjustment, Diagnostic, Remittance835, X12WriteError, errors, read
from tests.unit.x12.x12_examples import answer, batch, claim, payment, service, sound_payment, wire

SOUND = wire(sound_payment())


def findings(text: str) -> list[Diagnostic]:
    """Everything that is said about a text."""
    return [finding for transaction in read(text.encode()).transactions() for finding in transaction.diagnostics]


def bent(old: str, new: str) -> list[Diagnostic]:
    """What is said about the sound payment with one thing changed."""
    assert old in SOUND
    return findings(SOUND.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "code", "element", "words"),
    [
        ("CAS*CO*45*25", "CAS*CO*999*25", "code_unknown", "CAS02", "999"),
        ("CAS*CO*45*25", "CAS*CO*42*25", "code_not_valid", "CAS02", "42"),
        ("CAS*CO*45*25", "CAS*OA*45*25", "adjustment_group_not_allowed", "CAS01", "45"),
        ("CLP*A1*1*", "CLP*A1*13*", "code_not_valid", "CLP02", "13"),
        ("*12*PA1*", "*QQ*PA1*", "code_unknown", "CLP06", "QQ"),
        ("DTM*472", "LQ*HE*N9999~\nDTM*472", "code_unknown", "LQ02", "N9999"),
        ("SVC*HC:99213:25*100", "SVC*HC:99.13*100", "code_shape", "SVC01", "HCPCS"),
        ("SE*", "PLB*1234567893*20261231*Q9:X*0~\nSE*", "code_unknown", "PLB03", "Q9"),
    ],
)
def test_an_unknown_code_warns_and_names_itself_its_element_and_the_remedy(
    old: str, new: str, code: str, element: str, words: str
) -> None:
    found = [finding for finding in bent(old, new) if finding.snip in (4, 5)]
    assert {(finding.code, finding.element, finding.severity) for finding in found} == {(code, element, "warning")}
    assert all(words in finding.message and ";" in finding.message for finding in found)
    assert all(finding.segment for finding in found)


@pytest.mark.parametrize(
    ("old", "new", "element"), [("CAS*CO*45", "CAS*ZZ*45", "CAS01"), ("CLP*A1*1*", "CLP*A1*9*", "CLP02")]
)
def test_a_group_or_status_that_nobody_knows_sets_only_its_claim_aside(old: str, new: str, element: str) -> None:
    [transaction] = read(SOUND.replace(old, new).encode()).transactions()
    assert isinstance(transaction, Remittance835)
    assert [item.set_aside for item in transaction.claims] == [True, False]
    [finding] = errors(transaction.diagnostics)
    assert (finding.code, finding.snip, finding.unit, finding.element) == ("code_unknown", 5, "claim", element)


def test_a_word_that_is_no_code_is_not_repeated() -> None:
    [finding] = bent("CLP*A1*1*100*60*15*12", "CLP*A1*1*100*60*15*DOE")[:1]
    assert finding.element == "CLP06"
    assert "DOE" not in finding.message


def test_each_payment_is_judged_by_its_own_day() -> None:
    def retired(day: dt.date) -> list[str]:
        old = payment(answer("A1", service(10000, Adjustment("CO", "42", 2500))))
        text = wire(replace(old, date=day), unchecked=True)
        return [finding.code for finding in findings(text) if finding.snip == 5]

    assert [retired(dt.date(year, 6, 1)) for year in (2007, 2026, 2006, 2008, 2007)] == [
        [],
        ["code_not_valid"],
        [],
        ["code_not_valid"],
        [],
    ]


def test_a_code_that_is_not_valid_on_the_day_is_not_written() -> None:
    for carc in ("42", "9999"):
        with pytest.raises(X12WriteError) as refused:
            wire(payment(answer("A1", service(10000, Adjustment("CO", carc, 2500)))))
        assert {finding.element for finding in refused.value.diagnostics} == {"CAS02"}
    with pytest.raises(X12WriteError, match="CAS01"):
        wire(payment(answer("A1", service(10000, Adjustment("ZZ", "45", 2500)))))


@pytest.mark.parametrize(
    ("change", "element"),
    [
        ({"facility_code": "98"}, "CLM05"),
        ({"frequency": "5X"}, "CLM05"),
    ],
)
def test_a_claim_with_unknown_codes_is_not_written(change: dict[str, str], element: str) -> None:
    with pytest.raises(X12WriteError) as refused:
        wire(batch(replace(claim(), **change)))  # type: ignore[arg-type]
    assert element in {finding.element for finding in refused.value.diagnostics}


def test_a_diagnosis_with_its_point_is_refused_and_told() -> None:
    sent = claim()
    sent.diagnoses = [replace(sent.diagnoses[0], code="J02.9")]
    with pytest.raises(X12WriteError, match="no point"):
        wire(batch(sent))
