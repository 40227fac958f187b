"""The tables that posting and reading of payer answers stand on."""

from datetime import date

import pytest

from schemas.codes.adjustment_classes import AmountClass, meaning
from schemas.codes.carc import carc, known_carc
from schemas.codes.claim_status import category_verdict, claim_status, split_status
from schemas.codes.dated import TableError, _rows
from schemas.codes.place_of_service import is_place_of_service, place_of_service
from schemas.codes.rarc import known_rarc, rarc

DAY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("group", "code", "claim_type", "expected"),
    [
        ("PR", "1", "professional", "patient_share"),
        ("CO", "1", "professional", "denial"),
        ("CO", "45", "professional", "contractual"),
        ("CO", "253", "professional", "contractual"),
        ("OA", "23", "professional", "prior_payer"),
        ("CO", "23", "professional", "denial"),
        ("OA", "209", "professional", "contractual"),
        ("CO", "97", "professional", "denial"),
        ("CO", "97", "institutional", "denial"),
        ("PR", "45", "professional", "denial"),
        ("PR", "42", "professional", "denial"),
        ("PR", "24", "professional", "denial"),
        ("PR", "104", "professional", "denial"),
        ("PR", "237", "professional", "denial"),
        ("PR", "253", "professional", "denial"),
        ("CO", "24", "professional", "contractual"),
        ("CO", "133", "professional", "pending"),
        ("PR", "27", "professional", "denial"),
        ("PR", "204", "professional", "denial"),
        ("CO", "never-heard-of", "professional", "denial"),
        ("CO", "P12", "professional", "contractual"),
        ("PR", "P12", "professional", "denial"),
        ("CO", "W1", "professional", "contractual"),
        ("CO", "246", "professional", "contractual"),
        ("CO", "245", "professional", "contractual"),
        ("CO", "303", "professional", "contractual"),
        ("OA", "P11", "professional", "pending"),
        ("CO", "P8", "professional", "pending"),
    ],
)
def test_an_adjustment_has_one_class(group: str, code: str, claim_type: str, expected: str) -> None:
    assert meaning(group, code, (), claim_type, DAY).amount_class == expected


@pytest.mark.parametrize(
    ("group", "rarcs", "claim_type", "expected"),
    [
        ("CO", (), "institutional", "contractual"),
        ("CO", ("N20",), "institutional", "denial"),
        ("PR", (), "institutional", "denial"),
        ("CO", (), "professional", "denial"),
    ],
)
def test_a_line_is_packaged_where_the_payer_pays_it_elsewhere(
    group: str, rarcs: tuple[str, ...], claim_type: str, expected: str
) -> None:
    found = meaning(group, "97", rarcs, claim_type, DAY, claim_paid=True)
    assert found.amount_class == expected and (found.kind == "packaged") is (expected == "contractual")


def test_a_discount_of_the_whole_unpaid_line_is_a_denial_but_capitation_is_not() -> None:
    assert meaning("CO", "45", (), "professional", DAY).whole_line == AmountClass.DENIAL
    assert meaning("CO", "24", (), "professional", DAY).whole_line == AmountClass.CONTRACTUAL
    assert meaning("CO", "P12", (), "professional", DAY).whole_line == AmountClass.DENIAL
    assert meaning("CO", "246", (), "professional", DAY).whole_line == AmountClass.CONTRACTUAL


def test_codes_speak_by_date() -> None:
    assert carc("197", DAY) and rarc("MA130", DAY)
    assert carc("42", DAY) is None and known_carc("42")
    assert not known_carc("9999") and not known_rarc("X1")
    assert is_place_of_service("10", DAY) and not is_place_of_service("10", date(2021, 1, 1))
    assert place_of_service("98", DAY) is None


def test_status_categories_give_verdicts() -> None:
    assert {code: category_verdict(code, DAY) for code in ("A1", "A2", "A3", "A4", "A7", "P1", "P3", "R4", "F2", "E1", "Z9")} == {
        "A1": "received", "A2": "accepted", "A3": "rejected", "A4": "not_found", "A7": "rejected",
        "P1": "pended", "P3": "documents", "R4": "documents", "F2": "finalised", "E1": "error", "Z9": None,
    }  # fmt: skip
    assert split_status("A7:562:85") == ("A7", "562", "85")
    assert split_status("A2") == ("A2", "", "")
    assert claim_status("562", DAY) and claim_status("020", DAY) == claim_status("20", DAY)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("code,meaning\n1,x", "header"),
        ("code,begins,ends\n1,2020-13-01,", ":2:"),
        ("code,begins,ends\n1,2020-02-01,2020-01-01", ":2:"),
        ("# source\ncode,begins,ends,meaning\n1,,,a,b", ":3:"),
    ],
)
def test_a_broken_table_names_its_place(text: str, place: str) -> None:
    with pytest.raises(TableError, match=place):
        list(_rows("some.csv", text))
