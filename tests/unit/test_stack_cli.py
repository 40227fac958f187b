"""The `overturn` command: found, quick to start, and clear about what it does not know."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.commands import COMMANDS, LazyCommands, app
from tests.waiting import until

HEAVY = ("faust", "aiokafka", "kafka", "pymongo", "mongomotor", "deploy.local.stack")


def test_the_command_itself_loads_nothing_heavy() -> None:
    code = f"import sys, services.cli.main, services.cli.commands; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_up_explains_itself() -> None:
    result = CliRunner().invoke(app, ["up", "--help"])
    assert result.exit_code == 0
    assert "Ctrl-C" in result.output


def test_an_unknown_command_is_named() -> None:
    result = CliRunner().invoke(app, ["upp"])
    assert result.exit_code == 2
    assert "upp" in result.output


def test_every_command_leads_somewhere() -> None:
    group = LazyCommands(name="overturn")
    for name in group.list_commands(None):
        assert group.get_command(None, name).name == name, COMMANDS[name]


def test_topics_need_the_broker_and_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URL", "OVERTURN_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OVERTURN_STATE", str(tmp_path))
    nowhere = CliRunner().invoke(app, ["topics", "diff"])
    assert nowhere.exit_code == 78 and "KAFKA_BOOTSTRAP_SERVERS" in nowhere.output and "MONGODB" not in nowhere.output
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    silent = CliRunner().invoke(app, ["topics", "diff"])
    assert silent.exit_code == 1 and "the broker does not answer" in silent.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_told_to_end_unwinds(number: signal.Signals, tmp_path: Path) -> None:
    marker = tmp_path / "unwound"
    code = (
        "import pathlib, time, services.cli.commands as commands\n"
        "commands.root()\n"
        "try:\n"
        "    print('up', flush=True); time.sleep(60)\n"
        "finally:\n"
        f"    pathlib.Path({str(marker)!r}).touch()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    os.kill(process.pid, number)
    until(lambda: process.poll() is not None, 5, "the command has ended")
    process.stdout.close()
    assert process.returncode == 128 + number
    assert marker.exists()
