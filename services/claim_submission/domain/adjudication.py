"""Posting of 835 answers: what each does to the claim, and what remittance and triage are told of it."""

from datetime import date

from schemas.events.claims import ClaimAdjudicated
from schemas.events.payer_inbound import AnswerPhi, ClaimAnswered
from schemas.events.remittance import ClaimCentsPosted
from schemas.events.values import Ledger
from services.claim_submission.domain.account import Account
from services.claim_submission.domain.change import Change, Message
from services.claim_submission.domain.claim import Claim, FirstAnswer, Limit
from services.claim_submission.domain.lines import Posting
from services.claim_submission.domain.posting import (
    FINAL,
    REVERSAL,
    is_final,
    lines_from,
    own_classes,
    posting_of,
    result_of,
)
from services.claim_submission.domain.ranks import rank_of, version_of, with_payer
from services.claim_submission.domain.reversals import mirrored, reversed_posting
from services.claim_submission.domain.takebacks import standing_told
from services.claim_submission.domain.taken_back import TakenBack
from services.claim_submission.domain.uncorrected import awaits_correction


def answered(account: Account, answer: ClaimAnswered, phi: AnswerPhi | None, today: date) -> Change:
    """Post one CLP. CLP02 22 without its posting, and any status that decides nothing, is a work item: not posted."""
    claim = _claim(account, answer)
    if claim is None:
        return Change(account, (_told(account, answer, answer.claim_id or "", "unmatched", "unknown_claim"),))
    if any((entry.check_id, entry.position) == (answer.check_id, answer.position) for entry in claim.postings):
        return Change(account)
    if answer.status == REVERSAL:
        return _reversed(account, claim, answer, today)
    if answer.status not in FINAL:
        reason = f"claim_status_{answer.status}"
        return Change(account, (_told(account, answer, claim.claim_id, "not_posted", reason),))
    if claim.takeover and phi is not None and account.phi.answered is None:
        account = account.model_copy(update={"phi": account.phi.model_copy(update={"answered": phi})})
    return _posted(account, claim, answer, today)


def _claim(account: Account, answer: ClaimAnswered) -> Claim | None:
    """Our claim; on a take-over door a claim is opened from the answer itself."""
    if answer.claim_id is not None:
        return account.claim(answer.claim_id)
    if answer.takeover_client is None:
        return None
    claim_id = f"{account.account}01"
    opened = Claim(claim_id=claim_id, payer_id=answer.payer_id, payers=(), takeover=True, lines=lines_from(answer))
    return account.claim(claim_id) or (opened if answer.status in FINAL else opened.model_copy(update={"lines": ()}))


def _posted(account: Account, claim: Claim, answer: ClaimAnswered, today: date) -> Change:
    rank = rank_of(claim, answer)
    version = version_of(claim, answer.payer_control_number, today)
    posting = posting_of(answer, claim.lines, rank, version.number if version else 0, today)
    classes = own_classes(posting)
    before, claim = claim, with_payer(claim, answer.payer_id, rank)
    claim = claim.model_copy(update={"postings": (*claim.postings, posting), "changes": claim.changes + 1})
    final = is_final(answer, classes)
    result = result_of(answer.paid, classes.patient, classes.denied) if final else ""
    told = _told(account, answer, claim.claim_id, "posted", "", result, classes)
    if not final:
        account = account.with_claim(claim).waking(today)
        return Change(account, (told, *standing_told(account.account, before, claim)))
    ours = {"first": _first(claim, posting, today), "limits": _limits(claim, posting, today), "taken_back": None}
    claim = claim.model_copy(update=ours)
    news = _news(before, claim, answer, today)
    account = account.with_claim(claim)
    owed = news.ledger.next_payer > 0 or news.ledger.unanswered > 0
    account = account.waking(today) if account.withdrawn_on or owed else account
    return Change(account, (told, Message(news), *standing_told(account.account, before, claim)))


def _limits(claim: Claim, posting: Posting, today: date) -> tuple[Limit, ...]:
    """An answer to the newest version is all that we waited for."""
    waited = ("acknowledgement", "adjudication", "status") if posting.version == len(claim.versions) else ()
    return claim.limits_without(waited, today)


def _reversed(account: Account, claim: Claim, answer: ClaimAnswered, today: date) -> Change:
    original = reversed_posting(claim, answer)
    if original is None:
        reason = "reversal_without_posting"
        return Change(account, (_told(account, answer, claim.claim_id, "not_posted", reason),))
    told_by = posting_of(answer, claim.lines, original.rank, original.version, today)
    posting = mirrored(told_by, original)
    gone = original.model_copy(update={"reversed_on": today})
    postings = tuple(gone if entry is original else entry for entry in claim.postings)
    before, claim = claim, claim.model_copy(update={"postings": (*postings, posting), "changes": claim.changes + 1})
    claim = claim.model_copy(update={"taken_back": _state_before(before, claim, today)})
    told = _told(account, answer, claim.claim_id, "posted", "", "reversed", own_classes(told_by))
    account = account.with_claim(claim).waking(today)
    news = Message(_news(before, claim, answer, today))
    return Change(account, (told, news, *standing_told(account.account, before, claim)))


def _state_before(before: Claim, claim: Claim, today: date) -> TakenBack | None:
    """None where the correction came first: then the payer's answer to every cent stands."""
    if before.taken_back is not None or not awaits_correction(claim, today):
        return before.taken_back
    return TakenBack(on=today, paid=before.ledger().payer_paid, denied=before.denied())


def _first(claim: Claim, posting: Posting, today: date) -> FirstAnswer | None:
    """The first payer's first final answer, frozen; further CLPs of the same check (a split claim) belong to it, unless
    that check already took something back."""
    if posting.rank != 1 or (claim.first is not None and not _extends(claim, posting)):
        return claim.first
    ledger = _first_payer_alone(claim).ledger()
    share = ledger.patient + ledger.next_payer
    result = result_of(ledger.payer_paid, share, ledger.denied)
    on = claim.first.answered_on if claim.first else today
    return FirstAnswer(check_id=posting.check_id, answered_on=on, result=result, denied=ledger.denied)


def _first_payer_alone(claim: Claim) -> Claim:
    """The claim as if nobody else had answered it, and nothing had been decided or taken back."""
    answers = tuple([entry for entry in claim.postings if entry.rank == 1])
    if len(answers) == len(claim.postings) and not claim.decisions and not claim.recoupments:
        return claim
    return claim.model_copy(update={"postings": answers, "decisions": (), "recoupments": ()})


def _extends(claim: Claim, posting: Posting) -> bool:
    no_reversal = not any(entry.reversal for entry in claim.postings)
    return no_reversal and claim.first is not None and claim.first.check_id == posting.check_id


def _news(before: Claim, claim: Claim, answer: ClaimAnswered, today: date) -> ClaimAdjudicated:
    posting = claim.postings[-1]
    taken = sum(claim.recouped().values()) - sum(before.recouped().values())
    money = claim.settlement()
    ledger = money.ledger
    own = [entry for entry in claim.versions if entry.payer_id == posting.payer_id]
    accepted = [day for entry in own if (day := entry.accepted_on(today))]
    result = result_of(ledger.payer_paid, ledger.patient + ledger.next_payer, ledger.denied)
    return ClaimAdjudicated(
        claim_id=claim.claim_id,
        version=posting.version,
        payer_id=posting.payer_id,
        payer_rank=posting.rank,
        first_answer=claim.first is not None and claim.first.check_id == posting.check_id and not _taken_back(claim),
        first_denied=claim.first.denied if claim.first else 0,
        reversal=posting.reversal,
        awaits_correction=claim.taken_back is not None,
        result="reversed" if posting.reversal else result,
        denied=money.denied,
        paid_change=posting.paid - taken,
        payer_control_number=answer.payer_control_number,
        check_id=answer.check_id,
        adjudicated_on=answer.paid_on,
        service_date=claim.service_date,
        accepted_on=min(accepted, default=None),
        charge=ledger.charge,
        ledger=ledger,
        ledger_version=claim.changes,
    )


def _taken_back(claim: Claim) -> bool:
    return any(entry.reversal for entry in claim.postings)


def _told(
    account: Account,
    answer: ClaimAnswered,
    claim_id: str,
    disposition: str,
    reason: str = "",
    result: str = "",
    classes: Ledger | None = None,
) -> Message:
    data = ClaimCentsPosted(
        position=answer.position,
        account=account.account,
        claim_id=claim_id,
        cents=answer.paid,
        disposition=disposition,
        reason=reason,
        result=result,
        classes=classes or Ledger(),
    )
    return Message(data, key=answer.check_id)
