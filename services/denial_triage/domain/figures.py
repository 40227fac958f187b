"""The report's figures that triage owns (DOMAIN §7)."""

from collections.abc import Iterable, Iterator
from typing import Any

from schemas.document import Aggregate
from services.denial_triage.domain.model import ClaimDenials, Denial, Denials, Recovered


def figures(states: Iterable[tuple[str, Aggregate]]) -> dict[str, Any]:
    """Distinct claims triaged, those denied later than at the first answer, denials that wait for a person's choice, and
    cents of the first answer recovered by way."""
    claims = [claim for _, state in states if isinstance(state, Denials) for claim in state.claims.values()]
    recovered = _recovered(claims)
    return {
        "triaged": sum(1 for claim in claims if claim.denials),
        "denied_later": sum(1 for claim in claims if claim.denials and not claim.first_denied),
        "denials_for_person": sum(denial.open and denial.for_person for claim in claims for denial in claim.denials),
        "cents": {
            "recovered_by_correction": recovered.correction,
            "recovered_by_appeal": recovered.appeal,
            "recovered_by_documents": recovered.documents,
            "recovered_otherwise": recovered.otherwise,
        },
    }


def _recovered(claims: Iterable[ClaimDenials]) -> Recovered:
    total = Recovered()
    for denial in (denial for claim in claims for denial in _of_the_first_answer(claim)):
        for kind in Recovered.model_fields:
            total = total.plus(kind, getattr(denial.recovered, kind))
    return total


def _of_the_first_answer(claim: ClaimDenials) -> Iterator[Denial]:
    """Denials of lines that the first answer denied: recoveries count on these cents only (DOMAIN §7)."""
    lines = {line for denial in claim.denials if denial.first_answer for line in denial.lines}
    return (denial for denial in claim.denials if lines.issuperset(denial.lines))
