"""A bounded run of the fuzz target; `make fuzz` runs it for as long as one likes. What it ever found stays in `found/`."""

from __future__ import annotations

import base64
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.unit.x12.x12_invariants import hold

RUNS, SEED = 1000, 7
"""Counted, not timed: the same code is fed the same bytes on every machine."""
LONGEST = 300
ROOT = Path(__file__).parents[2]
FOUND = Path(__file__).parent / "found"


@pytest.mark.parametrize("path", sorted(FOUND.iterdir()), ids=lambda path: path.name)
def test_what_was_found_once_stays_mended(path: Path) -> None:
    hold(path.read_bytes())


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel for this machine or this Python")
def test_the_fuzzer_finds_nothing_in_its_first_runs(tmp_path: Path) -> None:
    corpus, crashes = tmp_path / "corpus", tmp_path / "crashes"
    crashes.mkdir()
    options = [f"-runs={RUNS}", f"-seed={SEED}", "-max_len=16384", "-timeout=20", "-rss_limit_mb=1024"]
    command = [sys.executable, "-m", "tests.fuzz.x12_fuzz", *options, f"-artifact_prefix={crashes}/", str(corpus)]
    done = subprocess.run(
        command, check=False, cwd=ROOT, capture_output=True, text=True, errors="replace", timeout=LONGEST
    )
    found = [base64.b64encode(path.read_bytes()).decode() for path in crashes.iterdir()]
    assert (done.returncode, found) == (0, []), f"{done.stderr[-3000:]}\nmend it, and keep the bytes in found/"
    assert "Done" in done.stderr, "the fuzzer did not run"
