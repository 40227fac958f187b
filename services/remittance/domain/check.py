"""A check (one ST of an 835): what it pays, and the place of every cent of it (DOMAIN §4)."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.document import Aggregate
from schemas.events.remittance import PaymentReceived, ProviderAdjustment
from schemas.events.values import Cents, Ledger, Value

SAME_CHECK_DIFFERS = "same_check_differs"
"""Reason of a newcomer with the identity of a posted check and other content: it stays parked, the posted one stays."""


class Payment(Value):
    """A payment as its file told it; cents are BPR02 and the sum of CLP04."""

    payer_id: str
    payee_id: str
    trace: str
    method: str
    cents: Cents
    paid_on: date
    claims: int
    claims_cents: Cents
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    file: str
    client: str | None = None

    @classmethod
    def of(cls, told: PaymentReceived) -> "Payment":
        """The payment of an event."""
        return cls.model_validate(told.model_dump(include=set(cls.model_fields)))


class ParkedPayment(Value):
    """A payment that is not posted, and why."""

    payment: Payment
    reason: str
    place: str


class Repeat(Value):
    """The same payment once more; posts nothing."""

    file: str
    claims: int


class Place(Value):
    """Where the cents of one CLP are: posted on a claim, or unapplied (parked, unmatched, not posted)."""

    cents: Cents
    """CLP04."""
    disposition: str
    """posted | parked | unmatched | not_posted."""
    reason: str = ""
    place: str = ""
    """Segment in the file, where the clearinghouse told it."""
    account: str = ""
    claim_id: str = ""
    result: str = ""
    """paid | denied_in_part | denied | reversed."""
    classes: Ledger = Ledger()


class Recouped(Value):
    """Cents of one PLB pair that stand against what was paid on a claim (DOMAIN §5, second kind)."""

    claim_id: str
    cents: Cents
    ledger_version: int
    """Of the claim; the latest tells what stands."""


class Deposit(Value):
    """What the bank says came in."""

    cents: Cents
    deposited_on: date


class Check(Aggregate):
    """Everything known of one check identity.

    Payments of one check come in the order in which they were read; the places of their claims in any order, before
    the payment too.
    """

    KEYED: ClassVar[frozenset[str]] = frozenset({"places", "recouped"})

    posted: Payment | None = None
    parked: tuple[ParkedPayment, ...] = ()
    """Parked now: newcomers that differ from the posted one, or the latest content that could not be posted."""
    superseded: tuple[ParkedPayment, ...] = ()
    """Parked before, put right by a later file."""
    repeats: tuple[Repeat, ...] = ()
    places: dict[str, Place] = Field(default_factory=dict)
    """By position of the CLP in the check, from "1"."""
    recouped: dict[str, Recouped] = Field(default_factory=dict)
    """By position of the pair among the check's PLB pairs, from "1"."""
    deposit: Deposit | None = None

    @property
    def placed_cents(self) -> Cents:
        """Sum of CLP04 over the places known."""
        return sum(place.cents for place in self.places.values())

    @property
    def complete(self) -> bool:
        """Whether every claim of the check has a place, and postings + parked + unmatched are the sum of CLP04.

        A parked check keeps its claims with it, so that it is complete.
        """
        if self.posted is None:
            return bool(self.parked)
        return len(self.places) == self.posted.claims and self.placed_cents == self.posted.claims_cents

    def received(self, told: PaymentReceived) -> "Check":
        """With a payment that was read: posted, parked or repeated."""
        if told.disposition == "repeated":
            return self._changed(repeats=(*self.repeats, Repeat(file=told.file, claims=told.claims)))
        payment = Payment.of(told)
        if told.disposition == "posted":
            return self._post(payment)
        return self._park(ParkedPayment(payment=payment, reason=told.reason, place=told.place))

    def placed(self, position: int, place: Place) -> "Check":
        """With the place of a claim. A posting wins over a parked place of the same claim, whichever is told first."""
        known = self.places.get(str(position))
        if known is not None and known.disposition == "posted" and place.disposition != "posted":
            return self
        return self._changed(places={**self.places, str(position): place})

    def recouping(self, position: int, recouped: Recouped) -> "Check":
        """With what now stands of a PLB pair against its claim; older news changes nothing."""
        known = self.recouped.get(str(position))
        if known is not None and known.ledger_version >= recouped.ledger_version:
            return self
        return self._changed(recouped={**self.recouped, str(position): recouped})

    def deposited(self, deposit: Deposit) -> "Check":
        """With what the bank says."""
        return self._changed(deposit=deposit)

    def _post(self, payment: Payment) -> "Check":
        """A posted payment puts right what was parked before; only newcomers that differ from it stay parked."""
        differing = tuple(found for found in self.parked if found.reason == SAME_CHECK_DIFFERS)
        corrected = tuple(found for found in self.parked if found.reason != SAME_CHECK_DIFFERS)
        places = {position: place for position, place in self.places.items() if int(position) <= payment.claims}
        return self._changed(posted=payment, parked=differing, superseded=(*self.superseded, *corrected), places=places)

    def _park(self, newcomer: ParkedPayment) -> "Check":
        if self.posted is not None:
            return self._changed(parked=(*self.parked, newcomer))
        return self._changed(parked=(newcomer,), superseded=(*self.superseded, *self.parked))

    def _changed(self, **changes: object) -> "Check":
        return self.model_copy(update=changes)
