"""Who is billed, and in which order."""

from collections.abc import Iterable

from schemas.events.eligibility import VerifiedCoverage
from schemas.events.encounters import EncounterAccepted

BILLABLE = frozenset({"active", "payer_unavailable"})
"""What a 271 may leave us with and still be billed: a payer that did not answer is no reason to wait."""


def billing_order(encounter: EncounterAccepted, verified: Iterable[VerifiedCoverage]) -> tuple[int, ...]:
    """Positions in `encounter.coverages` of those to bill, first payer first.

    A coverage that the payer does not know, or that was not active, is left out; one that names another payer as
    primary goes after that payer where we hold such a coverage.
    """
    places: dict[tuple[str, int], int] = {}
    for position, coverage in enumerate(encounter.coverages):
        places.setdefault((coverage.payer_id, coverage.priority), position)
    order: list[int] = []
    later: list[int] = []
    for check in verified:
        place = places.get((check.payer_id, check.priority))
        if place is None:
            continue
        if check.status in BILLABLE:
            order.append(place)
        elif check.status == "other_payer" and _holds(encounter, check.other_payer_id, check.payer_id):
            later.append(place)
    return (*order, *later) if order else ()


def _holds(encounter: EncounterAccepted, payer_id: str | None, besides: str) -> bool:
    return payer_id != besides and any(coverage.payer_id == payer_id for coverage in encounter.coverages)


def refusal(verified: Iterable[VerifiedCoverage]) -> str:
    """Why nobody can be billed, as an edit's code; from the first coverage, which the front desk took for the payer."""
    status = next((check.status for check in verified), "not_found")
    return {"inactive": "coverage_inactive", "other_payer": "other_payer_primary"}.get(status, "coverage_not_found")
