"""The demo's figures that remittance owns (DOMAIN §7)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from schemas.document import Aggregate
from services.remittance.domain.check import Check


def figures(states: Iterable[tuple[str, Aggregate]]) -> dict[str, Any]:
    """Claims and checks now parked, and the cash that payers sent, by who paid."""
    parked = 0
    cash: Counter[str] = Counter()
    for _, state in states:
        if not isinstance(state, Check):
            continue
        parked += len(state.parked) + sum(place.disposition == "parked" for place in state.places.values())
        if state.posted is not None:
            cash[state.posted.payer_id] += state.posted.cents
    return {"parked": parked, "cents": {"payer_cash": cash.total()}, "cash_by_payer": dict(sorted(cash.items()))}
