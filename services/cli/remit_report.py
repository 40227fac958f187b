"""What the files of one `overturn remit` came to: counts, cents, and what is parked and why."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

from services.clearinghouse.domain.answers835 import PaymentSummary
from services.clearinghouse.domain.checks import KEEP_OUT, PARK, PARKED, POST, POSTED, REPEAT
from services.clearinghouse.manifests import UNREADABLE
from services.cli.remit_files import Reading
from services.cli.tables import dollars
from services.remittance.domain.check import Check, Place
from services.remittance.domain.summary import summary

PAYMENTS = ("posted", "parked", "repeated")
CLAIMS = ("posted", "parked", "repeated", "not_posted")
CENTS = {
    "charged": "charge",
    "paid": "payer_paid",
    "contractual": "contractual",
    "patient": "patient",
    "denied": "denied",
    "prior_payer": "prior_payer_unseen",
    "unanswered": "unanswered",
}
"""Our name: the ledger's, summed over the claims that these files posted. The first is the sum of the others; unanswered
is what a payer still has under review (CARC 133, 257, 277)."""
CASH = ("provider_level", "unapplied")
"""Of the checks that these files posted (DOMAIN §1, payer cash)."""
OTHERWISE = "`overturn x12 validate` says what is wrong with it; ask the payer to send it again"
REMEDIES = {
    "not_x12": "it does not begin with an ISA; name an 835 as the payer sent it, unpacked",
    "interchange_truncated": "it ends too early; ask for the whole file",
    "no_transaction": "no transaction is in it; ask for the whole file",
    "reader_failed": "an error of ours; the log of the clearinghouse names its place. Mend it and run the command again",
    "no_known_transaction": "what is in it is no 835; name a remittance",
}
"""Why nothing of a file could be read, and what to do."""
LETTERS = {PARK: "parked", REPEAT: "repeated", KEEP_OUT: "not_posted"}


def report(readings: list[Reading], checks: Mapping[str, Check]) -> dict[str, Any]:
    """The JSON of `overturn remit`; integer counts, integer cents."""
    payments = [payment for reading in readings for payment in reading.delivery.payments]
    counts = {f"payments_{name}": sum(p.disposition == name for p in payments) for name in PAYMENTS}
    claims = dict.fromkeys(CLAIMS, 0)
    results = {"denied": 0, "denied_in_part": 0}
    cents = dict.fromkeys((*CENTS, *CASH), 0)
    for payment in payments:
        for place in places(payment, checks):
            claims[place if isinstance(place, str) else became(place)] += 1
            if not isinstance(place, str) and place.disposition == "posted":
                results[place.result] = results.get(place.result, 0) + 1
                for name, term in CENTS.items():
                    cents[name] += getattr(place.classes, term)
    for check_id in dict.fromkeys(p.check_id for p in payments if p.disposition == POSTED):
        found = summary(checks[check_id]).cents
        for name in CASH:
            cents[name] += found[name]
    return {
        "files": len(readings),
        "payments": len(payments),
        **counts,
        "claims": sum(claims.values()),
        **{f"claims_{name}": claims[name] for name in CLAIMS},
        "denied": results["denied"],
        "denied_in_part": results["denied_in_part"],
        "cents": cents,
        "parked": [entry for reading in readings for entry in parked(reading)],
    }


def places(payment: PaymentSummary, checks: Mapping[str, Check]) -> Iterator[Place | str]:
    """Of each claim where it was posted, or the word for why this file did not post it."""
    for position, letter in enumerate(payment.places, 1):
        if payment.disposition == PARKED or letter != POST:
            yield LETTERS.get(letter, "parked")
        else:
            yield checks[payment.check_id].places[str(position)]


def became(place: Place) -> str:
    """posted, or not_posted: claim_submission found nothing that the claim could be posted on."""
    return "posted" if place.disposition == "posted" else "not_posted"


def parked(reading: Reading) -> Iterator[dict[str, Any]]:
    """Everything of a file that was set aside: the whole file, a payment, or a claim of it (counted from 1)."""
    delivery, file = reading.delivery, str(reading.path)
    if delivery.state == UNREADABLE:
        reason = f"{delivery.reason}: {REMEDIES.get(delivery.reason, OTHERWISE)}"
        yield {"file": file, "payment": None, "claim": None, "segment": delivery.place, "reason": reason}
    for payment in delivery.payments:
        for part in payment.parked:
            reason = f"{part.reason}: {part.text}" if part.text else part.reason
            where = {"payment": payment.trace, "claim": part.claim, "segment": part.place}
            yield {"file": file, **where, "reason": reason}


def pending(readings: list[Reading], checks: Mapping[str, Check]) -> set[str]:
    """Checks of which a claim posted by these files has no place yet."""
    found = set()
    for reading in readings:
        for payment in reading.delivery.payments:
            check = checks.get(payment.check_id)
            wanted = [str(at) for at, letter in enumerate(payment.places, 1) if letter == POST]
            posted = payment.disposition == POSTED
            if (posted and (check is None or not check.complete)) or (
                wanted and (check is None or not all(answered(check.places.get(at)) for at in wanted))
            ):
                found.add(payment.check_id)
    return found


def answered(place: Place | None) -> bool:
    """Whether claim_submission has told where a posted claim is; a claim parked by an earlier file is still there."""
    return place is not None and place.disposition != "parked"


def tables(found: Mapping[str, Any]) -> Iterator[Table]:
    """Counts and dollars, for people."""
    sums = Table("", "all", "posted", "parked", "repeated", "not posted", title="Remittances", title_justify="left")
    for name in ("payments", "claims"):
        words = (name, *(f"{name}_{word}" for word in CLAIMS))
        sums.add_row(name, *(f"{found[word]:,}" if word in found else "" for word in words))
    yield sums
    money = Table("", "dollars", title=f"{found['files']} files", title_justify="left")
    for name, cents in found["cents"].items():
        money.add_row(name.replace("_", " "), dollars(cents))
    yield money


def set_aside(found: Mapping[str, Any]) -> Iterator[str]:
    """For people: two lines a parked thing, where it is and why."""
    for entry in found["parked"]:
        named = [f"{name} {entry[name]}" for name in ("payment", "claim") if entry[name]]
        yield ", ".join([entry["file"], *named, entry["segment"]])
        yield f"  {entry['reason']}"
