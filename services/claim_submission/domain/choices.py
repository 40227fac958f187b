"""In which form a corrected claim goes out: frequency, REF*F8, and the payer's limits (DOMAIN §6)."""

from dataclasses import dataclass
from datetime import date, timedelta

from schemas.directory import PayerProfile
from services.claim_submission.domain.account import Revision
from services.claim_submission.domain.bills import LANE_DAYS
from services.claim_submission.domain.claim import Claim, Way
from services.claim_submission.domain.edits import filing_deadline


@dataclass(frozen=True, slots=True)
class Form:
    """CLM05-3, the cause for reports, and the payer's number that the claim replaces."""

    frequency: str
    cause: str
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class NoForm:
    """Why the payer takes the correction in no form; a code."""

    reason: str


_FORMS = {
    "replacement": ("replacement", "new_claim"),
    "new_claim": ("new_claim",),
    "next_payer": ("new_claim",),
    "reopening": ("reopening",),
}
"""Way → forms to try in order: where a payer takes no replacement, the corrected claim is a new one."""


def form_for(claim: Claim, way: Way, revision: Revision, payer: PayerProfile, today: date) -> Form | NoForm:
    """The form for a way; another payer than the one that denied always gets a new claim."""
    last = claim.last_version
    forms = _FORMS[way.way] if last and last.payer_id == payer.payer_id else ("new_claim",)
    arrives = today + timedelta(days=LANE_DAYS)
    number = way.payer_control_number or _latest_number(claim, payer.payer_id, today)
    for form in forms:
        found = _form(form, way, number, revision, payer, arrives)
        if found is not None:
            return found
    return NoForm("past_limit" if set(payer.accepts_frequencies) & {"1", "7"} else "form_not_accepted")


def _form(form: str, way: Way, number: str, revision: Revision, payer: PayerProfile, arrives: date) -> Form | None:
    takes = payer.accepts_frequencies
    if form == "replacement":
        within = arrives <= way.denied_on + timedelta(days=payer.corrected_claim_days)
        return Form("7", "replacement", number) if within and number and "7" in takes else None
    if form == "reopening":
        within = arrives <= way.denied_on + timedelta(days=payer.reopening_days)
        return Form("7" if "7" in takes else "1", "reopening", number) if within and number else None
    within = arrives <= filing_deadline(revision.encounter, payer)
    cause = "next_payer" if way.way == "next_payer" else "new_claim"
    return Form("1", cause) if within and "1" in takes else None


def _latest_number(claim: Claim, payer_id: str, today: date) -> str:
    """REF*F8 is the latest payer number: of the newest answer, else of the newest acceptance."""
    answers = [
        posting
        for posting in claim.postings
        if posting.payer_id == payer_id and not posting.reversal and posting.received_on < today
    ]
    if answers:
        return max(answers, key=lambda entry: entry.order).payer_control_number
    numbers = [version.payer_control_number for version in claim.versions if version.payer_id == payer_id]
    return next((number for number in reversed(numbers) if number), "")


def void_form(claim: Claim, payer: PayerProfile, today: date) -> Form | None:
    """A void (8) of what the payer took, as of yesterday; None while there is nothing to name."""
    last = claim.last_version
    if last is None or last.frequency == "8" or "8" not in payer.accepts_frequencies:
        return None
    taken = last.verdict(today) == "accepted"
    number = _latest_number(claim, payer.payer_id, today)
    return Form("8", "void", number) if number and (taken or claim.answered(last.number, today)) else None
