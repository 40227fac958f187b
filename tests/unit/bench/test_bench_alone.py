"""What is taken off a benchmark's seconds: the payers' work, and never a second of anybody else's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.bench import alone as module
from deploy.local.bench.alone import Alone


def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, used: list[tuple[float, float]], hours: str) -> Alone:
    """Looks at (instant, processor seconds that the others had used by then), and the payers' hours."""
    (tmp_path / "hours").write_text(hours)
    instants: Iterator[float] = iter([instant for instant, _ in used])
    seconds: Iterator[float] = iter([cpu for _, cpu in used])
    monkeypatch.setattr(module, "monotonic", lambda: next(instants))
    monkeypatch.setattr(module, "cpu_seconds", lambda pids: {"intake-0": next(seconds)} if "payers" not in pids else {})
    found = Alone(lambda: {"intake-0": 1, "payers": 2}, "payers", tmp_path / "hours")
    for _ in used:
        found.look()
    return found


def test_time_in_which_nobody_else_worked_is_the_payers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = watched(tmp_path, monkeypatch, [(0.0, 1.0), (10.0, 1.0)], "2.0 5.0\n")
    assert alone.seconds(0.0, 10.0) == pytest.approx(3.0)


def test_others_work_meanwhile_is_not_taken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = watched(tmp_path, monkeypatch, [(0.0, 0.0), (10.0, 5.0)], "2.0 6.0\n")
    assert alone.seconds(0.0, 10.0) == pytest.approx(2.0)


def test_two_busy_processors_leave_nothing_to_take_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = watched(tmp_path, monkeypatch, [(0.0, 0.0), (10.0, 20.0)], "2.0 6.0\n")
    assert alone.seconds(0.0, 10.0) == 0.0


def test_only_the_day_asked_for_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = watched(tmp_path, monkeypatch, [(0.0, 0.0), (10.0, 0.0)], "1.0 4.0\n6.0 7.0\n")
    assert alone.seconds(3.0, 6.5) == pytest.approx(1.5)


def test_payers_that_never_worked_take_nothing_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = watched(tmp_path, monkeypatch, [(0.0, 0.0), (1.0, 0.0)], "")
    assert alone.seconds(0.0, 1.0) == 0.0
