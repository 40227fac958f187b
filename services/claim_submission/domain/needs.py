"""What a claim needs before it can go on, from what was known before today."""

from dataclasses import dataclass
from datetime import date

from services.claim_submission.domain.claim import Claim, Way
from services.claim_submission.domain.ways import open_ways, still_denied


@dataclass(frozen=True, slots=True)
class Need:
    """A corrected encounter is needed: why, newer than which revision, what is wrong, and for which way."""

    cause: str
    basis: int
    codes: tuple[str, ...]
    way: Way | None = None


def need_of(claim: Claim, today: date) -> Need | None:
    """A held claim, then a rejection, then the oldest way that waits for a new version."""
    return _held(claim, today) or _rejected(claim, today) or _denied(claim, today)


def is_open(claim: Claim, today: date) -> bool:
    """Whether the newest version still waits for the payer, as of yesterday; a void that was taken, for its money."""
    version = claim.last_version
    if version is None or claim.answered(version.number, today):
        return False
    verdict = version.verdict(today)
    if version.frequency == "8" and verdict == "accepted":
        return claim.ledger(today).payer_paid > 0
    return verdict not in ("rejected", "not_found")


def basis_of(claim: Claim, need: Need) -> int:
    """The newest revision that is known not to do."""
    scrubbed = claim.scrubbed
    return max(need.basis, scrubbed.revision) if scrubbed and scrubbed.edits else need.basis


def _held(claim: Claim, today: date) -> Need | None:
    scrubbed = claim.scrubbed
    if claim.known_sent(today) or scrubbed is None or not scrubbed.edits or scrubbed.scrubbed_on >= today:
        return None
    return Need("held", scrubbed.revision, scrubbed.edits)


def _rejected(claim: Claim, today: date) -> Need | None:
    version = claim.last_version
    word = version.word(today) if version else None
    if version is None or word is None or word.verdict != "rejected" or claim.answered(version.number, today):
        return None
    return Need("rejected" if claim.known_sent(today) else "held", version.revision, word.statuses)


def _denied(claim: Claim, today: date) -> Need | None:
    waiting = [way for way in open_ways(claim, today) if way.sent_version is None and still_denied(claim, way, today)]
    if not waiting:
        return None
    way = min(waiting, key=lambda entry: (entry.chosen_on, entry.denial_id))
    basis = max((version.revision for version in claim.versions), default=0)
    codes = {f"{entry.group}-{entry.carc}" for entry in way.denied} | {rarc for e in way.denied for rarc in e.rarcs}
    return Need("denied", basis, tuple(sorted(codes)), way)
