"""What `overturn demo` tells beside its figures: whether the books balance, and what it left out."""

import json
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console
from typer.testing import CliRunner

from deploy.local.simulation.plan import Plan
from deploy.local.simulation.run import Simulation
from services.cli import demo
from services.cli.commands import app
from services.cli.reconcile.finding import Finding
from services.cli.reconcile.proofs import Verdict

FOUND = Finding("claim c-1", "charge", "intake", 100, "claim_submission", 99)


@pytest.mark.parametrize(("findings", "status"), [((), 0), ((FOUND,), 1)])
def test_the_exit_status_tells_whether_the_books_balance(
    findings: tuple[Finding, ...], status: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    verdict = Verdict(findings, ())
    report = {"conserved": verdict.conserved, "outcome": "0" * 64}
    monkeypatch.setattr(demo, "Stack", SimpleNamespace(fresh=lambda _: SimpleNamespace(state=tmp_path)))
    monkeypatch.setattr(demo, "run", lambda *_: (report, verdict))
    monkeypatch.setattr(demo, "print_report", lambda *_: None)
    result = CliRunner().invoke(app, ["demo"])
    assert result.exit_code == status, result.output
    assert ("c-1" in result.output) == bool(status)


@pytest.mark.parametrize(("days", "said"), [(20, True), (58, True), (59, False), (120, False)])
def test_encounters_that_come_after_the_last_day_are_told(days: int, said: bool, tmp_path: Path) -> None:
    stack = cast(Any, SimpleNamespace(state=tmp_path, extend_env=lambda _: None))
    simulation = Simulation(stack, Plan(150, 7, days))
    page = StringIO()
    demo.tell_left_out(Console(file=page, width=200), simulation.plan, simulation.left_out)
    truth = json.loads((tmp_path / "hidden" / "truth.json").read_text())
    late = sum(encounter["day"] > days for encounter in truth["encounters"])
    assert (late > 0) == said
    text = page.getvalue()
    assert (f"{late} of 150 encounters are left out: they come after day {days}" in text) == said
    assert bool(text) == said
