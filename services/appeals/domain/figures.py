"""The report's figures that appeals owns (DOMAIN §7)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from schemas.document import Aggregate
from services.appeals.domain.model import Appeals

DECISIONS = ("overturned", "overturned_in_part", "upheld", "dismissed")


def figures(states: Iterable[tuple[str, Aggregate]]) -> dict[str, Any]:
    """Appeals filed, each level counted, by what became of them; one that the payer never decided is open."""
    counted = [appeal for _, state in states if isinstance(state, Appeals) for appeal in state.appeals if appeal.counts]
    ends = Counter(appeal.decision for appeal in counted)
    return {
        "appeals_filed": len(counted),
        **{decision: ends[decision] for decision in DECISIONS},
        "appeals_open": sum(count for decision, count in ends.items() if decision not in DECISIONS),
    }
