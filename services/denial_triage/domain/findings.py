"""What is known that decides between ways: papers at hand, authorisation on the claim, who is liable."""

from datetime import date

from schemas.codes.evidence import evidence
from schemas.directory import PayerProfile
from schemas.events.values import Document
from services.denial_triage.domain.encounter import EncounterFacts
from services.denial_triage.domain.model import ClaimDenials, Denial
from services.denial_triage.domain.opening import patient_liable


def papers(denial: Denial, claim: ClaimDenials, profile: PayerProfile, facts: EncounterFacts) -> tuple[Document, ...]:
    """Documents that help against this denial, the most telling first: the partner's, and our own proofs."""
    held = (*facts.documents, *_own_proofs(denial, claim, profile, facts))
    return evidence(denial.denied_on).of(denial.category).choose(held)


def findings(denial: Denial, claim: ClaimDenials, profile: PayerProfile, facts: EncounterFacts) -> frozenset[str]:
    """The findings that schemas/codes/denial_ways.yaml names."""
    wanted = evidence(denial.denied_on).of(denial.category)
    packet = papers(denial, claim, profile, facts)
    held = {
        "patient_liable": patient_liable(denial.amounts),
        "authorization_on_claim": facts.authorized(claim.payer_id),
        "notice_signed": facts.advance_notice_signed,
        "evidence": bool(packet),
        "supported": any(wanted.shows(document) for document in packet),
    }
    return frozenset(name for name, holds in held.items() if holds)


def accepted_in_time(claim: ClaimDenials, profile: PayerProfile) -> bool:
    """Whether the payer's own acceptance (277CA A2) proves timely filing; a 999 alone is no proof."""
    if claim.accepted_on is None or claim.service_date is None:
        return False
    return claim.accepted_on <= profile.last_filing_day(claim.service_date)


def no_appeal_rights(denial: Denial) -> bool:
    """RARC MA130: the claim was unprocessable; a new claim, never an appeal (CMS Pub. 100-04 ch. 1 §80.3.1)."""
    return any("MA130" in amount.rarcs for amount in denial.amounts)


def _own_proofs(
    denial: Denial, claim: ClaimDenials, profile: PayerProfile, facts: EncounterFacts
) -> tuple[Document, ...]:
    proofs = []
    if accepted_in_time(claim, profile):
        accepted: date | None = claim.accepted_on
        proofs.append(Document(kind="payer_acceptance", reference=f"277CA-A2-{accepted}", supports=("timely_filing",)))
    if facts.authorized(claim.payer_id):
        proofs.append(
            Document(kind="submitted_claim", reference=f"claim-{denial.denial_id[:18]}", supports=("authorization",))
        )
    return tuple(proofs)
