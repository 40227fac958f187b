"""What is made of a description when it is first used, made beforehand: for whoever must not wait when a file comes."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.x12 import catalogue
from schemas.x12.delimiters import Delimiters
from schemas.x12.emission import emission
from schemas.x12.records.base import TransactionSet


def prepare(kinds: Iterable[type[TransactionSet]], delimiters: Delimiters) -> None:
    """Compile what reads, judges and writes sets of these kinds: a tenth of a second for a kind with claims."""
    for kind in kinds:
        grammar = catalogue.for_version(kind.VERSION, kind.SET_ID)
        grammar.prepare(delimiters)
        emission(grammar, delimiters)
