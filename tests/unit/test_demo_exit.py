"""`overturn demo` ends as its books do: a script that runs it need not read the page."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

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
