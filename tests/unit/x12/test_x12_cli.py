"""`overturn x12`: what it prints, and what its exit status says."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas.codes.dated import DIRECTORY, tables_changed
from services.cli.x12 import app
from tests.unit.x12.x12_examples import batch, claim, sound_payment, wire

runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound 835, a sound 837, an 835 out of balance, and a letter."""
    (tmp_path / "sound.835").write_text(wire(sound_payment()))
    (tmp_path / "sound.837").write_text(wire(batch(claim())))
    (tmp_path / "off.835").write_text(wire(sound_payment()).replace("BPR*I*60*", "BPR*I*61*"))
    (tmp_path / "letter.txt").write_text("Dear payer,")
    return tmp_path


def inspect(*paths: Path) -> tuple[int, list[dict[str, object]]]:
    """Exit status and objects of `inspect --json`."""
    result = runner.invoke(app, ["inspect", *map(str, paths), "--json"])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_inspect_counts_everything_in_one_object_a_file(folder: Path) -> None:
    status, [payment, sent] = inspect(folder / "sound.835", folder / "sound.837")
    assert status == 0
    assert payment["file"] == "sound.835"
    assert payment["transactions"] == {"835": 1}
    assert payment["versions"] == {"005010X221A1": 1}
    assert (payment["claims"], payment["claims_set_aside"], payment["service_lines"]) == (2, 0, 2)
    assert payment["cents"] == {"charged": 15000, "paid": 6000}
    assert payment["claim_status"] == {"1": 1, "4": 1}
    assert payment["cas"] == {
        "CO-197": {"count": 1, "cents": 5000},
        "CO-45": {"count": 1, "cents": 2500},
        "PR-2": {"count": 1, "cents": 1500},
    }
    assert payment["payments"] == [{"trace": "CHECK1", "bpr_cents": 6000, "balanced": True}]
    assert payment["diagnostics"] == []
    text = (folder / "sound.835").read_text()
    assert payment["segments"] == sum(1 for part in text.split("~") if part.strip())
    assert payment["bytes"] == len(text)
    assert (sent["transactions"], sent["claims"], sent["cents"]) == ({"837": 1}, 1, {"charged": 15000, "paid": 0})


@pytest.mark.parametrize(("name", "status"), [("sound.835", 0), ("off.835", 1), ("letter.txt", 2), ("absent.835", 2)])
def test_the_exit_status_tells_sound_faulty_and_no_x12(folder: Path, name: str, status: int) -> None:
    for command in ("inspect", "validate"):
        assert runner.invoke(app, [command, str(folder / name), "--json"]).exit_code == status
        assert runner.invoke(app, [command, str(folder / name)]).exit_code == status


def test_the_worst_file_decides(folder: Path) -> None:
    assert inspect(folder / "sound.835", folder / "letter.txt", folder / "off.835")[0] == 2


def test_a_finding_has_all_that_a_machine_needs(folder: Path) -> None:
    _, [summary] = inspect(folder / "off.835")
    [finding] = summary["diagnostics"]  # type: ignore[misc]
    assert set(finding) == {"code", "severity", "snip", "segment", "loop", "element", "message"}
    assert (finding["code"], finding["snip"], finding["element"]) == ("payment_out_of_balance", 3, "BPR02")
    assert summary["payments"][0]["balanced"] is False  # type: ignore[index]


def test_show_names_the_claim_its_lines_and_its_codes(folder: Path) -> None:
    result = runner.invoke(app, ["show", str(folder / "sound.835"), "--claim", "A1"])
    assert result.exit_code == 0
    for part in ("claim A1", "60.00", "CO-45", "PR-2", "coinsurance", "99213-25"):
        assert part in result.stdout
    assert runner.invoke(app, ["show", str(folder / "sound.837"), "--claim", "A1"]).exit_code == 0
    assert runner.invoke(app, ["show", str(folder / "sound.835"), "--claim", "NONE"]).exit_code == 1


KEYS = [
    "file",
    "bytes",
    "encoding",
    "interchanges",
    "transactions",
    "versions",
    "segments",
    "claims",
    "claims_set_aside",
    "service_lines",
    "cents",
    "claim_status",
    "cas",
    "rarc",
    "plb",
    "stc",
    "eb",
    "aaa",
    "payments",
    "diagnostics",
]


def test_the_object_of_inspect_has_exactly_the_promised_keys(folder: Path) -> None:
    _, objects = inspect(*(folder / name for name in ("sound.835", "sound.837", "off.835", "letter.txt")))
    assert [list(found) for found in objects] == [KEYS] * 4
    payment = objects[0]
    assert list(payment["cents"]) == ["charged", "paid"]  # type: ignore[call-overload]
    assert [list(found) for found in payment["payments"]] == [["trace", "bpr_cents", "balanced"]]  # type: ignore[attr-defined]
    assert all(list(found) == ["count", "cents"] for found in payment["cas"].values())  # type: ignore[attr-defined]
    for name in ("bytes", "interchanges", "segments", "claims", "claims_set_aside", "service_lines"):
        assert isinstance(payment[name], int)


def test_validate_prints_an_object_a_file_and_an_unknown_group_is_an_error(folder: Path) -> None:
    (folder / "group.835").write_text((folder / "sound.835").read_text().replace("CAS*CO*45", "CAS*ZZ*45"))
    result = runner.invoke(app, ["validate", str(folder / "sound.835"), str(folder / "group.835"), "--json"])
    assert result.exit_code == 1
    sound, group = (json.loads(line) for line in result.stdout.splitlines())
    assert sound == {"file": "sound.835", "valid": True, "diagnostics": []}
    assert [list(found) for found in group["diagnostics"]] == [
        ["code", "severity", "snip", "segment", "loop", "element", "message"]
    ]
    assert (group["valid"], group["diagnostics"][0]["element"]) == (False, "CAS01")
    _, [counted] = inspect(folder / "group.835")
    assert (counted["claims"], counted["claims_set_aside"]) == (1, 1)


def test_newer_code_tables_come_from_a_directory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DIRECTORY, "")
    tables = folder / "tables"
    tables.mkdir()
    (tables / "carc.csv").write_text(
        "code,begins,ends,groups,meaning\n2,,,,share\n45,,,,discount\n197,,2020-01-01,,late\n"
    )
    arguments = ["validate", str(folder / "sound.835"), "--json"]
    assert json.loads(runner.invoke(app, arguments).stdout)["diagnostics"] == []
    result = runner.invoke(app, [*arguments, "--codes", str(tables)])
    monkeypatch.setenv(DIRECTORY, "")
    tables_changed()
    assert result.exit_code == 0
    assert [found["code"] for found in json.loads(result.stdout)["diagnostics"]] == ["code_not_valid"]


def test_counts_are_shown_with_the_words_of_their_codes(folder: Path) -> None:
    shown = runner.invoke(app, ["inspect", str(folder / "sound.835")]).stdout
    for words in ("processed as primary", "coinsurance", "denied"):
        assert words in shown
