"""Every metric of patient collections, declared once. A handler that runs again after a conflict counts again."""

from typing import Any

from prometheus_client import Counter

from schemas.events.patients import CollectionEnded, PatientPaymentApplied, StatementIssued
from services.chassis.verdicts import Outcome

STATEMENTS = Counter("overturn_statements_total", "Statements issued")
STATEMENT_CENTS = Counter("overturn_statement_cents_total", "Cents asked for in statements")
PATIENT_CENTS = Counter("overturn_patient_cents_total", "Patient cash posted, by what came of it", ("place",))
ENDED = Counter("overturn_patient_ended_total", "Collections that ended, by how", ("how",))


def observe(outcome: Outcome[Any]) -> None:
    """Count what an outcome says."""
    for emit in outcome.events:
        if isinstance(emit.data, StatementIssued):
            STATEMENTS.inc()
            STATEMENT_CENTS.inc(emit.data.cents)
        elif isinstance(emit.data, PatientPaymentApplied):
            PATIENT_CENTS.labels("applied").inc(emit.data.applied)
            PATIENT_CENTS.labels("unapplied").inc(emit.data.unapplied)
        elif isinstance(emit.data, CollectionEnded):
            ENDED.labels(emit.data.how).inc()
