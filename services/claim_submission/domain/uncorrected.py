"""Answers that a payer took back (835 CLP02 22) and did not correct: since when, and how long it is left to the payer."""

from datetime import date, timedelta

from schemas.directory import CORRECTED_ANSWER_DAYS, PayerDirectory
from schemas.events.values import Cents
from services.claim_submission.domain.claim import Claim
from services.claim_submission.domain.lines import Posting
from services.claim_submission.domain.needs import is_open

VOID = "8"


def awaits_correction(claim: Claim, today: date) -> bool:
    """Whether a payer took its answer back and has none in its place, whatever others answered; not after a void, which
    nobody corrects."""
    return not _voided(claim, today) and bool(_uncorrected(claim, None))


def uncorrected(claim: Claim, before: date) -> Posting | None:
    """What the payer that owes its correction longest took back last, as known before a day.

    None where a newer version waits for its own answer, and after a void.
    """
    found = () if _voided(claim, before) or is_open(claim, before) else _uncorrected(claim, before)
    last = {entry.rank: entry for entry in sorted(found, key=_learned)}
    return min(last.values(), key=lambda entry: (_learned(entry), entry.rank), default=None)


def unanswered_by(claim: Claim, rank: int, before: date | None = None) -> Cents:
    """Cents for which the payer of that turn has no answer of its own: each accounts for the whole charge (RFI 2143)."""
    own = tuple([entry for entry in claim.postings if entry.rank == rank])
    alone = claim.model_copy(update={"postings": own, "decisions": (), "recoupments": ()})
    return alone.ledger(before).unanswered


def corrected_by(claim: Claim, directory: PayerDirectory, today: date) -> date | None:
    """From which day staff own the claim for want of a corrected answer; None: it waits for none."""
    posting = uncorrected(claim, today)
    if posting is None:
        return None
    payer = directory.get(posting.payer_id)
    return _learned(posting) + timedelta(days=payer.corrected_answer_days if payer else CORRECTED_ANSWER_DAYS)


def taken_back_last(claim: Claim, before: date) -> Posting | None:
    """The posting taken back last, corrected or not, as known before a day."""
    return max(_taken_back(claim, before), key=_learned, default=None)


def _voided(claim: Claim, before: date) -> bool:
    version = claim.last_version
    return version is not None and version.frequency == VOID and version.sent_on < before


def _uncorrected(claim: Claim, before: date | None) -> list[Posting]:
    gone = _taken_back(claim, before)
    waiting = {rank for rank in {entry.rank for entry in gone} if unanswered_by(claim, rank, before) > 0}
    return [entry for entry in gone if entry.rank in waiting]


def _taken_back(claim: Claim, before: date | None) -> list[Posting]:
    return [
        entry
        for entry in claim.postings
        if entry.reversed_on is not None and (before is None or entry.reversed_on < before)
    ]


def _learned(posting: Posting) -> date:
    assert posting.reversed_on is not None
    return posting.reversed_on
