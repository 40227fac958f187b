"""What the patient owes on one account, and what forbids asking for it."""

from datetime import date

from pydantic import Field

from schemas.document import Aggregate
from schemas.events.patients import AccountBalance, GuarantorPhi
from schemas.events.values import Cents, Ledger, Value


class ClaimShare(Value):
    """A claim's newest ledger, as far as collections needs it; without an answer there is no version."""

    ledger_version: int = 0
    patient: Cents = 0
    holds: tuple[str, ...] = ("claim_unanswered",)
    dropped: bool = False
    """No claim any more: withdrawn, or the encounter became self-pay."""

    @classmethod
    def of(cls, ledger: Ledger, version: int, dropped: bool = False) -> "ClaimShare":
        """From a ledger: the patient's cents, and which other cents are still open."""
        reasons = {
            "denied": ledger.denied,
            "payer_unanswered": ledger.unanswered,
            "next_payer": ledger.next_payer + ledger.prior_payer_unseen,
            "credit_balance": ledger.overpaid,
        }
        holds = tuple(reason for reason, cents in reasons.items() if cents > 0)
        return cls(ledger_version=version, patient=ledger.patient, holds=holds, dropped=dropped)


class Told(Value):
    """What a guarantor was last told of this account."""

    guarantor_key: str
    owed: Cents
    hold_reasons: tuple[str, ...]


class PatientAccount(Aggregate):
    """One account: its claims' patient cents, what is open on it, and who answers for it."""

    guarantor_key: str = ""
    """Empty until the encounter is known: then nobody can be asked (take-over accounts)."""
    service_date: date | None = None
    encounter_revision: int = 0
    self_pay: Cents = 0
    """Charges of an encounter without coverage."""
    withdrawn: bool = False
    claims: dict[str, ClaimShare] = Field(default_factory=dict)
    denials: tuple[str, ...] = ()
    """Open denials."""
    appeals: tuple[str, ...] = ()
    """Appeals and documents that wait for a decision."""
    told: tuple[Told, ...] = ()
    """By guarantor; more than one where the encounter's guarantor changed."""
    revision: int = 0
    """Counts what was told."""
    phi: GuarantorPhi | None = None

    @property
    def owed(self) -> Cents:
        """What the patient owes now: the claims' patient cents; a self-pay encounter's charges where no claim has any."""
        answered = [claim for claim in self.claims.values() if claim.ledger_version and not claim.dropped]
        if answered:
            return sum(claim.patient for claim in answered)
        return 0 if self.withdrawn else self.self_pay

    @property
    def hold_reasons(self) -> tuple[str, ...]:
        """Why no statement may be sent; empty: it may."""
        reasons = {reason for claim in self.claims.values() for reason in claim.holds}
        reasons |= {"denial_open"} if self.denials else set()
        reasons |= {"appeal_open"} if self.appeals else set()
        return tuple(sorted(reasons))

    def with_claim(self, claim_id: str, share: ClaimShare) -> "PatientAccount":
        """With a claim's newer ledger; an older one changes nothing."""
        known = self.claims.get(claim_id)
        if known is not None and known.ledger_version >= share.ledger_version:
            return self
        return self.model_copy(update={"claims": {**self.claims, claim_id: share}})

    def tell(self, account: str) -> "tuple[PatientAccount, list[tuple[str, AccountBalance]]]":
        """The balances to tell, by guarantor key: what changed since it was last told; a former guarantor owes 0."""
        own, owed = self.guarantor_key, self.owed
        if not own or self.service_date is None or not (owed or self.told):
            return self, []
        now = Told(guarantor_key=own, owed=owed, hold_reasons=self.hold_reasons)
        others = [told.guarantor_key for told in self.told if told.owed and told.guarantor_key != own]
        former = [Told(guarantor_key=key, owed=0, hold_reasons=()) for key in others]
        known = next((told for told in self.told if told.guarantor_key == own), None)
        fresh = now != known if known else owed > 0
        news = [*former, *([now] if fresh else [])]
        if not news:
            return self, []
        revision = self.revision + 1
        kept = {told.guarantor_key: told for told in (*self.told, *news)}
        balances = [(told.guarantor_key, self._balance(account, told, revision)) for told in news]
        return self.model_copy(update={"told": tuple(kept.values()), "revision": revision}), balances

    def _balance(self, account: str, told: Told, revision: int) -> AccountBalance:
        assert self.service_date is not None
        return AccountBalance(
            account=account,
            owed=told.owed,
            held=bool(told.hold_reasons),
            hold_reasons=told.hold_reasons,
            service_date=self.service_date,
            revision=revision,
        )
