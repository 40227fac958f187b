"""The report's figures that triage owns (DOMAIN §7)."""

from collections.abc import Iterable
from typing import Any

from schemas.document import Aggregate
from services.denial_triage.domain.model import ClaimDenials, Denials, Recovered


def figures(states: Iterable[tuple[str, Aggregate]]) -> dict[str, Any]:
    """Distinct claims triaged, those denied later than at the first answer, and cents recovered by way."""
    claims = [claim for _, state in states if isinstance(state, Denials) for claim in state.claims.values()]
    recovered = _recovered(claims)
    return {
        "triaged": sum(1 for claim in claims if claim.denials),
        "denied_later": sum(1 for claim in claims if claim.denials and not claim.first_denied),
        "cents": {
            "recovered_by_correction": recovered.correction,
            "recovered_by_appeal": recovered.appeal,
            "recovered_by_documents": recovered.documents,
            "recovered_otherwise": recovered.otherwise,
        },
    }


def _recovered(claims: Iterable[ClaimDenials]) -> Recovered:
    total = Recovered()
    for denial in (denial for claim in claims for denial in claim.denials):
        for kind in Recovered.model_fields:
            total = total.plus(kind, getattr(denial.recovered, kind))
    return total
