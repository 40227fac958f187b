"""The facts that make the outcome of a run: states, amounts, virtual dates and ways of every claim."""

from schemas.events.values import Ledger
from services.claim_submission.domain.account import Account
from services.claim_submission.domain.claim import Claim, Version
from services.claim_submission.domain.status import status_of


def facts(key: str, state: Account) -> list[str]:
    """One line a fact, the same for the same history in any order of a day's events."""
    withdrawn = [f"{key} withdrawn {state.withdrawn_on}"] if state.withdrawn_on else []
    return [*withdrawn, *(fact for claim in state.claims for fact in _claim_facts(claim))]


def _claim_facts(claim: Claim) -> list[str]:
    found = [f"{claim.claim_id} {claim.payer_id} {status_of(claim)}"]
    if claim.scrubbed:
        found.append(f"{claim.claim_id} scrubbed {claim.scrubbed.scrubbed_on} {','.join(claim.scrubbed.edits)}")
    found.extend(_version_fact(claim, version) for version in claim.versions)
    if claim.first:
        found.append(f"{claim.claim_id} first {claim.first.answered_on} {claim.first.result} {claim.first.denied}")
    for way in sorted(claim.ways, key=lambda entry: entry.denial_id):
        found.append(f"{claim.claim_id} way {way.denial_id} {way.way} {way.chosen_on} {way.sent_version}")
    if claim.follow_up:
        waits = claim.follow_up
        found.append(f"{claim.claim_id} follow_up {waits.reason} {waits.opened_on} {waits.due}")
    ledger = claim.ledger()
    money = " ".join(f"{name}={getattr(ledger, name)}" for name in Ledger.model_fields)
    return [*found, f"{claim.claim_id} ledger {money}"]


def _version_fact(claim: Claim, version: Version) -> str:
    words = ",".join(sorted(f"{word.verdict}/{word.said_on}" for word in (*version.words, *version.told)))
    return (
        f"{claim.claim_id} v{version.number} {version.cause} {version.frequency} {version.payer_id} {version.charge} "
        f"{version.sent_on} {version.inquiries} refused={version.refused_on} {words}"
    )
