"""Every metric of intake, declared once. A handler that runs again after a conflict counts again: rates, not ledgers."""

from typing import Any

from prometheus_client import Counter

from schemas.events.encounters import EncounterAccepted, EncounterWithdrawn
from schemas.events.partner import EncounterRejected
from services.chassis.observe import labelled
from services.chassis.verdicts import Outcome

REFUSED = Counter("overturn_intake_refused_total", "Faults told to partners, by partner and code", ("partner", "code"))
ACCEPTED = Counter("overturn_intake_accepted_total", "Encounters and revisions accepted, by partner", ("partner",))
WITHDRAWN = Counter("overturn_intake_withdrawn_total", "Encounters withdrawn, by partner", ("partner",))


def observe(outcome: Outcome[Any]) -> None:
    """Count what an outcome says."""
    for emit in outcome.events:
        if isinstance(emit.data, EncounterRejected):
            for fault in emit.data.reasons:
                labelled(REFUSED, emit.partner or "", fault.code).inc()
        elif isinstance(emit.data, EncounterAccepted):
            labelled(ACCEPTED, emit.data.partner).inc()
        elif isinstance(emit.data, EncounterWithdrawn):
            labelled(WITHDRAWN, emit.data.partner).inc()
