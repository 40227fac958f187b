"""The document of an account: its encounter's revisions, what eligibility said of them, and its claims."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from operator import is_
from typing import Any, ClassVar

from pydantic import Field

from schemas.document import Aggregate, Phi, Upgrade
from schemas.events.eligibility import VerifiedCoverage
from schemas.events.encounters import EncounterAccepted, EncounterPhi
from schemas.events.payer_inbound import AnswerPhi
from schemas.events.values import Value
from services.claim_submission.domain.claim import Claim
from services.claim_submission.domain.upgrades import with_standing_decisions

MIDNIGHT = time()
DUE = "due"
"""The account's one timer: the earliest day on which something must be looked at."""


class AccountPhi(Phi):
    """The people of each revision that is still needed, by revision; of a take-over, what the 835 told."""

    revisions: dict[int, EncounterPhi] = Field(default_factory=dict)
    answered: AnswerPhi | None = None


class Revision(Value):
    """One revision of the encounter, as intake accepted it."""

    number: int
    received_on: date
    encounter: EncounterAccepted


class Verification(Value):
    """What eligibility found for a revision."""

    revision: int
    received_on: date
    coverages: tuple[VerifiedCoverage, ...]


class Account(Aggregate):
    """claim_submission's document. Facts are merged in any order; what they cause beyond the first scrub is done on
    the next day's tick, from what was known before that day: so the events of one day commute."""

    PLACED: ClassVar[frozenset[str]] = frozenset({"claims"})
    SCHEMA: ClassVar[int] = 2
    UPGRADES: ClassVar[Mapping[int, Upgrade]] = {1: with_standing_decisions}

    account: str
    revisions: tuple[Revision, ...] = ()
    verifications: tuple[Verification, ...] = ()
    withdrawn_on: date | None = None
    claims: tuple[Claim, ...] = ()
    wakes: tuple[date, ...] = ()
    """Days on which the account must be reviewed."""
    phi: AccountPhi = Field(default_factory=AccountPhi)

    def claim(self, claim_id: str) -> Claim | None:
        """The claim of that CLM01."""
        for claim in self.claims:
            if claim.claim_id == claim_id:
                return claim
        return None

    def with_claim(self, claim: Claim) -> "Account":
        """With a claim replaced or added."""
        ids = [entry.claim_id for entry in self.claims]
        at = ids.index(claim.claim_id) if claim.claim_id in ids else len(ids)
        return self.model_copy(update={"claims": (*self.claims[:at], claim, *self.claims[at + 1 :])})

    def revision(self, number: int) -> Revision | None:
        """A revision that is still kept."""
        for entry in self.revisions:
            if entry.number == number:
                return entry
        return None

    def verification(self, number: int) -> Verification | None:
        """What eligibility said of a revision."""
        for entry in self.verifications:
            if entry.revision == number:
                return entry
        return None

    def newest(self, before: date) -> Revision | None:
        """The newest revision received before a day."""
        known = [entry for entry in self.revisions if entry.received_on < before]
        return max(known, key=lambda entry: entry.number, default=None)

    def ready(self, before: date) -> Revision | None:
        """The newest revision received and verified before a day."""
        checked = {entry.revision for entry in self.verifications if entry.received_on < before}
        known = [entry for entry in self.revisions if entry.received_on < before and entry.number in checked]
        return max(known, key=lambda entry: entry.number, default=None)

    def waking(self, today: date) -> "Account":
        """To be reviewed tomorrow, when all of today's news is in."""
        return self.model_copy(update={"wakes": tuple(sorted({*self.wakes, today + timedelta(days=1)}))})


def _with_balance(claim: Claim, before: Account) -> Claim:
    """The ledger beside the facts that it is folded from; folded anew only where one of them is new."""
    old = before.claim(claim.claim_id)
    if old is not None and (claim is old or all(map(is_, claim.money_facts, old.money_facts))):
        return claim
    return claim.model_copy(update={"balance": claim.ledger()})


def followed(account: Account, before: Account, today: date) -> Account:
    """With a review tomorrow where a claim that waits for staff has news."""
    news = any(claim.follow_up and claim is not before.claim(claim.claim_id) for claim in account.claims)
    return account.waking(today) if news else account


def settled(account: Account, before: Account) -> Account:
    """The account with its timer set, its claims' money told, and without what it needs no longer."""
    changes: dict[str, Any] = {}
    days = [*account.wakes, *[limit.on for claim in account.claims for limit in claim.limits]]
    due = datetime.combine(min(days), MIDNIGHT, UTC) if days else None
    if account.timers.get(DUE) != due:
        changes["timers"] = account.disarmed(DUE) if due is None else account.armed(DUE, due)
    if account.claims is not before.claims:
        changes["claims"] = tuple([_with_balance(claim, before) for claim in account.claims])
    return _pruned(account).model_copy(update=changes)


def _pruned(account: Account) -> Account:
    """Revisions still needed: those that went out last, and all newer ones."""
    if len(account.revisions) < 2 or not account.claims:
        return account
    sent = {claim.last_version.revision for claim in account.claims if claim.last_version}
    floor = min((claim.last_version.revision if claim.last_version else 0) for claim in account.claims)
    newest_two = {entry.number for entry in account.revisions[-2:]}
    kept = {entry.number for entry in account.revisions if entry.number in sent | newest_two or entry.number > floor}
    phi = account.phi.model_copy(
        update={"revisions": {number: phi for number, phi in account.phi.revisions.items() if number in kept}}
    )
    return account.model_copy(
        update={
            "revisions": tuple(entry for entry in account.revisions if entry.number in kept),
            "verifications": tuple(
                e for e in account.verifications if e.revision in kept or not account.revision(e.revision)
            ),
            "phi": phi,
        }
    )
