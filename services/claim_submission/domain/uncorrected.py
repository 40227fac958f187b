"""Answers that a payer took back (835 CLP02 22) and did not correct: since when, and how long it is left to the payer."""

from datetime import date, timedelta

from schemas.directory import CORRECTED_ANSWER_DAYS, PayerDirectory
from schemas.events.values import Cents
from services.claim_submission.domain.claim import Claim
from services.claim_submission.domain.lines import Posting
from services.claim_submission.domain.needs import is_open


def uncorrected(claim: Claim, before: date) -> Posting | None:
    """The posting taken back last, while cents of the charge wait for an answer; as known before a day.

    None also where a newer version waits for its own answer, and after a void, which nobody corrects.
    """
    gone = [entry for entry in claim.postings if entry.reversed_on is not None and entry.reversed_on < before]
    version = claim.last_version
    if not gone or is_open(claim, before) or (version is not None and version.frequency == "8"):
        return None
    return max(gone, key=_learned) if unanswered(claim, before) > 0 else None


def unanswered(claim: Claim, before: date) -> Cents:
    """Cents for which no answer stands, as known before a day: those too that a later payer's OA-23 lays to one whose
    own answer was taken back."""
    known = [entry for entry in claim.postings if entry.received_on < before and not entry.reversal]
    stand = {entry.rank for entry in known if entry.reversed_on is None or entry.reversed_on >= before}
    ledger = claim.ledger(before)
    return ledger.unanswered + (0 if all(entry.rank in stand for entry in known) else ledger.prior_payer_unseen)


def corrected_by(claim: Claim, directory: PayerDirectory, today: date) -> date | None:
    """From which day staff own the claim for want of a corrected answer; None: it waits for none."""
    posting = uncorrected(claim, today)
    if posting is None:
        return None
    payer = directory.get(posting.payer_id)
    return _learned(posting) + timedelta(days=payer.corrected_answer_days if payer else CORRECTED_ANSWER_DAYS)


def _learned(posting: Posting) -> date:
    assert posting.reversed_on is not None
    return posting.reversed_on
