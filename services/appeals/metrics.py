"""Every metric of appeals, declared once. A handler that runs again after a conflict counts again."""

from typing import Any

from prometheus_client import Counter

from schemas.events.appeals import AppealClosed, AppealFiled, AppealRefused, ApprovalRequested
from services.chassis.verdicts import Outcome

FILED = Counter("overturn_appeals_filed_total", "Packets sent, by kind, level and payer", ("kind", "level", "payer"))
REFUSED = Counter("overturn_appeals_refused_total", "Packets not sent, by kind and reason", ("kind", "reason"))
DECIDED = Counter("overturn_appeals_decided_total", "Packets ended, by kind and decision", ("kind", "decision"))
APPROVALS = Counter("overturn_appeal_approvals_total", "Packets that a person was asked to approve")


def observe(outcome: Outcome[Any]) -> None:
    """Count what an outcome says."""
    for emit in outcome.events:
        data = emit.data
        if isinstance(data, AppealFiled):
            FILED.labels(data.kind, str(data.level), data.payer_id).inc()
        elif isinstance(data, AppealRefused):
            REFUSED.labels(data.kind, data.reason).inc()
        elif isinstance(data, AppealClosed):
            DECIDED.labels(data.kind, data.decision).inc()
        elif isinstance(data, ApprovalRequested):
            APPROVALS.inc()
