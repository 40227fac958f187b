"""Every metric of remittance, declared once. A handler that runs again after a conflict counts again."""

from typing import Any

from prometheus_client import Counter

from services.chassis.verdicts import Outcome
from services.remittance.domain.check import Check

CHANGED = Counter(
    "overturn_remittance_checks_changed_total", "Changes of checks, by completeness after it", ("complete",)
)


def observe(outcome: Outcome[Any]) -> None:
    """Count what an outcome says."""
    if isinstance(outcome.state, Check):
        CHANGED.labels(str(outcome.state.complete).lower()).inc()
