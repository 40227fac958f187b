"""In which turn a payer answers, and for which version of the claim."""

from datetime import date

from schemas.events.payer_inbound import ClaimAnswered
from services.claim_submission.domain.claim import Claim, Version

_TURN = {"1": 1, "19": 1, "2": 2, "20": 2, "3": 3, "21": 3}
"""CLP02: processed as primary, secondary, tertiary."""


def rank_of(claim: Claim, answer: ClaimAnswered) -> int:
    """1 for the first payer … A payer that we know keeps its place; CLP02 tells for a stranger, else the next place."""
    if answer.payer_id in claim.payers:
        return claim.payers.index(answer.payer_id) + 1
    turn = _TURN.get(answer.status)
    if turn is not None and (turn > len(claim.payers) or not claim.payers[turn - 1]):
        return turn
    return len(claim.payers) + 1


def with_payer(claim: Claim, payer_id: str, rank: int) -> Claim:
    """With the payer at its place; places of payers we never heard of are empty. The claim counts under the first."""
    if payer_id in claim.payers:
        return claim
    places = [*claim.payers, *[""] * max(0, rank - len(claim.payers))]
    places[rank - 1] = places[rank - 1] or payer_id
    return claim.model_copy(update={"payers": tuple(places), "payer_id": places[0] or claim.payer_id})


def version_of(claim: Claim, payer_control_number: str | None, today: date) -> Version | None:
    """The version that a payer speaks of: the one whose number it names, else the newest that went out before today.

    None where none did: a lane closes at midnight, so nobody can have seen what was sent today.
    """
    earlier = [version for version in claim.versions if version.sent_on < today and version.left(today)]
    if payer_control_number:
        for version in reversed(earlier):
            if version.payer_control_number == payer_control_number:
                return version
    return earlier[-1] if earlier else None


def with_version(claim: Claim, version: Version) -> Claim:
    """With a version replaced by its newer state."""
    versions = tuple(version if entry.number == version.number else entry for entry in claim.versions)
    return claim.model_copy(update={"versions": versions})
