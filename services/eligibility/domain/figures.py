"""The demo's figures that eligibility owns: none; DOMAIN §7 counts claims, not questions."""

from collections.abc import Iterable
from typing import Any

from schemas.document import Aggregate


def figures(states: Iterable[tuple[str, Aggregate]]) -> dict[str, Any]:
    """No name of the demo's report."""
    return {}
