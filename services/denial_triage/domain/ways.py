"""From a step of the ways table to a way that this payer takes: its form, its level, its last day."""

from dataclasses import dataclass
from datetime import date, timedelta

from schemas.codes.denial_ways import Step
from schemas.codes.triage_policy import TriagePolicy
from schemas.directory import PayerProfile
from services.denial_triage.domain.findings import no_appeal_rights
from services.denial_triage.domain.model import ENDS, RESENDS, ClaimDenials, Denial


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way that could be gone now."""

    step: str
    way: str
    last_day: date
    level: int = 1

    @property
    def key(self) -> str:
        """How `Denial.tried` remembers it."""
        return f"{self.step}:{self.level}"


def candidate(
    step: Step, denial: Denial, claim: ClaimDenials, profile: PayerProfile, policy: TriagePolicy, today: date
) -> Candidate | None:
    """The step as a way of this payer; None where the payer has no such way."""
    if step.way in ENDS or step.way == "next_payer":
        return Candidate(step.way, step.way, today + timedelta(days=policy.ledger_days))
    if step.way == "correction":
        return _correction(denial, claim, profile)
    return asked_for(step.way, denial, claim, profile)


def _new_claim(step: str, claim: ClaimDenials, profile: PayerProfile) -> Candidate | None:
    if claim.service_date is None:
        return None
    return Candidate(step, "new_claim", profile.last_filing_day(claim.service_date))


def _correction(denial: Denial, claim: ClaimDenials, profile: PayerProfile) -> Candidate | None:
    """Replacement where the payer takes it, else reopening, else a new claim; after MA130 always a new claim."""
    if no_appeal_rights(denial):
        return _new_claim("correction", claim, profile)
    if "7" in profile.accepts_frequencies and profile.corrected_claim_days and claim.payer_control_number:
        last = denial.denied_on + timedelta(days=profile.corrected_claim_days)
        return Candidate("correction", "replacement", last)
    if profile.reopening_days:
        return Candidate("correction", "reopening", denial.denied_on + timedelta(days=profile.reopening_days))
    return _new_claim("correction", claim, profile)


def _appeal(step: str, denial: Denial, profile: PayerProfile) -> Candidate | None:
    level = denial.appeal_level + 1
    published = next((item for item in profile.appeal_levels if item.level == level), None)
    if published is None or denial.appeals_over or no_appeal_rights(denial):
        return None
    first = denial.denied_on + timedelta(days=published.days_to_file)
    last = first if level == 1 else denial.appeal_until
    return None if last is None else Candidate(step, step, last, level)


def asked_for(way: str, denial: Denial, claim: ClaimDenials, profile: PayerProfile) -> Candidate | None:
    """A way that a person asked for, with its last day at this payer; None where the payer tells no such day."""
    if way in ("replacement", "reopening"):
        days = profile.corrected_claim_days if way == "replacement" else profile.reopening_days
        return Candidate(way, way, denial.denied_on + timedelta(days=days))
    if way == "new_claim":
        return _new_claim(way, claim, profile)
    if way == "documents":
        return Candidate(way, way, denial.denied_on + timedelta(days=profile.documents_days))
    return _appeal(way, denial, profile) if way in ("appeal", "reconsideration") else None


def give_up_on(found: Candidate, profile: PayerProfile, policy: TriagePolicy, today: date) -> date:
    """From which day nothing more is expected of a way that starts today."""
    if found.way in RESENDS:
        days = policy.correction_days + profile.acknowledgement_days + profile.adjudication_days
    elif found.way == "documents":
        days = profile.adjudication_days + policy.decision_grace_days
    elif found.way in ENDS or found.way == "next_payer":
        days = policy.ledger_days
    else:
        days = max((item.decision_days for item in profile.appeal_levels), default=0) + policy.decision_grace_days
    return today + timedelta(days=days + policy.transit_days)
