"""`overturn payers validate`: what a person who writes a policy sees."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.local.payers import SHIPPED
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
