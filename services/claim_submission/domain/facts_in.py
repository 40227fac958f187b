"""News about the encounter and its coverage, merged into the account."""

from datetime import date

from schemas.directory import PayerDirectory
from schemas.events.eligibility import CoverageVerified
from schemas.events.encounters import EncounterAccepted, EncounterPhi
from services.claim_submission.domain.account import Account, Revision, Verification
from services.claim_submission.domain.change import Change
from services.claim_submission.domain.scrubbing import first_scrub


def accepted(
    account: Account, encounter: EncounterAccepted, phi: EncounterPhi, directory: PayerDirectory, today: date
) -> Change:
    """A revision of the encounter. The first that can be billed is scrubbed at once; later ones wait to be needed."""
    if account.revision(encounter.revision) is not None:
        return Change(account)
    revision = Revision(number=encounter.revision, received_on=today, encounter=encounter)
    people = {**account.phi.revisions, encounter.revision: phi}
    account = account.model_copy(
        update={
            "revisions": tuple(sorted((*account.revisions, revision), key=lambda entry: entry.number)),
            "phi": account.phi.model_copy(update={"revisions": people}),
        }
    )
    return _considered(account, directory, today)


def verified(account: Account, data: CoverageVerified, directory: PayerDirectory, today: date) -> Change:
    """What eligibility found for a revision, which may be unknown here yet."""
    if account.verification(data.revision) is not None:
        return Change(account)
    check = Verification(revision=data.revision, received_on=today, coverages=data.coverages)
    account = account.model_copy(update={"verifications": (*account.verifications, check)})
    return _considered(account, directory, today)


def withdrawn(account: Account, today: date) -> Change:
    """The partner cancelled the encounter: unsent claims are dropped tomorrow, sent ones voided once accepted."""
    if account.withdrawn_on is not None:
        return Change(account)
    return Change(account.model_copy(update={"withdrawn_on": today}).waking(today))


def _considered(account: Account, directory: PayerDirectory, today: date) -> Change:
    if account.claims:
        return Change(account.waking(today))
    return first_scrub(account, directory, today)
