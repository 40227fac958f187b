"""Speed and memory of the codec beside `str.split`, oxedi and x12sdk on the same text in the same run.

    make bench-x12        python -m tests.bench.bench_x12 [--json] [--example FILE]

Medians of five by the processor's clock. 835 files of 1 and 10 MB: one transaction repeated (of FILE, where given: X12's
multi-claim example, say), and one of which no two segments are alike. `passed`: validated and balanced, as `inspect` and
`validate` read; `typed`: every claim and line made into fields. 837P: claims of three lines under their own subscribers.
The command line is measured as a whole process, and its memory above that of `overturn x12 --help`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from schemas.x12 import Claims837P, Delimiters, Interchange, Remittance835, read, write
from tests.bench.x12_data import distinct, repeated, sent

RUNS = 5
CLAIMS = 2000
MEGABYTE = 1_000_000
# A process counts the memory of the one that starts it as its own, so a small one starts it.
LAUNCH = """
import os, sys
command = [sys.executable, "-c", "from services.cli.main import app; app()", *sys.argv[1:]]
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
_, status, used = os.wait4(os.posix_spawn(sys.executable, command, os.environ, file_actions=quiet), 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
Figures = dict[str, float]


def median(work: Callable[[], int], runs: int = RUNS) -> float:
    """Units a second of `work`, which returns how many it did."""
    rates = []
    for _ in range(runs):
        start = time.process_time()
        count = work()
        rates.append(count / (time.process_time() - start))
    return statistics.median(rates)


def split(data: bytes) -> Callable[[], int]:
    """What everything is measured against."""
    text = data.decode()
    return lambda: sum(len(part.split("*")) > 0 for part in text.split("~"))


def pass_835(data: bytes, typed: bool) -> Callable[[], int]:
    """Every claim validated and balanced; and made into fields."""

    def work() -> int:
        reading = read(BytesIO(data), stream=True)
        for transaction in reading.transactions():
            assert isinstance(transaction, Remittance835)
            for item in transaction.claims:
                assert item.lines if typed else not item.set_aside
            assert not transaction.diagnostics
        return reading.segments

    return work


def pass_837(data: bytes, typed: bool) -> Callable[[], int]:
    """As `pass_835`, in claims."""

    def work() -> int:
        reading = read(BytesIO(data), stream=True)
        for transaction in reading.transactions():
            assert isinstance(transaction, Claims837P)
            for item in transaction.claims:
                assert item.lines if typed else not item.set_aside
        return reading.claims_read

    return work


def process(*arguments: str) -> tuple[float, float]:
    """Seconds of processor and megabytes of a whole run of `overturn`."""
    said = subprocess.run([sys.executable, "-c", LAUNCH, *arguments], capture_output=True, text=True, check=True).stdout
    status, used, peak = said.split()
    assert status == "0", arguments
    return float(used), float(peak)


def remittances(figures: Figures, name: str, data: bytes) -> None:
    """The figures of one 835 file."""
    base = median(split(data))
    figures[f"{name}_split_segments_per_second"] = base
    figures[f"{name}_passed_segments_per_second"] = median(pass_835(data, False))
    figures[f"{name}_passed_of_split"] = figures[f"{name}_passed_segments_per_second"] / base
    figures[f"{name}_typed_segments_per_second"] = median(pass_835(data, True), 3)
    count = split(data)()
    other = _module("oxedi")
    if other is not None:
        figures[f"{name}_oxedi_segments_per_second"] = median(lambda: count if other.parse(data) else 0)
    with tempfile.NamedTemporaryFile(suffix=".835") as file:
        file.write(data)
        file.flush()
        used, peak = zip(*(process("x12", "inspect", file.name, "--json") for _ in range(3)), strict=True)
    figures[f"{name}_process_of_split"] = count / min(used) / base
    figures[f"{name}_megabytes_above_help"] = max(peak) - figures["help_megabytes"]


def submissions(figures: Figures) -> None:
    """The figures of the 837P."""
    whole, data = sent(CLAIMS)
    figures["837P_split_segments_per_second"] = median(split(data))
    figures["837P_passed_claims_per_second"] = median(pass_837(data, False))
    figures["837P_typed_claims_per_second"] = median(pass_837(data, True), 3)
    figures["837P_written_claims_per_second"] = median(lambda: _written(whole))
    other = _module("x12sdk.io")
    if other is not None:
        text = sent(200)[1].decode().replace("\n", "")
        figures["837P_x12sdk_claims_per_second"] = median(lambda: _modelled(other, text), 1)


def _written(whole: Interchange) -> int:
    return CLAIMS if write(whole, Delimiters(line_end="\n")) else 0


def _modelled(other: Any, text: str) -> int:
    with other.X12ModelReader(text) as reader:
        return sum(200 for _ in reader.models())


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description="Speed and memory of schemas/x12.")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--example", type=Path, help="an 835 file whose transaction is repeated")
    chosen = parser.parse_args()
    figures: Figures = {"help_megabytes": process("x12", "--help")[1]}
    for size in (1, 10):
        remittances(figures, f"835_repeated_{size}_mb", repeated(size * MEGABYTE, chosen.example))
        remittances(figures, f"835_distinct_{size}_mb", distinct(size * MEGABYTE))
    submissions(figures)
    rounded = {name: round(figure, 3 if figure < 10 else None) for name, figure in figures.items()}
    if chosen.json:
        sys.stdout.write(json.dumps(rounded) + "\n")
        return
    for name, figure in rounded.items():
        sys.stdout.write(f"{name:<44}{figure:>14,}\n")


if __name__ == "__main__":
    main()
