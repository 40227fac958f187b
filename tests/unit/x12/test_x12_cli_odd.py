"""`overturn x12` with what people really name: nothing, a folder, a picture, a file full of terminal codes, 100 MB."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from schemas.x12 import read
from schemas.x12.summary import summarise
from services.cli.x12 import app
from tests.unit.x12.x12_examples import answer, payment, service, sound_payment, wire

runner = CliRunner()
COMMANDS = (["inspect"], ["inspect", "--json"], ["validate"], ["validate", "--json"], ["show", "--claim", "A1"])
SOUND = wire(sound_payment())
ROOT = Path(__file__).parents[3]


def run(command: list[str], path: Path) -> Any:
    """The result, which is no traceback."""
    result = runner.invoke(app, [command[0], str(path), *command[1:]])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def absent(folder: Path) -> Path:
    return folder / "absent.835"


def a_folder(folder: Path) -> Path:
    return folder


def empty(folder: Path) -> Path:
    (folder / "empty").write_bytes(b"")
    return folder / "empty"


def a_picture(folder: Path) -> Path:
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 500)
    return folder / "picture.png"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("make", [absent, a_folder, empty, a_picture], ids=lambda make: make.__name__)
def test_what_is_no_x12_is_told_in_words_and_by_the_exit_status(
    tmp_path: Path, command: list[str], make: Callable[[Path], Path]
) -> None:
    result = run(command, make(tmp_path))
    assert result.exit_code == 2
    assert "no X12" in result.output or "name a file" in result.output
    if "--json" in command:
        [line] = result.stdout.splitlines()
        assert [item["code"] for item in json.loads(line)["diagnostics"]] == ["not_x12"]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_file_that_may_not_be_read_is_named_with_the_remedy(
    tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "locked.835"
    path.write_text(SOUND)
    monkeypatch.setattr(Path, "open", refuse)
    result = run(command, path)
    assert result.exit_code == 2
    assert "Permission denied; name a file that can be read" in result.output


def test_one_file_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "sound.835").write_text(SOUND)
    result = runner.invoke(app, ["inspect", str(tmp_path / "absent"), str(tmp_path / "sound.835"), "--json"])
    assert result.exit_code == 2
    assert [json.loads(line)["claims"] for line in result.stdout.splitlines()] == [0, 2]


@pytest.mark.parametrize("name", ["[/bold]", "[red]DOE", "\x1b[31mDOE", "DO\x07E\x9b2J"])
def test_what_a_file_says_is_shown_and_never_done(tmp_path: Path, name: str) -> None:
    """Neither the markup of our own output nor a terminal's codes."""
    one = answer(name, service(10000))
    assert one.patient is not None
    one.patient.last = name
    path = tmp_path / "[bold]odd.835"
    path.write_text(wire(payment(one), unchecked=True))
    for command in (*COMMANDS[:4], ["show", "--claim", name]):
        result = run(command, path)
        assert "[bold]odd.835" in result.output or command[0] == "show"
        assert "\x1b" not in result.output and "\x07" not in result.output and "\x9b" not in result.output
        if command[0] == "show":
            assert "".join(letter if letter.isprintable() else "?" for letter in name) in result.output


@pytest.mark.parametrize("command", COMMANDS[:4], ids=" ".join)
def test_a_letter_that_no_encoding_has_is_printed_all_the_same(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "odd.835"
    text = "\ufeff" + SOUND.replace("CAS*CO*197", "CAS*CO*19\ud800")
    path.write_bytes(text.encode("utf-16-le", "surrogatepass"))
    assert run(command, path).exit_code in (0, 1)


MEMORY = """
import resource, sys
from services.cli.main import app
sys.argv[0] = "overturn"
try:
    app()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


def peak(*arguments: str) -> int:
    """Megabytes that `overturn` took at most."""
    command = [sys.executable, "-c", MEMORY, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return int(done.stderr.split()[-1])


BIG = {
    "one set": (SOUND[: SOUND.index("LX*")], SOUND[SOUND.index("LX*") : SOUND.index("SE*")], "SE*1*0001~"),
    "rubbish": ("", "Dear payer, ST. JOHN 42\n", ""),
    "rubbish before an interchange": ("", "\x01\x02GS\x03ISA\x04", SOUND),
}
MEGABYTES = 20


@pytest.mark.parametrize("name", BIG)
def test_a_large_file_takes_no_more_memory_than_a_small_one(tmp_path: Path, name: str) -> None:
    head, unit, tail = BIG[name]
    path = tmp_path / "big"
    chunk = unit * ((1 << 20) // len(unit))
    with path.open("w", newline="") as out:
        out.write(head)
        for _ in range(MEGABYTES):
            out.write(chunk)
        out.write(tail)
    base = peak("x12", "--help")
    assert peak("x12", "inspect", str(path), "--json") - base < 15
    path.unlink()


def test_rubbish_before_an_interchange_is_said_when_streaming_too() -> None:
    data = (b"rubbish " * 20000) + SOUND.encode()
    summary = summarise(io.BytesIO(data))
    assert (summary.claims, [item.code for item in summary.diagnostics]) == (2, ["text_before_isa"])
    loaded = read(data)
    assert [len(tx.claims) for tx in loaded.transactions()] == [2]  # type: ignore[attr-defined]
    assert loaded.reemit() == data
