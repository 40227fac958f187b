"""One check in numbers: what `overturn remit` adds up."""

from collections import Counter
from dataclasses import dataclass, field

from schemas.events.values import Cents, Ledger
from services.remittance.domain.check import Check
from services.remittance.domain.terms import terms

COUNTS = (
    "payments_posted",
    "payments_parked",
    "payments_repeated",
    "claims_posted",
    "claims_parked",
    "claims_repeated",
    "claims_not_posted",
    "denied",
    "denied_in_part",
)
CENTS = (
    "charged",
    "paid",
    "contractual",
    "patient",
    "denied",
    "prior_payer",
    "unanswered",
    "provider_level",
    "unapplied",
)
DISPOSED = {"posted": "claims_posted", "parked": "claims_parked"}
"""Every other disposition (not_posted, unmatched) counts as not posted."""


@dataclass(frozen=True, slots=True)
class ParkedItem:
    """Something that a person must look at. No PHI."""

    trace: str
    """TRN02 of the payment, empty where only the claim is known yet."""
    position: int | None
    """Of the CLP in its check; None: the whole payment."""
    place: str
    reason: str
    cents: Cents
    file: str
    """sha256 of the file that brought it, empty where not known yet."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A check's counts and cents (names of COUNTS and CENTS), its parked items, and whether all claims have a place."""

    complete: bool
    counts: dict[str, int]
    cents: dict[str, Cents]
    parked: tuple[ParkedItem, ...] = field(default=())


def summary(check: Check) -> Summary:
    """The check in numbers. Repeats count as repeats and move no money; a superseded payment counts no more."""
    return Summary(check.complete, _counts(check), _cents(check), _parked(check))


def _counts(check: Check) -> dict[str, int]:
    counts = Counter({name: 0 for name in COUNTS})
    counts["payments_posted"] = int(check.posted is not None)
    counts["payments_parked"] = len(check.parked)
    counts["payments_repeated"] = len(check.repeats)
    counts["claims_repeated"] = sum(repeat.claims for repeat in check.repeats)
    counts["claims_parked"] = sum(found.payment.claims for found in check.parked)
    for place in check.places.values():
        counts[DISPOSED.get(place.disposition, "claims_not_posted")] += 1
        if place.disposition == "posted" and place.result in ("denied", "denied_in_part"):
            counts[place.result] += 1
    return dict(counts)


def _cents(check: Check) -> dict[str, Cents]:
    posted = [place.classes for place in check.places.values() if place.disposition == "posted"]
    ledger, cash = sum(posted, Ledger()), terms(check)
    return {
        "charged": ledger.charge,
        "paid": ledger.payer_paid,
        "contractual": ledger.contractual,
        "patient": ledger.patient,
        "denied": ledger.denied,
        "prior_payer": ledger.prior_payer_unseen,
        "unanswered": ledger.unanswered,
        "provider_level": cash.provider_level,
        "unapplied": cash.unapplied,
    }


def _parked(check: Check) -> tuple[ParkedItem, ...]:
    payments = [
        ParkedItem(found.payment.trace, None, found.place, found.reason, found.payment.cents, found.payment.file)
        for found in check.parked
    ]
    trace, file = (check.posted.trace, check.posted.file) if check.posted else ("", "")
    claims = [
        ParkedItem(trace, int(position), place.place, place.reason, place.cents, file)
        for position, place in sorted(check.places.items(), key=lambda item: int(item[0]))
        if place.disposition == "parked"
    ]
    return (*payments, *claims)
