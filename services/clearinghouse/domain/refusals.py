"""What we answer ourselves for something that no file carries, or whose set a payer refused."""

from datetime import date

from schemas.events.envelope import EventData
from schemas.events.payer_inbound import REFUSED_HERE, ClaimAcknowledged, ClaimStatusAnswered, EligibilityAnswered
from services.clearinghouse.domain.lane import CLAIM, ELIGIBILITY, STATUS

NO_PAYER = ("guide:payer",)
UNKNOWN_PAYER = "79"
"""AAA03 79, invalid participant identification: we have no contract with this payer."""
UNAVAILABLE = "42"
"""AAA03 42, unable to respond at the current time."""
MISSING_DATA = "15"
"""AAA03 15, required application data missing."""
IMPOSSIBLE = "E0"
"""STC01-1 E0, response not possible, error on submitted request data."""


def claim_ref(claim_id: str, version: int) -> str:
    """The ref of a claim's item: CLM01 and version, so that it sorts as it is sent."""
    return f"{claim_id}.{version:03d}"


def status_ref(claim_id: str, trace: str) -> str:
    """The ref of a status inquiry's item."""
    return f"{claim_id}?{trace}"


def refusal(kind: str, ref: str, payer_id: str, codes: tuple[str, ...], day: date) -> EventData | None:
    """The answer for an item of that kind and ref; None for a packet or a receipt, for which nobody waits."""
    if kind == CLAIM:
        return refused_claim(ref, payer_id, codes, day).model_copy(update={"transaction": REFUSED_HERE})
    if kind == ELIGIBILITY:
        return unanswered(payer_id, ref, UNKNOWN_PAYER if codes == NO_PAYER else MISSING_DATA)
    if kind == STATUS:
        claim_id = ref.partition("?")[0]
        return ClaimStatusAnswered(claim_id=claim_id, payer_id=payer_id, statuses=(IMPOSSIBLE,), answered_on=day)
    return None


def refused_claim(ref: str, payer_id: str, codes: tuple[str, ...], day: date) -> ClaimAcknowledged:
    """A version of a claim that never reached adjudication because its set was refused."""
    claim_id, _, version = ref.rpartition(".")
    return ClaimAcknowledged(
        claim_id=claim_id,
        version=int(version),
        payer_id=payer_id,
        transaction="999",
        verdict="rejected",
        statuses=codes,
        answered_on=day,
    )


def unanswered(payer_id: str, trace: str, reason: str) -> EligibilityAnswered:
    """No answer will come for an inquiry; `reason` is an AAA03."""
    return EligibilityAnswered(payer_id=payer_id, trace=trace, active=False, benefit_codes=(), reject_codes=(reason,))
