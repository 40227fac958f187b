"""Asking after a claim that stays unanswered (276), and how long what a 277 said lets it wait."""

from datetime import date, timedelta

from schemas.directory import PayerDirectory, PayerProfile
from services.claim_submission.domain.account import Account
from services.claim_submission.domain.acknowledgements import ADJUDICATION_DAYS
from services.claim_submission.domain.bills import inquiry
from services.claim_submission.domain.claim import Claim
from services.claim_submission.domain.needs import is_open
from services.claim_submission.domain.ranks import with_version
from services.claim_submission.domain.resending import Done

INQUIRY_DAYS = 10
"""From a 276 to its 277."""
MOST_INQUIRIES = 2
REMITTANCE_DAYS = 14
"""From "finalised" in a 277 to the 835 (a weekly payment cycle and the mail)."""
ASK_AGAIN_DAYS = 7
"""From a 277 that says the inquiry failed."""
DOCUMENTS_DAYS = 45
"""From a request for documents, where the payer is not in the directory."""
CLOCKS = frozenset({"acknowledgement", "adjudication", "status"})
"""The limits by which a payer must have said something."""


def clocked(claim: Claim, due: frozenset[str], directory: PayerDirectory, today: date) -> tuple[Claim, frozenset[str]]:
    """The claim waiting as long as yesterday's 277 lets it, and what is due all the same."""
    version = claim.last_version
    word = version.last_told(today) if version else None
    if version is None or word is None or (version.clocked_on and word.heard_on <= version.clocked_on):
        return claim, due
    claim = with_version(claim, version.model_copy(update={"clocked_on": word.heard_on}))
    if not is_open(claim, today):
        return claim, due
    on = word.heard_on + timedelta(days=_waits(directory.get(version.payer_id))[word.verdict])
    return claim.with_limit("status", on, today), due - CLOCKS


def _waits(payer: PayerProfile | None) -> dict[str, int]:
    return {
        "documents": payer.documents_days if payer else DOCUMENTS_DAYS,
        "pended": payer.adjudication_days if payer else ADJUDICATION_DAYS,
        "finalised": REMITTANCE_DAYS,
        "error": ASK_AGAIN_DAYS,
    }


def inquired(account: Account, claim: Claim, due: frozenset[str], today: date) -> Done:
    """Ask after the claim where one of the payer's clocks ran out, twice a version."""
    version = claim.last_version
    if version is None or not unheard(claim, due, today) or exhausted(claim):
        return claim, ()
    question = inquiry(account, claim, version)
    claim = with_version(claim, version.model_copy(update={"inquiries": version.inquiries + 1}))
    claim = claim.with_limit("status", today + timedelta(days=INQUIRY_DAYS), today)
    return claim, (question,) if question else ()


def unheard(claim: Claim, due: frozenset[str], today: date) -> bool:
    """Whether one of the payer's clocks ran out today on a version that still waits."""
    version = claim.last_version
    if version is None or not is_open(claim, today):
        return False
    unacknowledged = version.word(today) is None
    return ("acknowledgement" in due and unacknowledged) or bool(due & {"adjudication", "status"})


def exhausted(claim: Claim) -> bool:
    """Whether there is no further inquiry to make about the newest version."""
    return claim.last_version is not None and claim.last_version.inquiries >= MOST_INQUIRIES
