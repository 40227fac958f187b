"""`overturn up`: everything comes up, is found by other commands, and ends without a trace when told to."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.fleet import service_names
from deploy.local.http import answers_ready
from deploy.local.state import running_stack
from tests.waiting import until

pytestmark = pytest.mark.stack


def command_lines(state: Path) -> list[str]:
    """Command lines of the processes that run on this state folder."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and f"OVERTURN_STATE={state}".encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return [line for line in found if line]


def test_up_runs_everything_and_ends_without_a_trace(tmp_path: Path) -> None:
    state = tmp_path / "state"
    env = {**os.environ, "OVERTURN_STATE": str(state)}
    for variable in ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URL", "OVERTURN_PREFIX"):
        env.pop(variable, None)
    code = "import sys; from services.cli.main import app; sys.argv = ['overturn', 'up']; app()"
    output = (tmp_path / "output").open("w")
    up = subprocess.Popen([sys.executable, "-c", code], env=env, stdout=output, stderr=output)
    try:
        until(lambda: up.poll() is not None or running_stack(state) is not None, 120, "the stack is announced")
        assert up.poll() is None, (tmp_path / "output").read_text()
        lines = command_lines(state)
        for service in service_names():
            assert [line for line in lines if f"-m services.{service}" in line], f"{service} does not run"
        ports = json.loads((state / "ports.json").read_text())
        assert all(answers_ready(ports[f"{service}-0"])() for service in service_names())
        up.send_signal(signal.SIGTERM)
        assert up.wait(60) == 128 + signal.SIGTERM
    finally:
        up.kill()
        output.close()
    until(lambda: command_lines(state) == [], 10, "no process is left")
    assert running_stack(state) is None
    assert (state / "logs" / "kafka.log").is_file()
