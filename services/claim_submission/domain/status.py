"""Where a claim is now, in one word."""

from datetime import date

from services.claim_submission.domain.claim import Claim


def status_of(claim: Claim) -> str:
    """dropped | held | sent | accepted | rejected | not_found | answered.

    An 835 wins over any rejection before it; a version sent after an answer is again `sent`. A version that never left
    changes nothing.
    """
    if claim.dropped:
        return "dropped"
    if not claim.submitted:
        return "held"
    version = claim.last_sent
    if version is None or claim.answered(version.number, date.max):
        return "answered"
    return version.verdict(date.max) or "sent"
