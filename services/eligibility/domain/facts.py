"""What eligibility's outcome is made of (DESIGN §4.10)."""

from schemas.document import Aggregate
from schemas.events.eligibility import VerifiedCoverage
from services.eligibility.domain.patient import Patient


def facts(key: str, state: Aggregate) -> list[str]:
    """One line an encounter of the patient: what was verified, or that it waits."""
    if not isinstance(state, Patient):
        return []
    waiting = [
        f"coverage {account} revision={found.revision} waits until={found.deadline.date()}"
        for account, found in state.waiting.items()
    ]
    verified = [
        f"coverage {account} revision={found.revision} {' '.join(_said(c) for c in found.coverages)}"
        for account, found in state.verified.items()
    ]
    return sorted(waiting + verified)


def _said(coverage: VerifiedCoverage) -> str:
    return f"{coverage.payer_id}:{coverage.status}:{','.join(coverage.reason_codes)}:{coverage.verified_on}"
