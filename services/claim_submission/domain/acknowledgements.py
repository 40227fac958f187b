"""999 and 277CA: whether a payer took a version of the claim; 277: what it says of one that stays unanswered."""

from datetime import date, timedelta

from schemas.codes.claim_status import category_verdict, split_status
from schemas.directory import PayerDirectory
from schemas.events.claims import ClaimAccepted, ClaimHeld, ClaimRejected
from schemas.events.payer_inbound import REFUSED_HERE, ClaimAcknowledged, ClaimStatusAnswered
from services.claim_submission.domain.account import Account
from services.claim_submission.domain.change import Change, Message
from services.claim_submission.domain.claim import Claim, Version, Word
from services.claim_submission.domain.ranks import version_of, with_version

ADJUDICATION_DAYS = 45
"""Where the payer is not in the directory."""
WAITING = ("documents", "pended", "finalised", "error")
"""What a 277 may say of a claim that waits; of several verdicts the first counts."""


def acknowledged(account: Account, data: ClaimAcknowledged, directory: PayerDirectory, today: date) -> Change:
    """A payer's acceptance, rejection or "not found" of a version; receipt alone (A1) and splits (A5) decide nothing."""
    claim = account.claim(data.claim_id)
    if claim is None or data.verdict not in ("accepted", "rejected", "not_found"):
        return Change(account)
    version = _meant(claim, data, today)
    word = _word(data.verdict, data, today)
    if version is None or _said_before(version, word):
        return Change(account)
    number = data.payer_control_number or version.payer_control_number
    version = version.model_copy(update={"words": (*version.words, word), "payer_control_number": number})
    if data.transaction == REFUSED_HERE:
        return _refused(account, claim, version, today)
    claim = with_version(claim, version)
    if _newest(claim, version):
        claim = claim.without_limits(("acknowledgement",), today)
    if data.verdict == "accepted":
        return _accepted(account, claim, version, word.said_on, directory, today)
    messages = (_rejected(claim, version, word),) if data.verdict == "rejected" else ()
    return Change(account.with_claim(claim).waking(today), messages)


def _word(verdict: str, data: ClaimAcknowledged | ClaimStatusAnswered, today: date) -> Word:
    """What a payer said, dated no later than we heard it: a date to come would outlive every later word."""
    said_on = min(data.answered_on, today)
    return Word(verdict=verdict, said_on=said_on, heard_on=today, statuses=data.statuses)


def _refused(account: Account, claim: Claim, version: Version, today: date) -> Change:
    """The clearinghouse could not make an 837 of it: the claim is held as if the scrubber had found it."""
    edits = version.words[-1].statuses
    claim = with_version(claim, version.model_copy(update={"refused_on": version.refused_on or today}))
    if _newest(claim, version):
        claim = claim.without_limits(("acknowledgement",), today)
    told = ClaimHeld(claim_id=claim.claim_id, payer_id=version.payer_id, charge=version.charge, edits=edits)
    return Change(account.with_claim(claim).waking(today), (Message(told),))


def _newest(claim: Claim, version: Version) -> bool:
    """Limits are those of the newest version: word about an earlier one moves none."""
    return version.number == len(claim.versions)


def _said_before(version: Version, word: Word) -> bool:
    return any((entry.verdict, entry.said_on) == (word.verdict, word.said_on) for entry in version.words)


def _meant(claim: Claim, data: ClaimAcknowledged, today: date) -> Version | None:
    if data.version is None:
        return version_of(claim, data.payer_control_number, today)
    return next((entry for entry in claim.versions if entry.number == data.version), None)


def _accepted(
    account: Account, claim: Claim, version: Version, said_on: date, directory: PayerDirectory, today: date
) -> Change:
    profile = directory.get(version.payer_id)
    days = profile.adjudication_days if profile else ADJUDICATION_DAYS
    if _newest(claim, version) and not claim.answered(version.number, today + timedelta(days=1)):
        claim = claim.with_limit("adjudication", said_on + timedelta(days=days), today)
    account = account.with_claim(claim)
    told = ClaimAccepted(
        claim_id=claim.claim_id,
        version=version.number,
        payer_id=version.payer_id,
        payer_control_number=version.payer_control_number,
        accepted_on=said_on,
    )
    return Change(account.waking(today) if account.withdrawn_on else account, (Message(told),))


def _rejected(claim: Claim, version: Version, word: Word) -> Message:
    return Message(
        ClaimRejected(
            claim_id=claim.claim_id,
            version=version.number,
            payer_id=version.payer_id,
            statuses=word.statuses,
            rejected_on=word.said_on,
        )
    )


def status_answered(account: Account, data: ClaimStatusAnswered, today: date) -> Change:
    """A 277: what it says is kept for tomorrow's review; a lost claim is sent again then."""
    claim = account.claim(data.claim_id)
    version = version_of(claim, None, today) if claim else None
    if claim is None or version is None or claim.answered(version.number, today):
        return Change(account)
    verdicts = {category_verdict(split_status(status)[0], data.answered_on) for status in data.statuses}
    if "not_found" in verdicts:
        word = _word("not_found", data, today)
        if _said_before(version, word):
            return Change(account)
        lost = version.model_copy(update={"words": (*version.words, word)})
        return Change(account.with_claim(with_version(claim, lost)).waking(today))
    verdict = next((name for name in WAITING if name in verdicts), "error")
    word = _word(verdict, data, today)
    version = version.model_copy(update={"told": (*version.told, word)})
    return Change(account.with_claim(with_version(claim, version)).waking(today))
