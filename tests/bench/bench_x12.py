"""Speed of the codec beside `str.split` on the same text in the same run: medians of five, and memory of a streamed 10 MB.

    python -m tests.bench.bench_x12 [--json]

835: X12's multi-claim shape, every amount and date drawn anew for each claim (`varied`) and one transaction repeated
(`repeated`, as a payer's test file would be). 837P: claims of three lines, read and written.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from schemas.x12 import Adjustment, Claims837P, Delimiters, Remittance835, read, write
from tests.unit.x12.x12_examples import answer, batch, claim, envelope, payment, service

LINES = Delimiters(line_end="\n")
RUNS = 5


def remittances(size: int, varied: bool) -> bytes:
    """An 835 file of at least `size` bytes."""
    chance = random.Random(7)
    made: list[Remittance835] = []
    written = 0
    while written < size:
        claims = []
        for number in range(9):
            lines = []
            for _ in range(4):
                charge = chance.randint(5000, 90000) if varied else 25000
                share = chance.randint(0, 2000) if varied else 500
                cut = Adjustment("CO", "45", chance.randint(1, 2000) if varied else 700)
                lines.append(service(charge, cut, Adjustment("PR", "2", share), control=f"L{chance.randint(1, 10**9)}"))
            claims.append(answer(f"C{chance.randint(1, 10**9) if varied else number}", *lines))
        made.append(payment(*claims))
        written += 3900
    return write(envelope(*made), LINES)


def median(work: Callable[[], int]) -> float:
    """Units a second of `work`, which returns how many it did."""
    rates = []
    for _ in range(RUNS):
        start = time.process_time()
        count = work()
        rates.append(count / (time.process_time() - start))
    return statistics.median(rates)


def split(data: bytes) -> Callable[[], int]:
    """What everything is measured against."""
    text = data.decode()
    return lambda: sum(len(part.split("*")) > 0 for part in text.split("~"))


def stream_835(data: bytes) -> Callable[[], int]:
    """Every claim validated and balanced."""

    def work() -> int:
        reading = read(BytesIO(data), stream=True)
        for transaction in reading.transactions():
            assert isinstance(transaction, Remittance835)
            for item in transaction.claims:
                assert not item.set_aside
        return reading.segments

    return work


def touch_835(data: bytes) -> Callable[[], int]:
    """Every claim made into fields as well."""

    def work() -> int:
        reading = read(BytesIO(data), stream=True)
        for transaction in reading.transactions():
            assert isinstance(transaction, Remittance835)
            for item in transaction.claims:
                assert item.lines
        return reading.segments

    return work


def read_837(data: bytes, count: int) -> Callable[[], int]:
    """Every claim made into fields."""

    def work() -> int:
        for transaction in read(BytesIO(data), stream=True).transactions():
            assert isinstance(transaction, Claims837P)
            for item in transaction.claims:
                assert item.lines
        return count

    return work


def check_837(data: bytes, count: int) -> Callable[[], int]:
    """Every claim validated and balanced."""

    def work() -> int:
        for transaction in read(BytesIO(data), stream=True).transactions():
            assert isinstance(transaction, Claims837P)
            assert not any(item.set_aside for item in transaction.claims)
        return count

    return work


def main() -> None:
    """Prints the figures."""
    figures: dict[str, Any] = {}
    for name, varied in (("repeated", False), ("varied", True)):
        data = remittances(3_000_000, varied)
        base = median(split(data))
        figures[f"835_{name}_segments_per_second"] = round(median(stream_835(data)))
        figures[f"835_{name}_typed_segments_per_second"] = round(median(touch_835(data)))
        figures[f"835_{name}_of_split"] = round(figures[f"835_{name}_segments_per_second"] / base, 3)
    chance = random.Random(7)
    claims = [claim(f"C{n}", *(chance.randint(1000, 90000) for _ in range(3))) for n in range(1500)]
    sent = envelope(batch(*claims))
    data = write(sent, LINES)
    figures["837_checked_claims_per_second"] = round(median(check_837(data, len(claims))))
    figures["837_typed_claims_per_second"] = round(median(read_837(data, len(claims))))
    figures["837_written_claims_per_second"] = round(median(lambda: len(write(sent, LINES)) and len(claims)))
    figures["peak_megabytes"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps(figures) + "\n")
        return
    for name, figure in figures.items():
        sys.stdout.write(f"{name:<44}{figure:>14,}\n")


if __name__ == "__main__":
    main()
