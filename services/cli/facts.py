"""The outcome of a run: one digest over every fact that the services declare (DESIGN §4.10)."""

import hashlib
from collections.abc import Iterable


def outcome(facts: Iterable[str]) -> str:
    """sha256 over the sorted facts; the same facts in any order give the same digest."""
    digest = hashlib.sha256()
    for fact in sorted(facts):
        digest.update(fact.encode())
        digest.update(b"\n")
    return digest.hexdigest()
