"""The demo's figures that intake owns (DOMAIN §7)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from schemas.document import Aggregate
from services.intake.domain.account import Account
from services.intake.domain.partner_event import PartnerEvent


def figures(states: Iterable[tuple[str, Aggregate]]) -> dict[str, Any]:
    """Distinct accounts by category, and events that intake refused."""
    categories: Counter[str] = Counter()
    rejected = 0
    for _, state in states:
        if isinstance(state, PartnerEvent):
            rejected += state.refused
        elif isinstance(state, Account):
            rejected += state.rejected
            categories[state.category()] += 1
    return {
        "encounters": categories.total(),
        "encounters_refused": categories["refused"],
        "no_claim": categories["self_pay"] + categories["uncoded"] + categories["cancelled"],
        "rejected_events": rejected,
    }
