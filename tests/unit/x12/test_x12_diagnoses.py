"""How many diagnoses and codes HI may hold, in each of the three guides, by both readers and the writer."""

from __future__ import annotations

import datetime as dt

import pytest

from schemas.x12 import Dated, Diagnosis, X12WriteError
from tests.unit.x12.test_x12_rules import Change, dental, hospital, line, put
from tests.unit.x12.test_x12_wants import said
from tests.unit.x12.x12_examples import DAY, batch, claim, wire

TOO_MANY = ("too_many_diagnoses", "2300", "HI", "warning")
NEXT = dt.timedelta(1)


def coded(**counts: int) -> list[Diagnosis]:
    """So many of each qualifier, in this order."""
    codes = {
        "ABK": "J189",
        "ABF": "R05",
        "ABJ": "R0602",
        "APR": "R05",
        "ABN": "W19XXXA",
        "BBR": "0DTJ0ZZ",
        "BBQ": "0DTJ0ZZ",
    }
    return [Diagnosis(name, codes.get(name, "99")) for name, count in counts.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("diagnoses", "sound"),
    [
        (coded(ABK=1, ABF=11), True),
        (coded(ABK=1, ABF=12), False),
        (coded(ABK=2), False),
        (coded(ABK=1, ABF=11, BG=24), True),
        (coded(ABK=1, BG=25), False),
        (coded(ABK=1, BP=1, BO=1), True),
        (coded(ABK=1, BP=2, BO=1), False),
    ],
)
def test_a_professional_claim_has_twelve_diagnoses(diagnoses: list[Diagnosis], sound: bool) -> None:
    sent = claim()
    sent.diagnoses = diagnoses
    assert said(batch(sent)) == ([] if sound else [TOO_MANY])
    if sound:
        assert wire(batch(sent))
        return
    with pytest.raises(X12WriteError, match="too_many_diagnoses"):
        wire(batch(sent))


@pytest.mark.parametrize(
    ("diagnoses", "sound"),
    [
        (coded(ABK=1, ABJ=1, APR=3, ABN=12, ABF=24, BBR=1, BBQ=24, BH=24, BE=24), True),
        (coded(ABK=1, ABJ=1, ABF=25), False),
        (coded(ABK=1, ABJ=1, APR=4), False),
        (coded(ABK=1, ABJ=1, BBR=2), False),
        (coded(ABK=1, ABJ=2), False),
        (coded(ABK=1, ABJ=1, BE=25), False),
    ],
)
def test_an_institutional_claim_has_as_many_of_each_kind_as_the_guide(diagnoses: list[Diagnosis], sound: bool) -> None:
    assert said(hospital(put(diagnoses=diagnoses))) == ([] if sound else [TOO_MANY])


@pytest.mark.parametrize(("count", "sound"), [(3, True), (4, False)])
def test_a_dental_claim_has_four_diagnoses(count: int, sound: bool) -> None:
    sent = dental(put(diagnoses=coded(ABK=1, ABF=count)), line(pointers=()))
    assert [one for one in said(sent) if one == TOO_MANY] == ([] if sound else [TOO_MANY])


def test_a_hospital_s_claim_wants_its_principal_diagnosis_a_dentist_s_may_have_none() -> None:
    missing = ("principal_diagnosis_missing", "2300", "HI01", "warning")
    assert missing in said(hospital(put(diagnoses=coded(ABJ=1))))
    assert missing not in said(dental(put(diagnoses=[])))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (put(dates=[Dated("435", DAY)]), "statement_dates_missing"),
        (put(dates=[Dated("434", DAY, DAY), Dated("435", DAY + NEXT)]), "admission_after_statement"),
        (line(dates=[Dated("472", DAY - NEXT)]), "service_outside_statement"),
        (line(dates=[Dated("472", DAY, DAY + NEXT)]), "service_outside_statement"),
    ],
)
def test_days_of_a_stay_that_contradict_each_other(change: Change, code: str) -> None:
    assert [found for found, *_ in said(hospital(change))] == [code]
    with pytest.raises(X12WriteError, match=code):
        wire(hospital(change))


def test_days_of_a_stay_that_agree() -> None:
    dates = [Dated("434", DAY, DAY + NEXT), Dated("435", DAY - NEXT)]
    assert said(hospital(put(dates=dates), line(dates=[Dated("472", DAY, DAY + NEXT)]))) == []
    assert said(hospital(put(dates=dates), line(dates=[]))) == []
