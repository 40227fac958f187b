"""`overturn payers validate`: what a person who writes a policy sees."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.local.payers import SHIPPED, load
from schemas.codes.dated import DIRECTORY, tables_changed
from services.cli.payers import app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "policies"))


def test_the_shipped_payers_are_usable() -> None:
    result = CliRunner().invoke(app, ["validate", str(SHIPPED), "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert [payer["payer"] for payer in found["payers"]] == ["HARBOR", "MCARE", "STMCD", "SUMMIT"]
    assert all(payer["lacks"] == [] for payer in found["payers"])


def test_a_fault_is_told_with_file_line_place_and_remedy(folder: Path) -> None:
    path = folder / "harbor.yaml"
    path.write_text(path.read_text().replace("share: 20", "sharre: 20"))
    result = CliRunner().invoke(app, ["validate", str(folder)])
    assert result.exit_code == 1
    assert "harbor.yaml:19: sharre: no such key; did you mean share?" in result.stderr


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["validate", str(tmp_path / "nothing")]).exit_code == 2


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (
            "denial: {carc: 50, rarcs: [N115]}",
            "denial: {carc: 499}",
            "denial.carc: CARC 499 is in no list; take one of",
        ),
        (
            "rarcs: [N115]",
            "rarcs: [N9999]",
            "denial.rarcs.0: RARC N9999 is in no list; take one of schemas/codes/rarc.csv",
        ),
        (
            "A7:254",
            "A7:999",
            "status: claim status code 999 is in no list; take one of schemas/codes/claim_status_codes",
        ),
        ("A7:254", "A7:254:0O", "status: status entity 0O is in no list"),
        ("P3:298", "P9:298", "status: claim status category P9 is in no list"),
    ],
)
def test_a_code_that_no_list_has_is_a_fault(folder: Path, right: str, wrong: str, told: str) -> None:
    path = folder / "summit.yaml"
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, wrong, 1))
    result = CliRunner().invoke(app, ["validate", str(folder)])
    assert result.exit_code == 1
    assert re.search(rf"summit.yaml:\d+: [a-z_.0-9]+\.{re.escape(told)}", result.stderr), result.stderr
    assert load(folder), "a demo may use it: payers do send such codes"


def test_a_code_that_is_not_valid_when_the_demo_begins_is_a_warning(folder: Path) -> None:
    path = folder / "summit.yaml"
    path.write_text(path.read_text().replace("rarcs: [N115]", "rarcs: [N917]", 1))
    result = CliRunner().invoke(app, ["validate", str(folder), "--json"])
    assert result.exit_code == 0
    warnings = json.loads(result.stdout)["warnings"]
    assert any("carc: CARC 15 is not valid since 2018-05-02; take one" in line for line in warnings)
    assert any("RARC N917 is not valid until 2026-02-28" in line for line in warnings)
    assert "warning: " in CliRunner().invoke(app, ["validate", str(folder)]).stderr


def test_faults_of_form_and_of_codes_are_told_together(folder: Path) -> None:
    path = folder / "harbor.yaml"
    path.write_text(path.read_text().replace("share: 20", "sharre: 20").replace("carc: 197", "carc: 499"))
    told = CliRunner().invoke(app, ["validate", str(folder)]).stderr
    assert "sharre: no such key" in told
    assert "CARC 499 is in no list" in told


def test_code_lists_that_cannot_be_used_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(DIRECTORY, str(tmp_path / "nothing"))
    tables_changed()
    result = CliRunner().invoke(app, ["validate", str(folder)])
    monkeypatch.undo()
    tables_changed()
    assert result.exit_code == 2
    assert DIRECTORY in result.stderr and "is no directory" in result.stderr
