"""The report's figures that patient collections owns (DOMAIN §1, §7)."""

from collections.abc import Iterable
from typing import Any

from schemas.document import Aggregate
from services.patient_collections.domain.guarantor import Guarantor


def figures(states: Iterable[tuple[str, Aggregate]]) -> dict[str, Any]:
    """Statements sent, payments taken, and patient cash received."""
    guarantors = [state for _, state in states if isinstance(state, Guarantor)]
    return {
        "statements": sum(len(guarantor.statements) for guarantor in guarantors),
        "patient_payments": sum(len(guarantor.payments) for guarantor in guarantors),
        "cents": {"patient_cash": sum(guarantor.received for guarantor in guarantors)},
    }
