"""Every metric of claim_submission, declared once. A handler that runs again after a conflict counts again."""

from typing import Any

from prometheus_client import Counter

from schemas.events.claims import (
    ClaimAdjudicated,
    ClaimFollowUp,
    ClaimHeld,
    ClaimRejected,
    ClaimSubmitted,
    ClaimUncorrected,
    WayFailed,
)
from schemas.events.partner import CorrectionRequested
from schemas.events.payer_outbound import StatusInquiry
from schemas.events.remittance import ClaimCentsPosted
from services.chassis.observe import labelled
from services.chassis.verdicts import Outcome

HELD = Counter("overturn_claims_held_total", "Claims held by the scrubber, by edit", ("edit",))
SUBMITTED = Counter("overturn_claims_submitted_total", "Versions sent, by payer and cause", ("payer", "cause"))
REJECTED = Counter("overturn_claims_rejected_total", "Versions that payers rejected, by payer", ("payer",))
ADJUDICATED = Counter("overturn_claims_adjudicated_total", "Final answers posted", ("payer", "result"))
POSTED = Counter("overturn_claim_answers_total", "835 claims by what became of them", ("disposition", "reason"))
ASKED = Counter("overturn_claim_corrections_asked_total", "Corrections asked of partners, by cause", ("cause",))
INQUIRED = Counter("overturn_claim_inquiries_total", "276 inquiries about silent claims, by payer", ("payer",))
FOLLOW_UPS = Counter(
    "overturn_claim_follow_ups_total",
    "Claims that wait for staff: opened, overdue, closed",
    ("reason", "stage", "payer"),
)
FAILED = Counter("overturn_claim_ways_failed_total", "Ways that could not be gone", ("way", "reason"))


def observe(outcome: Outcome[Any]) -> None:
    """Count what an outcome says."""
    for emit in outcome.events:
        _count(emit.data)


def _count(data: object) -> None:
    match data:
        case ClaimHeld():
            for edit in data.edits:
                labelled(HELD, edit).inc()
        case ClaimSubmitted():
            labelled(SUBMITTED, data.payer_id, data.cause).inc()
        case ClaimRejected():
            labelled(REJECTED, data.payer_id).inc()
        case ClaimAdjudicated():
            labelled(ADJUDICATED, data.payer_id, data.result).inc()
        case ClaimCentsPosted():
            labelled(POSTED, data.disposition, data.reason).inc()
        case CorrectionRequested():
            labelled(ASKED, data.cause).inc()
        case StatusInquiry():
            labelled(INQUIRED, data.payer_id).inc()
        case ClaimFollowUp():
            labelled(FOLLOW_UPS, data.reason, data.stage, data.payer_id).inc()
        case ClaimUncorrected():
            labelled(FOLLOW_UPS, "uncorrected", data.stage, data.payer_id).inc()
        case WayFailed():
            labelled(FAILED, data.way, data.reason).inc()
