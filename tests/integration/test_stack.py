"""The embedded stack itself: real broker, real database, nothing left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic
from pymongo import MongoClient

from deploy.local import mongod
from deploy.local.erase import erase_prefix
from deploy.local.errors import StackError
from deploy.local.stack import Stack
from deploy.local.state import StateLock, running_stack
from tests.waiting import until

pytestmark = pytest.mark.stack
READY = """
import http.server, os
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(os.environ["OVERTURN_METRICS_PORT"])), Ready).serve_forever()
"""


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A state folder, and an environment that names no other broker or database."""
    for variable in ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URL", "OVERTURN_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("OVERTURN_STATE", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "dummy_service.py").write_text(READY)
    return tmp_path


def processes_of(state: Path) -> list[str]:
    """Command lines of the processes that run on this state folder."""
    found = []
    mark = f"OVERTURN_STATE={state}".encode()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            if mark in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return [line for line in found if line]


def test_two_stacks_side_by_side_serve_stop_and_leave_nothing(local: Path) -> None:
    with Stack.fresh("left") as left, Stack.fresh("right") as right:
        assert not set(left.ports.values()) & set(right.ports.values())
        for stack in (left, right):
            MongoClient[dict[str, int]](stack.mongodb).box.things.insert_one({"n": 1})
            stack.run(stack.python("dummy", "dummy_service"))
            assert stack.env()["OVERTURN_STATE"] == str(stack.state)
        assert len(processes_of(local)) == 6
    assert processes_of(local) == []
    assert not left.state.exists()
    assert not right.state.exists()


def test_kept_state_survives_a_kill_of_the_whole_stack(local: Path) -> None:
    code = "from deploy.local.stack import Stack\nimport time\nwith Stack() as s:\n s.announce(); print('up', flush=True); time.sleep(300)"
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "up\n"
    env = running_stack(local)
    assert env is not None
    _write_something(env["KAFKA_BOOTSTRAP_SERVERS"], env["MONGODB_URL"])
    with pytest.raises(StackError, match="another stack runs"), Stack():
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    until(lambda: processes_of(local) == [], 10, "no process is left")
    assert running_stack(local) is None
    with Stack() as again:
        assert MongoClient[dict[str, int]](again.mongodb).box.things.count_documents({"n": 7}) == 1
        consumer = KafkaConsumer("kept", bootstrap_servers=again.bootstrap, auto_offset_reset="earliest")
        assert next(iter(consumer)).value == b"seven"
        consumer.close()


def _write_something(bootstrap: str, mongodb: str) -> None:
    MongoClient[dict[str, int]](mongodb).box.things.insert_one({"n": 7})
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics([NewTopic("kept", 1, 1)])
    admin.close()
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    producer.send("kept", b"seven").get(10)
    producer.close()


def test_a_broker_and_a_database_of_somebody_else_are_used_and_left_clean(
    local: Path, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", stack.bootstrap)
    monkeypatch.setenv("MONGODB_URL", stack.mongodb)
    database: MongoClient[dict[str, int]] = MongoClient(stack.mongodb)
    database["theirs"].box.insert_one({"n": 1})
    with Stack.fresh("guest") as guest:
        assert guest.bootstrap == stack.bootstrap
        assert guest.prefix
        assert processes_of(guest.state) == []
        database[f"{guest.prefix}ours"].box.insert_one({"n": 1})
    names = database.list_database_names()
    assert "theirs" in names
    assert not [name for name in names if name.startswith(guest.prefix)]
    database.drop_database("theirs")


@pytest.mark.parametrize("make", [Stack, lambda: Stack.fresh("guest")], ids=["kept", "fresh"])
def test_an_address_where_nothing_answers_is_an_error(
    make: Callable[[], Stack], local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9")
    monkeypatch.setenv("MONGODB_URL", "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=300")
    with pytest.raises(StackError, match="no broker answers at KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9"), make():
        pass


def test_a_state_folder_that_cannot_be_used_is_named_and_one_that_is_made_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    for state in (tmp_path / "file", tmp_path / "file" / "run", Path("/proc/overturn")):
        with pytest.raises(StackError, match=rf"{state} cannot be used as a state folder \(.+\); name another"):
            StateLock(state).take()
        monkeypatch.setenv("OVERTURN_STATE", str(state))
        with pytest.raises(StackError, match=rf"{state}/guest-.+ cannot be used as a state folder"):
            Stack.fresh("guest")
    monkeypatch.setenv("OVERTURN_STATE", str(tmp_path))
    assert Stack.fresh("guest").state.stat().st_mode & 0o777 == 0o700


def test_a_damaged_jar_is_named(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (local / "jars").mkdir()
    monkeypatch.setenv("OVERTURN_CACHE", str(local))
    with pytest.raises(StackError, match=r"org.apache.kafka:kafka_2.13:4.3.1.*python -m deploy.local.fetch"), Stack():
        pass
    assert processes_of(local) == []


def test_a_packaged_database_without_its_run_bit_is_copied_and_runs(
    local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged = local / "bin" / "mongod"
    packaged.parent.mkdir()
    packaged.write_text("#!/bin/sh\necho db version v0\n")
    packaged.chmod(0o644)
    monkeypatch.setattr(mongod, "packaged_mongod", lambda: packaged)
    monkeypatch.setenv("OVERTURN_CACHE", str(local / "cache"))
    for _ in range(2):
        program = mongod.install_mongod()
        assert program != packaged
        assert subprocess.run([program], capture_output=True, text=True, check=True).stdout == "db version v0\n"


def test_erasing_by_prefix_hits_topics_groups_and_databases_of_that_prefix_only(stack: Stack, prefix: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=stack.bootstrap)
    names = [f"{prefix}mine", f"other-{prefix}"]
    admin.create_topics([NewTopic(name, 1, 1) for name in names])
    for name in names:
        consumer = KafkaConsumer(name, bootstrap_servers=stack.bootstrap, group_id=name, auto_offset_reset="earliest")
        consumer.poll(timeout_ms=2_000)
        consumer.commit()
        consumer.close()
    database: MongoClient[dict[str, int]] = MongoClient(stack.mongodb)
    for name in names:
        database[name].box.insert_one({"n": 1})
    erase_prefix(stack.bootstrap, stack.mongodb, prefix)
    assert [name for name in names if name in admin.list_topics()] == names[1:]
    assert [name for name in names if name in {group["group_id"] for group in admin.list_groups()}] == names[1:]
    assert [name for name in names if name in database.list_database_names()] == names[1:]
    erase_prefix(stack.bootstrap, stack.mongodb, names[1])
    admin.close()


def test_a_short_prefix_erases_nothing() -> None:
    with pytest.raises(ValueError, match="too short"):
        erase_prefix("127.0.0.1:9", None, "")
