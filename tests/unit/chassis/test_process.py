"""Configuration, fail points, logs and the stall detector: what an operator meets."""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
from aiokafka.protocol.commit import OffsetCommitResponse_v3
from aiokafka.protocol.group import HeartbeatResponse_v1

from services.chassis import failpoints
from services.chassis.config import ConfigError, from_env
from services.chassis.eviction import ending_when_evicted
from services.chassis.liveness import Liveness
from services.chassis.log import JsonFormatter
from services.chassis.outbox import Input
from services.chassis.topics import load_topics, named_topics, record_time_topics
from services.chassis.verdicts import Fatal
from services.chassis.web import Web
from services.chassis.worker import Worker


def env(tmp_path: Path, **more: str) -> dict[str, str]:
    keys = tmp_path / "keys"
    keys.touch()
    return {"KAFKA_BOOTSTRAP_SERVERS": "b:1", "MONGODB_URL": "mongodb://m", "OVERTURN_KEYS": str(keys), **more}


def test_names_wear_the_prefix(tmp_path: Path) -> None:
    config = from_env("intake", env(tmp_path, OVERTURN_PREFIX="t1-", OVERTURN_WORKER="2", OVERTURN_PARTNERS="a, b"))
    assert (config.group, config.database, config.topic("x.v1")) == ("t1-intake", "t1-intake", "t1-x.v1")
    assert (config.member, config.partners, config.partitions) == ("intake-2", ("a", "b"), 4)


@pytest.mark.parametrize(
    "wrong",
    [
        {"OVERTURN_PARTITIONS": "0"},
        {"OVERTURN_PARTITIONS": "x"},
        {"OVERTURN_PARTITIONS": "nan"},
        {"OVERTURN_PARTITIONS": "2.5"},
        {"OVERTURN_PREFIX": "a.b"},
        {"OVERTURN_KEYS": "/nowhere"},
        {"MONGODB_URL": " "},
    ],
)
def test_what_is_wrong_is_named_with_a_remedy(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))) as error:
        from_env("intake", env(tmp_path, **wrong))
    assert "set it" in str(error.value) or "make one" in str(error.value) or "may hold" in str(error.value)


def test_a_fail_point_kills_once_and_the_next_is_armed_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: killed.append((pid, number)))
    spec = "after_load:2,after_write,after_load"
    for expected in ("after_load", "after_write", "after_load", None):
        failpoints.arm("svc", spec, tmp_path)
        for _ in range(3):
            for name in failpoints.NAMES:
                failpoints.failpoint(name)
        assert len(killed) == len(list((tmp_path / "failpoints").iterdir()))
        assert expected is None or (os.getpid(), signal.SIGKILL) == killed[-1]
    assert {marker.name for marker in (tmp_path / "failpoints").iterdir()} == {
        "svc-after_load",
        "svc-after_write",
        "svc-after_load.2",
    }
    failpoints.arm("svc", "", tmp_path)


def test_an_unknown_fail_point_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="after_lunch"):
        failpoints.arm("svc", "after_lunch", tmp_path)


def test_a_log_line_never_carries_a_payload_or_an_exception_s_text() -> None:
    formatter = JsonFormatter("svc", 0)
    try:
        raise ValueError("Joan Smith")
    except ValueError:
        record = logging.LogRecord("lib", logging.ERROR, __file__, 1, "got %r %s", (b"Joan", 5), sys.exc_info())
    line = orjson.loads(formatter.format(record))
    assert "Joan" not in str(line)
    assert line["message"] == "got '<bytes>' 5"
    assert line["error"] == "ValueError"
    assert line["at"][-1].startswith("test_process.py:")


async def test_work_that_is_cut_off_from_below_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line would go on with the batch behind it, whose commit would step over what was not done."""
    reasons: list[str] = []
    monkeypatch.setattr("services.chassis.worker.exit_now", reasons.append)

    async def cut_off() -> None:
        raise asyncio.CancelledError

    await Worker._guard(cast(Any, None), cut_off())
    assert len(reasons) == 1
    told_to_end = asyncio.create_task(Worker._guard(cast(Any, None), asyncio.Event().wait()))
    await asyncio.sleep(0)
    told_to_end.cancel()
    with pytest.raises(asyncio.CancelledError):
        await told_to_end
    assert len(reasons) == 1


async def test_a_port_that_another_has_is_named_with_a_remedy() -> None:
    first = Web("127.0.0.1", 0, lambda: None, lambda: None)
    port = await first.start()
    with pytest.raises(Fatal, match=f"127.0.0.1:{port} .*EADDRINUSE.*OVERTURN_METRICS_PORT"):
        await Web("127.0.0.1", port, lambda: None, lambda: None).start()
    await first.stop()


class Far:
    """A log whose end is ahead."""

    def __init__(self, end: int) -> None:
        self.end = end

    async def ends(self, places: set[Input]) -> Mapping[Input, int]:
        return dict.fromkeys(places, self.end)


async def stalled(end: int, finished: float, seconds: float = 0.3, stranded: float = 0.0) -> list[str]:
    reasons: list[str] = []
    watch = Liveness(
        Far(end),
        lambda: {("t", 0): 5},
        lambda: finished,
        seconds,
        end_process=reasons.append,
        stranded=lambda: stranded,
    )
    watching = asyncio.create_task(watch.run())
    await asyncio.sleep(1.6)
    watching.cancel()
    assert bool(watch.wrong) == bool(reasons)
    return reasons


async def test_lag_without_progress_is_a_stall() -> None:
    reasons = await stalled(end=8, finished=0.0)
    assert reasons and "3 records wait" in reasons[0]


async def test_a_refused_commit_without_new_partitions_is_a_stall_though_no_lag_is_seen() -> None:
    reasons = await stalled(end=5, finished=time.monotonic() + 60, stranded=31.0)
    assert reasons and "a commit was refused" in reasons[0]


@pytest.mark.parametrize(
    ("response", "ends"),
    [
        (OffsetCommitResponse_v3(0, [("t", [(0, 0), (1, 25)])]), True),
        (OffsetCommitResponse_v3(0, [("t", [(0, 0), (1, 22)]), ("u", [(0, 27)])]), False),
        (HeartbeatResponse_v1(0, 25), True),
        (HeartbeatResponse_v1(0, 82), True),
        (HeartbeatResponse_v1(0, 27), False),
        (HeartbeatResponse_v1(0, 0), False),
    ],
)
async def test_only_who_has_lost_its_place_ends(response: Any, ends: bool) -> None:
    """A new generation (22) and a rebalance (27) are ordinary: the client joins again."""
    reasons: list[str] = []

    async def send(request: Any) -> Any:
        return response

    assert await ending_when_evicted(send, reasons.append)(None) is response
    assert bool(reasons) == ends


async def test_no_lag_or_progress_is_no_stall() -> None:
    assert await stalled(end=5, finished=0.0) == []
    assert await stalled(end=8, finished=time.monotonic() + 60) == []


async def test_one_partition_that_stands_still_is_a_stall_though_others_go_on() -> None:
    reasons: list[str] = []
    moving = {("t", 0): 5, ("u", 0): 5, ("t", 1): 5}

    class Going(Far):
        async def ends(self, places: set[Input]) -> Mapping[Input, int]:
            moving[("t", 0)] += 1
            return {place: 9 + moving[place] if place[1] == 0 else 8 for place in places}

    watch = Liveness(Going(8), lambda: moving, time.monotonic, 60, 1.5, reasons.append)
    watching = asyncio.create_task(watch.run())
    await asyncio.sleep(3.6)
    watching.cancel()
    assert reasons and all("3 records wait in partition 1 " in reason for reason in reasons)


def test_topics_yaml_names_every_topic_once() -> None:
    names = [name for name, _ in named_topics(("acme", "zeta"))]
    assert len(names) == len(set(names))
    assert {"partner.acme.encounters.v1", "clock.v1", "intake.timers.v1", "intake.replay.v1"} <= set(names)
    assert "partner.{partner}.encounters.v1" in record_time_topics()


def test_a_letter_s_topic_takes_whatever_its_sources_take() -> None:
    """An oversized record must fit into the letter that tells of it (DESIGN §4.6)."""
    specs = {spec.name: spec for spec in load_topics()}
    for spec in specs.values():
        for reader in spec.readers:
            letters = specs.get(f"{reader}.deadletters.v1")
            if letters is not None and spec.name != letters.name and ".replay." not in spec.name:
                assert letters.max_message_bytes > spec.max_message_bytes + 4096


def test_virtual_time_lets_any_timestamp_rest_for_ever() -> None:
    spec = next(spec for spec in load_topics() if spec.name == "clock.v1")
    assert spec.config(local=True)["retention.ms"] == "-1"
    assert spec.config(local=False)["retention.ms"] == str(spec.retention_days * 86_400_000)
    assert "message.timestamp.after.max.ms" not in spec.config(local=False)
