"""The fuzz target: coverage-guided files for the X12 codec, held to the invariants of the mutation tests.

`python -m tests.fuzz.x12_fuzz [libFuzzer options] CORPUS`. The corpus is begun with drawn files of every set where it is
empty. Half of the mutations are libFuzzer's own, half are those that mailers and bad programs make.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: it has wheels for Linux on x86_64 only; run this there after `make setup`")

with atheris.instrument_imports(include=["schemas.x12"]):
    from tests.unit.x12.x12_bends import BENDS
    from tests.unit.x12.x12_files import draw
    from tests.unit.x12.x12_grammar import DESCRIPTIONS
    from tests.unit.x12.x12_invariants import hold

LARGEST = 1 << 14


def one_input(data: bytes) -> None:
    """Raises where an invariant does not hold; libFuzzer keeps the bytes."""
    hold(data)


def mutate(data: bytes, largest: int, seed: int) -> bytes:
    """Bends by segments and elements, or any way libFuzzer likes."""
    chance = random.Random(seed)
    if not data or chance.random() < 0.5:
        return bytes(atheris.Mutate(data, largest))
    text = chance.choice(BENDS)(data.decode("latin-1"), chance)
    return text.encode("latin-1", "replace")[:largest]


def begin(corpus: Path) -> None:
    """Three small drawn files of every set."""
    corpus.mkdir(parents=True, exist_ok=True)
    if any(corpus.iterdir()):
        return
    for name in sorted(DESCRIPTIONS):
        drawn = sorted((draw(seed, name).data for seed in range(12)), key=len)
        for number, data in enumerate(drawn[:3]):
            (corpus / f"{name.lower()}-{number}.x12").write_bytes(data[:LARGEST])


def main() -> None:
    """Runs until libFuzzer's options say stop."""
    begin(Path(sys.argv[-1]))
    atheris.Setup(sys.argv, one_input, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
