"""Every metric of eligibility, declared once. A handler that runs again after a conflict counts again."""

from typing import Any

from prometheus_client import Counter

from schemas.events.eligibility import CoverageVerified
from schemas.events.payer_outbound import EligibilityInquiry
from services.chassis.observe import labelled
from services.chassis.verdicts import Outcome

ASKED = Counter("overturn_eligibility_asked_total", "270 questions sent, by payer", ("payer",))
VERIFIED = Counter("overturn_eligibility_verified_total", "Coverages told, by payer and status", ("payer", "status"))


def observe(outcome: Outcome[Any]) -> None:
    """Count what an outcome says."""
    for emit in outcome.events:
        if isinstance(emit.data, EligibilityInquiry):
            labelled(ASKED, emit.data.payer_id).inc()
        elif isinstance(emit.data, CoverageVerified):
            for coverage in emit.data.coverages:
                labelled(VERIFIED, coverage.payer_id, coverage.status).inc()
