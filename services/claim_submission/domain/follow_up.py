"""Claims that wait for a person (DOMAIN §3: every state has an owner and a limit, by payer).

Where the review has nothing more to do by itself, staff own the claim: an item is opened with a day by which it must be
worked, is told again when that day passes or the filing limit comes near, and ends when the claim moves on.
"""

from datetime import date, timedelta

from schemas.directory import PayerDirectory, PayerProfile
from schemas.events.claims import ClaimFollowUp, ClaimUncorrected
from services.claim_submission.domain.account import Account
from services.claim_submission.domain.acknowledgements import ADJUDICATION_DAYS
from services.claim_submission.domain.change import Message
from services.claim_submission.domain.choices import void_form
from services.claim_submission.domain.claim import CROSSED_OVER, Claim, FollowUp
from services.claim_submission.domain.edits import filing_deadline
from services.claim_submission.domain.inquiries import DOCUMENTS_DAYS
from services.claim_submission.domain.needs import basis_of, is_open, need_of
from services.claim_submission.domain.scrubbing import FILING
from services.claim_submission.domain.uncorrected import (
    corrected_by,
    taken_back_last,
    unanswered_by,
    uncorrected,
)
from services.claim_submission.domain.unfinished import finished_by

LIMIT = "follow_up"
UNCORRECTED = "uncorrected"
FOLLOW_UP_DAYS = 14
"""Where the payer is not in the directory."""
WARNING_DAYS = 10
"""So long before the filing limit staff are told of a claim that the payer has not taken."""


def reason_of(account: Account, claim: Claim, directory: PayerDirectory, today: date, silent: bool) -> str:
    """Why only a person can move the claim, from what was known before today; empty: it moves by itself.

    `silent`: today one of the payer's clocks ran out and there is no further inquiry to make.
    """
    if claim.dropped:
        return ""
    withdrawn = account.withdrawn_on is not None and account.withdrawn_on < today
    if withdrawn and _needs_void(claim, directory, today):
        return "void"
    if (since := corrected_by(claim, directory, today)) is not None and since <= today and not withdrawn:
        return UNCORRECTED
    if (since := finished_by(claim, directory, today)) is not None and since <= today and not withdrawn:
        return "no_answer"
    if claim.takeover:
        return ""
    if (cause := _unmended(account, claim, today)) and not withdrawn:
        return cause
    if (since := next_payer_since(claim, directory, today)) is not None:
        return "next_payer" if since <= today else ""
    version = claim.last_version
    if version is None or version.sent_on == today or claim.answered(version.number, today):
        return ""
    verdict = version.verdict(today)
    if verdict in ("not_found", "rejected"):
        return "lost" if verdict == "not_found" else "rejected" if withdrawn else ""
    if not is_open(claim, today):
        return ""
    told = version.last_told(today)
    if told is not None and told.verdict == "documents":
        return "documents"
    return "no_answer" if silent or _still_silent(claim, today) else ""


def followed_up(
    account: Account, claim: Claim, reason: str, due: bool, directory: PayerDirectory, today: date
) -> tuple[Claim, tuple[Message, ...]]:
    """The claim with its item opened, kept, told again (`due`: its day has come) or ended."""
    item, told = claim.follow_up, tuple[Message, ...]()
    if item is not None and item.reason != reason:
        ended = claim.model_copy(update={"follow_up": None}).without_limits((LIMIT,), today)
        claim, told, item = ended, (_told(ended, item, "closed", None, today),), None
    if not reason or (item is not None and not due):
        return claim, told
    last = _filing_limit(account, claim, directory, today)
    on = _next_day(claim, reason, last, _payer(claim, directory), today, again=item is not None)
    stage = "opened" if item is None else "overdue"
    item = FollowUp(reason=reason, opened_on=item.opened_on if item else today, due=on)
    claim = claim.model_copy(update={"follow_up": item}).with_limit(LIMIT, on, today)
    return claim, (*told, _told(claim, item, stage, last, today))


def next_payer_since(claim: Claim, directory: PayerDirectory, today: date) -> date | None:
    """From which day staff own a patient share that waits for the next payer; None: none does.

    At once, for we send no secondary claims; where the payer crossed the claim over, once the next one had its time.
    """
    heard = [entry for entry in claim.postings if entry.received_on < today and not entry.reversal]
    standing = [entry for entry in heard if entry.reversed_on is None or entry.reversed_on >= today]
    newest = max(standing, key=lambda entry: (entry.rank, entry.order), default=None)
    if newest is None or claim.takeover or claim.ledger(today).next_payer <= 0:
        return None
    if newest.status not in CROSSED_OVER:
        return today
    payer = directory.get(claim.payers[newest.rank]) if newest.rank < len(claim.payers) else None
    return newest.received_on + timedelta(days=payer.adjudication_days if payer else ADJUDICATION_DAYS)


def _needs_void(claim: Claim, directory: PayerDirectory, today: date) -> bool:
    """The payer took, or paid, what the partner withdrew, and takes no void (8) for it."""
    last, payer = claim.last_version, _payer(claim, directory)
    if last is None or last.frequency == "8" or last.sent_on == today:
        return False
    answered = claim.answered(last.number, today)
    at_stake = claim.ledger(today).payer_paid > 0 if answered else last.verdict(today) == "accepted"
    return at_stake and (payer is None or void_form(claim, payer, today) is None)


def _unmended(account: Account, claim: Claim, today: date) -> str:
    """held | rejected: no correction came in time, or none can help. A claim that was answered is triage's."""
    need = need_of(claim, today)
    if need is None or need.way is not None or claim.answered(1, today):
        return ""
    basis, newest = basis_of(claim, need), account.newest(today)
    if newest is None or newest.number > basis:
        return ""
    edits = claim.scrubbed.edits if claim.scrubbed and claim.scrubbed.revision == basis else need.codes
    asked = claim.asked
    in_vain = asked is not None and (asked.cause, asked.basis) == (need.cause, basis) and asked.answer_by <= today
    return need.cause if in_vain or FILING in edits else ""


def _still_silent(claim: Claim, today: date) -> bool:
    """An item about silence stands until the payer says something, or another version went out."""
    item, version = claim.follow_up, claim.last_version
    if item is None or item.reason != "no_answer" or version is None or version.sent_on >= item.opened_on:
        return False
    heard = (word.heard_on for word in (*version.words, *version.told))
    return not any(item.opened_on <= day < today for day in heard)


def _next_day(
    claim: Claim, reason: str, last: date | None, payer: PayerProfile | None, today: date, again: bool
) -> date:
    """By when staff must work the claim: the payer's follow-up days, or the days that it gives for documents; never
    later than the warning before the filing limit, and the limit itself."""
    days = [today + timedelta(days=payer.follow_up_days if payer else FOLLOW_UP_DAYS)]
    told = claim.last_version.last_told(today) if claim.last_version else None
    if reason == "documents" and told is not None and not again:
        days = [told.said_on + timedelta(days=payer.documents_days if payer else DOCUMENTS_DAYS)]
    if last is not None:
        days += [last - timedelta(days=WARNING_DAYS), last]
    return min((day for day in days if day > today), default=today + timedelta(days=1))


def _filing_limit(account: Account, claim: Claim, directory: PayerDirectory, today: date) -> date | None:
    """Last day for a new claim, while no payer has taken this one."""
    taken = claim.answered(1, today) or any(version.accepted_on(today) for version in claim.versions)
    version, payer, newest = claim.last_version, _payer(claim, directory), account.newest(today)
    if taken or payer is None or newest is None or (version is not None and version.frequency != "1"):
        return None
    return filing_deadline(newest.encounter, payer)


def _payer(claim: Claim, directory: PayerDirectory) -> PayerProfile | None:
    return directory.get(claim.last_version.payer_id if claim.last_version else claim.payer_id)


def _told(claim: Claim, item: FollowUp, stage: str, last: date | None, today: date) -> Message:
    told = {
        "claim_id": claim.claim_id,
        "payer_id": claim.last_version.payer_id if claim.last_version else claim.payer_id,
        "stage": stage,
        "charge": claim.charge,
        "opened_on": item.opened_on,
        "due": item.due,
    }
    posting = (uncorrected(claim, today) or taken_back_last(claim, today)) if item.reason == UNCORRECTED else None
    if posting is not None:
        left = {"payer_id": posting.payer_id, "unanswered": unanswered_by(claim, posting.rank, today)}
        return Message(ClaimUncorrected.model_validate({**told, **left}))
    return Message(ClaimFollowUp.model_validate({**told, "reason": item.reason, "filing_deadline": last}))
