"""Code tables by date, and newer ones from a directory."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from schemas.codes.carc import carc
from schemas.codes.dated import DIRECTORY, Judgement, TableError, table, tables_changed, use_directory
from schemas.codes.plb_reasons import plb_table
from schemas.codes.procedure_families import family
from schemas.x12 import read
from tests.unit.x12.x12_examples import batch, claim, sound_payment, wire

HEADER = "code,begins,ends,groups,meaning\n"
DAY = date(2026, 2, 1)


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory of newer tables, in use as long as the test runs."""
    monkeypatch.setenv(DIRECTORY, str(tmp_path))
    tables_changed()
    yield tmp_path
    tables_changed()


def test_a_table_of_the_directory_stands_for_the_package_s(newer: Path) -> None:
    (newer / "carc.csv").write_text(HEADER + "998,2026-01-01,,,a reason of tomorrow\n")
    assert carc("998", DAY) == "a reason of tomorrow"
    assert carc("45", DAY) is None
    assert table("rarc.csv").known("N130")


def test_a_table_that_cannot_be_read_names_file_line_and_remedy(newer: Path) -> None:
    (newer / "carc.csv").write_text(HEADER + "998,01/02/2026,,,x\n")
    with pytest.raises(TableError, match=r"carc\.csv:2.*YYYY-MM-DD"):
        carc("998", DAY)


def test_a_directory_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(DIRECTORY, str(tmp_path / "absent"))
    tables_changed()
    with pytest.raises(TableError, match=DIRECTORY):
        carc("45", DAY)
    monkeypatch.undo()
    tables_changed()


@pytest.mark.parametrize(
    ("code", "on", "standing", "since", "until"),
    [
        ("45", DAY, "valid", date(1995, 1, 1), date.max),
        ("45", date(1990, 1, 1), "not_valid", date.min, date(1994, 12, 31)),
        ("15", date(2018, 5, 1), "valid", date(1995, 1, 1), date(2018, 5, 1)),
        ("15", DAY, "not_valid", date(2018, 5, 2), date.max),
        ("9999", DAY, "unknown", date.min, date.max),
    ],
)
def test_a_code_is_judged_with_the_days_around(code: str, on: date, standing: str, since: date, until: date) -> None:
    assert table("carc.csv").judge(code, on) == Judgement(standing, since, until)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("file", "least"),
    [("carc.csv", 400), ("rarc.csv", 1190), ("claim_status_codes.csv", 600), ("claim_status_categories.csv", 50)],
)
def test_the_lists_are_whole(file: str, least: int) -> None:
    assert len(table(file)) >= least


def test_plb_reasons_are_a_table_too() -> None:
    assert plb_table().judge("WO", DAY).standing == "valid"
    assert plb_table().judge("WO", date(2001, 1, 1)).standing == "valid"
    assert plb_table().judge("Q9", DAY).standing == "unknown"


def _said(text: str) -> list[str]:
    """What is said of the first set of a file, without its place."""
    [transaction] = read(text.encode()).transactions()
    return [finding.code for finding in transaction.diagnostics]


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The package's own tables, before and behind the test."""
    monkeypatch.setenv(DIRECTORY, "")
    tables_changed()
    yield monkeypatch
    monkeypatch.undo()
    tables_changed()


def test_what_was_judged_by_a_table_is_judged_anew_by_the_next(unset: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In one process, for both readers' memories: an adjustment's reason, a place of service, a procedure that wants more."""
    files = {
        "carc.csv": HEADER + "2,,,,share\n45,,2020-01-01,,discount\n197,,,,late\n",
        "place_of_service.csv": "code,begins,ends,meaning\n11,2027-01-01,,office\n",
        "procedure_families.csv": "family,first,last,begins,ends\nambulance,99213,99213,,\n",
        "plb_reasons.yaml": "editions:\n- {effective_from: 2000-01-01, source: x, reasons: {Q9: {class: unapplied, about: y}}}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    paid, billed = wire(sound_payment()), wire(batch(claim()))
    assert (_said(paid), _said(billed), family("99213"), plb_table().known("WO")) == ([], [], "", True)
    use_directory(tmp_path)
    assert set(_said(paid)) == {"code_not_valid"}
    assert {"code_not_valid", "ambulance_certification_missing"} <= set(_said(billed))
    assert (family("99213"), plb_table().known("WO")) == ("ambulance", False)
    unset.undo()
    tables_changed()
    assert (_said(paid), _said(billed), family("99213"), plb_table().known("WO")) == ([], [], "", True)
