"""Who is billed first."""

from schemas.events.eligibility import VerifiedCoverage

USABLE = ("active", "payer_unavailable")
"""A coverage that nobody denies may be billed; an unanswered question is no proof against it."""


def billing_order(coverages: tuple[VerifiedCoverage, ...]) -> tuple[VerifiedCoverage, ...]:
    """Coverages as they are to be billed.

    Usable ones before others, a payer that another one's 271 names as primary before it, then as the front desk ranked
    them. A coverage whose named primary is not among the encounter's coverages becomes `other_payer`: the right payer
    is missing.
    """
    known = {coverage.payer_id for coverage in coverages}
    told = tuple(_missing_primary(coverage, known) for coverage in coverages)
    named = {coverage.other_payer_id for coverage in told if coverage.other_payer_id}
    return tuple(sorted(told, key=lambda c: (c.status not in USABLE, c.payer_id not in named, c.priority)))


def _missing_primary(coverage: VerifiedCoverage, known: set[str]) -> VerifiedCoverage:
    missing = coverage.other_payer_id is not None and coverage.other_payer_id not in known
    return (
        coverage.model_copy(update={"status": "other_payer"}) if missing and coverage.status == "active" else coverage
    )
