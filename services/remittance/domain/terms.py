"""Payer cash by terms (DOMAIN §1): received = payer_paid + owed_to_payers + provider_level + unapplied."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from schemas.codes.plb_reasons import plb_class
from schemas.events.values import Cents
from services.remittance.domain.check import Check

PayerPayee = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """Signed cents; each summed from its own records, none a difference of others."""

    received: Cents = 0
    """Σ BPR02 of posted checks. A parked check is not in the books: what it pays is not known before it balances."""
    payer_paid: Cents = 0
    """Σ CLP04 of claims posted − Σ PLB that take back without a reversal what was paid on a claim."""
    owed_to_payers: Cents = 0
    """−Σ PLB that make or pay back a debt: positive, we hold the payer's money; negative, it took some back. What of
    them stands against a claim is in payer_paid instead."""
    provider_level: Cents = 0
    """−Σ PLB that no claim explains: interest, levies, capitation."""
    unapplied: Cents = 0
    """Σ CLP04 without a claim (parked, unmatched, not posted) − Σ PLB whose reason says nothing."""

    def __add__(self, other: "Terms") -> "Terms":
        return Terms(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Terms)))

    @property
    def balanced(self) -> bool:
        """Whether every cent received has exactly one place; not before all checks are complete."""
        return self.received == self.payer_paid + self.owed_to_payers + self.provider_level + self.unapplied


def terms(check: Check) -> Terms:
    """The cash of one check; zero while nothing of it is posted."""
    payment = check.posted
    if payment is None:
        return Terms()
    plb = {"owed_to_payers": 0, "provider_level": 0, "unapplied": 0}
    for adjustment in payment.provider_adjustments:
        plb[plb_class(adjustment.reason, payment.paid_on)] -= adjustment.cents
    posted = sum(place.cents for place in check.places.values() if place.disposition == "posted")
    recouped = sum(entry.cents for entry in check.recouped.values())
    return Terms(
        received=payment.cents,
        payer_paid=posted - recouped,
        owed_to_payers=plb["owed_to_payers"] + recouped,
        provider_level=plb["provider_level"],
        unapplied=plb["unapplied"] + check.placed_cents - posted,
    )


def by_payer_and_payee(checks: Iterable[Check]) -> dict[PayerPayee, Terms]:
    """The balance with each payer, for each payee: PLB chains run over checks of one payer and payee."""
    found: dict[PayerPayee, Terms] = {}
    for check in checks:
        if check.posted is not None:
            pair = check.posted.payer_id, check.posted.payee_id
            found[pair] = found.get(pair, Terms()) + terms(check)
    return found


def total(checks: Iterable[Check]) -> Terms:
    """The terms of many checks."""
    return sum((terms(check) for check in checks), Terms())
