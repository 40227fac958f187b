"""The tables of triage and appeals fit each other: no category, document or ground is named that does not exist."""

from datetime import date

import pytest

from schemas.codes.appeal_grounds import appeal_grounds
from schemas.codes.carc import known_carc
from schemas.codes.denial_categories import denial_categories
from schemas.codes.denial_ways import denial_ways
from schemas.codes.document_kinds import document_kinds
from schemas.codes.editions import Edition, TableError, edition_on
from schemas.codes.evidence import evidence
from schemas.codes.rarc import known_rarc
from schemas.codes.win_rates import win_rates
from schemas.events.values import Document

DAY = date(2026, 1, 5)
PATIENT_MAY_OWE = {
    "registration",
    "coverage",
    "other_payer",
    "not_covered",
    "benefit_limit",
    "experimental",
    "patient_information",
    "necessity",
}


def test_every_category_has_ways_and_every_rule_a_category() -> None:
    table, ways = denial_categories(DAY), denial_ways(DAY).categories
    assert set(ways) == set(table.categories)
    assert {rule.category for rule in table.rules} | {table.otherwise} <= set(table.categories)


def test_documents_named_anywhere_exist() -> None:
    kinds, grounds = document_kinds(DAY), appeal_grounds(DAY)
    for wanted in evidence(DAY).wanted.values():
        assert set(wanted.kinds) <= set(kinds.kinds) and set(wanted.supports) <= set(kinds.supports)
    shown = {support for choices in grounds.categories.values() for choice in choices for support in choice.shows}
    assert shown <= set(kinds.supports)


def test_other_tables_name_known_categories_only() -> None:
    known = set(denial_categories(DAY).categories)
    assert set(evidence(DAY).wanted) <= known and set(appeal_grounds(DAY).categories) <= known
    assert all(set(rates) <= known for rates in win_rates(DAY).rates.values())


def test_only_what_the_payer_puts_on_the_patient_reaches_them_and_only_from_some_categories() -> None:
    for category, steps in denial_ways(DAY).categories.items():
        for step in steps:
            if step.way == "bill_patient":
                assert "patient_liable" in step.when and category in PATIENT_MAY_OWE


def test_what_the_payer_puts_on_the_patient_is_not_written_off_unseen() -> None:
    """Either it may be billed to them first, or a person chooses; money taken back is on nobody (group PLB)."""
    for category, steps in denial_ways(DAY).categories.items():
        ends = [step for step in steps if step.way in ("bill_patient", "write_off")]
        asked = all("patient_liable" in step.unless for step in ends if step.way == "write_off")
        assert ends[0].way == "bill_patient" or asked or category == "recoupment", category


@pytest.mark.parametrize(
    ("group", "carc", "rarcs", "category"),
    [
        ("CO", "16", ("M51",), "claim_data"),
        ("CO", "16", ("N382",), "registration"),
        ("CO", "16", ("MA04",), "other_payer"),
        ("CO", "22", ("MA04",), "other_payer"),
        ("CO", "109", ("N418",), "other_payer"),
        ("PR", "27", (), "coverage"),
        ("CO", "197", (), "authorization"),
        ("CO", "15", (), "authorization_number"),
        ("CO", "296", (), "authorization_number"),
        ("CO", "287", (), "authorization"),
        ("CO", "16", ("MA04", "M51"), "other_payer"),
        ("CO", "16", ("N479",), "other_payer"),
        ("CO", "16", ("M29",), "documents"),
        ("CO", "254", (), "other_payer"),
        ("CO", "270", (), "other_payer"),
        ("CO", "239", (), "claim_data"),
        ("CO", "267", (), "claim_data"),
        ("CO", "272", (), "necessity"),
        ("CO", "B14", (), "bundling"),
        ("PR", "178", (), "coverage"),
        ("PR", "P12", (), "rate"),
        ("CO", "50", ("N115",), "necessity"),
        ("CO", "252", ("M127",), "documents"),
        ("CO", "29", (), "timely_filing"),
        ("OA", "18", ("N522",), "duplicate"),
        ("CO", "97", ("M15",), "bundling"),
        ("CO", "45", (), "rate"),
        ("PLB", "WO", (), "recoupment"),
        ("CO", "B20", (), "other"),
        ("CO", "9999", (), "other"),
    ],
)
def test_codes_find_their_category(group: str, carc: str, rarcs: tuple[str, ...], category: str) -> None:
    assert denial_categories(DAY).categorise(group, carc, rarcs) == category


def test_no_rule_names_a_code_that_no_list_knows() -> None:
    for rule in denial_categories(DAY).rules:
        assert rule.groups == ("PLB",) or all(known_carc(code) for code in rule.carcs), rule.carcs
        assert all(known_rarc(code) for code in rule.rarcs), rule.rarcs


def test_the_most_telling_document_lies_on_top_and_others_stay_at_home() -> None:
    held = (
        Document(kind="test_result", reference="R1"),
        Document(kind="invoice", reference="R2"),
        Document(kind="medical_record", reference="R3"),
        Document(kind="emergency_record", reference="R4", supports=("necessity",)),
    )
    assert [document.reference for document in evidence(DAY).of("necessity").choose(held)] == ["R4", "R3", "R1"]


def test_an_appeal_is_worth_less_at_each_level() -> None:
    rates = win_rates(DAY)
    shown = frozenset({"supported"})
    percents = [rates.percent("appeal", "necessity", shown, level) for level in (1, 2, 3)]
    assert percents == sorted(percents, reverse=True) and percents[0] > percents[2]


def test_old_remittances_are_read_with_the_oldest_edition() -> None:
    assert denial_categories(date(2001, 1, 1)).categorise("CO", "16", ()) == "claim_data"


def test_a_table_that_cannot_be_read_names_its_file_and_place() -> None:
    with pytest.raises(TableError, match="win_rates.yaml: rates"):
        edition_on("win_rates.yaml", Edition, DAY)
    with pytest.raises(TableError, match="nowhere.yaml"):
        edition_on("nowhere.yaml", Edition, DAY)
