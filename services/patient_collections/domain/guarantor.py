"""What one guarantor owes by account, what was paid, asked, forgiven, and given up."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from schemas.document import Aggregate
from schemas.events.patients import GuarantorPhi
from schemas.events.values import Cents, Value
from schemas.overnight import Overnight


class Balance(Value):
    """What an account told last."""

    owed: Cents
    held: bool


HeardBalance = Overnight[Balance]


class Share(Value):
    """A guarantor's balance on one account: owed = applied + open + forgiven + bad debt (DOMAIN §1)."""

    service_date: date
    revision: int
    balance: HeardBalance
    applied: Cents = 0
    forgiven: Cents = 0
    bad_debt: Cents = 0
    asked: int = 0
    """Statements that asked for it."""
    last_asked: date | None = None
    ended: str = ""
    """paid | forgiven | bad_debt, once nothing more is asked."""

    @property
    def owed(self) -> Cents:
        """As last told; today's news included."""
        return self.balance.latest.owed

    @property
    def open(self) -> Cents:
        """What is left of `owed`; below 0 until the next morning's work where a payer took over paid cents."""
        return self.owed - self.settled

    @property
    def settled(self) -> Cents:
        """Cents that have a place: applied, forgiven, bad debt."""
        return self.applied + self.forgiven + self.bad_debt

    def askable(self, today: date) -> Cents:
        """Open cents as of this morning that nothing holds."""
        known = self.balance.morning(today)
        return 0 if known is None or known.held else max(0, known.owed - self.settled)


class Payment(Value):
    """Money from the guarantor; it finds its accounts on the morning after."""

    payment_id: str
    cents: Cents
    method: str
    received_on: date
    posted: bool = False


class Statement(Value):
    """One statement: what it asked, by account."""

    statement_id: str
    cycle: int
    issued_on: date
    due_on: date
    asked: dict[str, Cents]

    @property
    def cents(self) -> Cents:
        """What the statement asked for in all."""
        return sum(self.asked.values())


class Guarantor(Aggregate):
    """One guarantor of one partner."""

    shares: dict[str, Share] = Field(default_factory=dict)
    payments: tuple[Payment, ...] = ()
    statements: tuple[Statement, ...] = ()
    unapplied: Cents = 0
    """Money that waits for a place, kept beside what it follows from, for `reconcile`: received = applied + unapplied."""
    phi: GuarantorPhi | None = None

    @property
    def received(self) -> Cents:
        """All money that came."""
        return sum(payment.cents for payment in self.payments)

    @property
    def applied(self) -> Cents:
        """Money that found its account."""
        return sum([share.applied for share in self.shares.values()])

    @property
    def cash(self) -> Cents:
        """Posted money that waits for a place."""
        return sum(payment.cents for payment in self.payments if payment.posted) - self.applied

    def oldest_first(self) -> list[tuple[str, Share]]:
        """Shares by date of service, then account."""
        return sorted(self.shares.items(), key=lambda item: (item[1].service_date, item[0]))

    def with_shares(self, changed: Mapping[str, Share]) -> "Guarantor":
        """With some accounts' shares in a new state; cash that they take or give back changes what is unapplied."""
        if not changed:
            return self
        placed = sum([share.applied for share in changed.values()])
        placed -= sum([self.shares[account].applied for account in changed if account in self.shares])
        return self.model_copy(update={"shares": {**self.shares, **changed}, "unapplied": self.unapplied - placed})

    def with_share(self, account: str, share: Share) -> "Guarantor":
        """With one account's share in a new state."""
        return self.with_shares({account: share})

    def with_payment(self, payment: Payment) -> "Guarantor":
        """With money that came; it waits for a place."""
        return self.model_copy(
            update={"payments": (*self.payments, payment), "unapplied": self.unapplied + payment.cents}
        )
