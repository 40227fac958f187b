"""Claims that a payer answered in part: lines pended (CARC 133, 257, 277), or of a split claim parts that never came."""

from datetime import date, timedelta

from schemas.directory import PayerDirectory
from services.claim_submission.domain.acknowledgements import ADJUDICATION_DAYS
from services.claim_submission.domain.claim import Claim
from services.claim_submission.domain.lines import Posting
from services.claim_submission.domain.uncorrected import uncorrected


def finished_by(claim: Claim, directory: PayerDirectory, today: date) -> date | None:
    """From which day staff own the rest of a claim that was answered in part; None: there is none.

    The payer has its adjudication days from its newest answer. Not while a newer version waits for its own answer, nor
    where an answer was taken back: that has its own owner.
    """
    newest = _newest(claim, today)
    if newest is None or claim.ledger(today).unanswered <= 0 or uncorrected(claim, today) is not None:
        return None
    payer = directory.get(newest.payer_id)
    return newest.received_on + timedelta(days=payer.adjudication_days if payer else ADJUDICATION_DAYS)


def _newest(claim: Claim, before: date) -> Posting | None:
    """The payer's newest word on the newest version that stands; of a take-over claim, which has none, any."""
    version = claim.last_version
    if version is not None and not claim.answered(version.number, before):
        return None
    heard = [entry for entry in claim.postings if entry.received_on < before and not entry.reversal]
    standing = [entry for entry in heard if entry.reversed_on is None or entry.reversed_on >= before]
    return max(standing, key=lambda entry: entry.order, default=None)
