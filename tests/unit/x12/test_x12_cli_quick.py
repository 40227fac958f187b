"""`overturn x12 inspect FILE` runs without Typer, and nobody can tell: same words, same exit status, same help."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli import main
from services.cli.commands import app
from tests.unit.x12.x12_examples import sound_payment, wire

SOUND = wire(sound_payment())


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A sound 835, one out of balance, a letter, and a file that is not there."""
    texts = {"sound.835": SOUND, "off.835": SOUND.replace("BPR*I*60*", "BPR*I*61*"), "letter.txt": "Dear payer,"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return [str(tmp_path / name) for name in (*texts, "absent.835")]


def at_once(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit status of `overturn` in this process."""
    monkeypatch.setattr(sys, "argv", ["overturn", *words])
    with pytest.raises(SystemExit) as end:
        main.app()
    return int(end.value.code or 0)


@pytest.mark.parametrize("command", ["inspect", "validate"])
@pytest.mark.parametrize("option", [["--json"], []])
def test_it_says_what_typer_says(
    files: list[str],
    command: str,
    option: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for chosen in (files[:1], files[:2], files[:3], files):
        words = ["x12", command, *option, *chosen]
        usual = CliRunner().invoke(app, words)
        capsys.readouterr()
        status = at_once(monkeypatch, *words)
        said = capsys.readouterr()
        assert (status, said.out, said.err) == (usual.exit_code, usual.stdout, usual.stderr)


@pytest.mark.parametrize("words", [["--help"], [], ["--json"], ["--unknown", "file"], ["--codes", "DIR", "FILE"]])
def test_everything_but_plain_files_is_for_typer(
    files: list[str], words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"DIR": str(Path(files[0]).parent), "FILE": files[0]}
    command = ["x12", "inspect", *(names.get(word, word) for word in words)]
    usual = CliRunner().invoke(app, command)
    assert at_once(monkeypatch, *command) == usual.exit_code


def test_no_typer_is_loaded_and_a_reader_that_leaves_ends_it_quietly(files: list[str]) -> None:
    code = (
        "import atexit, sys\n"
        "from services.cli.main import app\n"
        "atexit.register(lambda: print('typer' in sys.modules, file=sys.stderr))\n"
        f"sys.argv = ['overturn', 'x12', 'inspect', *{files[:1] * 500!r}, '--json']\n"
        "app()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline().startswith('{"file":"sound.835"')
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), told) == (1, "False\n")
