"""The supervisor, with real processes that are cheap to start."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import part as parts
from deploy.local.errors import StackError
from deploy.local.part import Part
from deploy.local.supervisor import Supervisor
from tests.waiting import until

SLEEP = (sys.executable, "-IS", "-c", "import time; time.sleep(300)")


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "logs", os.environ)
    yield supervisor
    supervisor.close()


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def complaint(supervisor: Supervisor) -> str:
    try:
        supervisor.check()
    except StackError as error:
        return str(error)
    return ""


def python(name: str, code: str, **options: object) -> Part:
    return Part(name, (sys.executable, "-c", code), **options)  # type: ignore[arg-type]


def test_a_killed_part_comes_back_with_another_process(supervisor: Supervisor) -> None:
    supervisor.start([Part("sleeper", SLEEP)])
    first = supervisor.pids["sleeper"]
    os.kill(first, signal.SIGKILL)
    until(lambda: supervisor.pids.get("sleeper", first) != first, 5, "another process")
    assert supervisor.restarts == {"sleeper": 1}


def test_a_storm_of_kills_never_makes_it_give_up(supervisor: Supervisor) -> None:
    suicide = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    supervisor.start([Part("victim", (sys.executable, "-IS", "-c", suicide))])
    until(lambda: supervisor.restarts["victim"] >= 60, 60, "60 restarts")
    supervisor.check()


def test_a_part_that_cannot_be_started_again_is_given_up_and_the_others_still_end(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.start([Part("sleeper", SLEEP), Part("other", SLEEP)])
    other = supervisor.pids["other"]
    shutil.rmtree(tmp_path / "logs")
    os.kill(supervisor.pids["sleeper"], signal.SIGKILL)
    until(lambda: "sleeper cannot be started again" in complaint(supervisor), 5, "the supervisor's word")
    supervisor.stop(["other"])
    assert not is_alive(other)


def test_a_part_that_fails_at_once_by_itself_is_given_up_and_its_log_is_named(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "FAILURE_BACKOFF", 0.01)
    supervisor.start([python("broken", "raise SystemExit('no such door: sftp')", ready=lambda: False)])
    with pytest.raises(StackError) as caught:
        supervisor.wait_ready()
    assert "broken.log" in str(caught.value)
    assert "no such door: sftp" in str(caught.value)


def test_a_part_that_calls_its_configuration_wrong_is_given_up_at_once(supervisor: Supervisor) -> None:
    supervisor.start([python("wrong", "import sys; print('KEY is not set', flush=True); sys.exit(78)")])
    until(lambda: "wrong" not in supervisor.pids, 5, "it has ended")
    with pytest.raises(StackError, match="KEY is not set"):
        supervisor.wait_ready()
    assert supervisor.restarts["wrong"] == 0


def test_a_part_that_is_late_is_an_error_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    code = "import time; print('waiting for the moon', flush=True); time.sleep(60)"
    supervisor.start([python("late", code, ready=lambda: False, ready_within=1.5)])
    with pytest.raises(StackError, match="late is not ready") as caught:
        supervisor.wait_ready()
    assert "waiting for the moon" in str(caught.value)


def test_a_program_that_is_not_there_is_named_in_the_log(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "FAILURE_BACKOFF", 0.01)
    supervisor.start([Part("ghost", ("/no/such/program",), ready=lambda: False)])
    with pytest.raises(StackError, match="cannot run /no/such/program"):
        supervisor.wait_ready()


def test_stop_asks_first_then_kills_what_does_not_listen(supervisor: Supervisor, tmp_path: Path) -> None:
    polite = f"import signal, time, pathlib; signal.signal(15, lambda *_: (pathlib.Path({str(tmp_path / 'bye')!r}).touch(), exit(0)))"
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN)"
    wait = "; print('up', flush=True); time.sleep(60)"
    supervisor.start([python("polite", polite + wait, stop_within=5.0), python("deaf", deaf + wait, stop_within=1.0)])
    for name in ("polite", "deaf"):
        until(lambda name=name: b"up" in supervisor.log_of(name).read_bytes(), 5, f"{name} is up")  # type: ignore[misc]
    pids = list(supervisor.pids.values())
    supervisor.stop(["polite", "deaf"])
    assert (tmp_path / "bye").exists()
    assert not any(is_alive(pid) for pid in pids)


def test_what_a_part_started_ends_with_it(supervisor: Supervisor) -> None:
    code = "import subprocess, sys; print(subprocess.Popen(['sleep', '300']).pid, flush=True); sys.stdin.read(); import time; time.sleep(300)"
    supervisor.start([python("parent", code)])
    log = supervisor.log_of("parent")
    until(lambda: log.read_text().strip().isdigit(), 5, "the grandchild's pid")
    grandchild = int(log.read_text())
    supervisor.stop(["parent"])
    until(lambda: not is_alive(grandchild), 5, "the grandchild has ended")


def test_children_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    import subprocess

    code = (
        "import os, pathlib, sys, time\n"
        "from deploy.local.part import Part\n"
        "from deploy.local.supervisor import Supervisor\n"
        f"supervisor = Supervisor(pathlib.Path({str(tmp_path)!r}), os.environ)\n"
        f"supervisor.start([Part('a', {SLEEP!r}), Part('b', {SLEEP!r})])\n"
        "print(*supervisor.pids.values(), flush=True)\n"
        "time.sleep(300)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    children = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(children) == 2
    assert all(is_alive(pid) for pid in children)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not any(is_alive(pid) for pid in children), 5, "the children have ended")


def test_a_part_sees_the_environment_and_its_own_variables(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, {"PATH": os.environ["PATH"], "COLOUR": "red", "SIZE": "1"})
    try:
        supervisor.start(
            [
                python(
                    "printer",
                    "import os, time; print(os.environ['COLOUR'], os.environ['SIZE'], flush=True); time.sleep(60)",
                    env={"SIZE": "2"},
                )
            ]
        )
        until(lambda: "red 2" in (tmp_path / "printer.log").read_text(), 5, "the variables in the log")
    finally:
        supervisor.close()


def test_a_name_is_used_once(supervisor: Supervisor) -> None:
    supervisor.start([Part("one", SLEEP)])
    with pytest.raises(StackError, match="one runs already"):
        supervisor.start([Part("one", SLEEP)])


def test_restart_is_soon(supervisor: Supervisor) -> None:
    supervisor.start([Part("sleeper", SLEEP)])
    first, begun = supervisor.pids["sleeper"], time.monotonic()
    os.kill(first, signal.SIGKILL)
    until(lambda: supervisor.pids.get("sleeper", first) != first, 5, "another process")
    assert time.monotonic() - begun < 1.5
