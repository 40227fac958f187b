"""The comparisons: each sets two records of the same cents side by side; none computes an amount as a difference."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.cli.books import Books
from services.cli.reconcile import records
from services.cli.reconcile.finding import Finding, InFlight, differ
from services.cli.reconcile.quotes import claims_by_account, prove_quotes, read_stores
from services.cli.reconcile.records import AMOUNTS, LEDGER_TERMS, ClaimRecord, DeniedRecord
from services.cli.reconcile.x12_records import Wire, read_wire


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was compared and what was found."""

    findings: tuple[Finding, ...]
    in_flight: tuple[InFlight, ...]
    compared: dict[str, int] = field(default_factory=dict)

    @property
    def conserved(self) -> bool:
        """Whether every pair of records told the same."""
        return not self.findings


def prove(books: Books) -> Verdict:
    """Compare all stores; raises Undecryptable where stored bytes were damaged."""
    wire, claims, checks, stores = read_wire(books), records.claims(books), records.checks(books), read_stores(books)
    moving: list[InFlight] = []
    findings = [
        *_charges(records.accepted(books), claims, moving),
        *_sent(wire, claims, moving),
        *_postings(wire, claims),
        *_paid(wire, claims, checks),
        *_checks(wire, checks),
        *_noted(wire, checks),
        *_denials(records.denials(books), claims, moving),
        *_appeals(books, wire),
        *_patients(records.patients(books), claims, moving),
        *_guarantors(records.patients(books), claims_by_account(stores)),
        *prove_quotes(stores, wire),
    ]
    compared = {"claims": len(claims), "checks": len(checks), "claims_sent": len(wire.sent)}
    return Verdict(tuple(findings), tuple(moving), compared)


def _charges(
    accepted: dict[str, records.Accepted], claims: dict[str, ClaimRecord], moving: list[InFlight]
) -> Iterator[Finding]:
    """intake's accepted charges are the charges of the account's claims, once they were made of the same revision."""
    by_account: dict[str, list[tuple[str, ClaimRecord]]] = {}
    for claim_id, claim in claims.items():
        by_account.setdefault(claim.account, []).append((claim_id, claim))
    for account, entry in accepted.items():
        own = by_account.get(account, [])
        if not own or not entry.billed:
            continue
        if any(claim.revision not in (0, entry.revision) for _, claim in own):
            moving.append(InFlight(f"account {account}", "a newer revision is not billed yet", entry.since))
            continue
        total = sum(sum(claim.lines.values()) for _, claim in own)
        yield from differ(f"claim {own[0][0]}", "charge", "intake", entry.charge, "claim_submission", total)


def _sent(wire: Wire, claims: dict[str, ClaimRecord], moving: list[InFlight]) -> Iterator[Finding]:
    """CLM02 and SV102 of the newest 837 are the ledger's charge and the lines' charges."""
    for claim_id, sent in wire.sent.items():
        claim = claims.get(claim_id)
        if claim is None:
            yield Finding(f"claim {claim_id}", "sent, but not kept", "837", sent.charge, "claim_submission", 0)
            continue
        if claim.refused:
            moving.append(InFlight(f"claim {claim_id}", "its newest version was refused before it left", claim.since))
            continue
        yield from differ(f"claim {claim_id}", "CLM02", "837", sent.charge, "ledger", claim.ledger["charge"])
        for control, cents in sent.lines.items():
            kept = claim.lines.get(control, 0)
            yield from differ(f"claim {claim_id}", f"SV102 of line {control}", "837", cents, "claim_submission", kept)


def _postings(wire: Wire, claims: dict[str, ClaimRecord]) -> Iterator[Finding]:
    """Each posting is its CLP04, its lines are the posting, and the ledger's terms are the charge."""
    for claim_id, claim in claims.items():
        subject = f"claim {claim_id}"
        placed = sum(claim.ledger[term] for term in LEDGER_TERMS)
        owed = claim.ledger["charge"] + claim.ledger["overpaid"]
        yield from differ(subject, "ledger", "charge and overpaid", owed, "its terms", placed)
        lines = sum(claim.lines.values())
        yield from differ(subject, "charge", "ledger", claim.ledger["charge"], "lines", lines)
        for posting in claim.postings:
            place = f"posting {posting['check_id']}/{posting['position']}"
            clp04 = wire.claims.get((posting["check_id"], posting["position"]), 0)
            yield from differ(subject, place, "CLP04", clp04, "posting", posting["paid"])
            yield from _posting_lines(subject, place, posting)


def _posting_lines(subject: str, place: str, posting: Any) -> Iterator[Finding]:
    paid = sum(line["paid"] for line in posting["lines"])
    yield from differ(subject, place, "posting", posting["paid"], "its lines", paid)
    for line in posting["lines"]:
        told = sum(line[name] for name in AMOUNTS) + sum(line["contractual"].values())
        told += sum(amount["cents"] for amount in line["denied"])
        yield from differ(subject, f"{place} line {line['control']}", "charge", line["charge"], "its classes", told)


def _paid(wire: Wire, claims: dict[str, ClaimRecord], checks: dict[str, records.CheckRecord]) -> Iterator[Finding]:
    """The ledger's payer_paid is ΣCLP04 of the stored 835s less PLB takebacks without a reversal, and what remittance
    holds as posted less what it holds as recouped."""
    posted: dict[str, int] = {}
    for check in checks.values():
        for place in check.places.values():
            if place["disposition"] == "posted":
                posted[place["claim_id"]] = posted.get(place["claim_id"], 0) + place["cents"]
        for pair in check.recouped.values():
            posted[pair["claim_id"]] = posted.get(pair["claim_id"], 0) - pair["cents"]
    recouped = wire.recouped
    for claim_id, claim in claims.items():
        subject, paid = f"claim {claim_id}", claim.ledger["payer_paid"]
        yield from differ(subject, "paid", "remittance", posted.get(claim_id, 0), "ledger", paid)
        if not claim.takeover:
            wired = wire.paid[claim_id].cents if claim_id in wire.paid else 0
            wired -= recouped.get(claim_id, 0)
            yield from differ(subject, "paid", "835 CLP04 less PLB", wired, "ledger", paid)
        for pair in claim.recoupments:
            told = wire.pairs.get((pair["check_id"], pair["position"]))
            where = f"PLB {pair['check_id']}/{pair['position']}"
            yield from differ(subject, where, "835", told.cents if told else 0, "claim_submission", pair["cents"])


def _checks(wire: Wire, checks: dict[str, records.CheckRecord]) -> Iterator[Finding]:
    """ΣCLP04 − ΣPLB = BPR02, as stored and on the wire; every CLP has its place with its cents."""
    for check_id, check in checks.items():
        subject = named(
            f"check {check_id}", (place["claim_id"] for place in check.places.values() if place["claim_id"])
        )
        told = check.claims_cents - check.provider_cents
        yield from differ(subject, "balance", "ΣCLP04 − ΣPLB", told, "BPR02", check.cents)
        if check_id in wire.checks:
            yield from differ(subject, "BPR02", "835", wire.checks[check_id].cents, "remittance", check.cents)
            yield from differ(subject, "BPR02", "manifest", wire.summaries[check_id], "remittance", check.cents)
        for position, place in check.places.items():
            name = named(f"check {check_id}", _claims([place]))
            clp04 = wire.claims.get((check_id, int(position)), 0)
            yield from differ(name, f"place of CLP {position}", "835", clp04, "remittance", place["cents"])
        if check.complete:
            placed = sum(place["cents"] for place in check.places.values())
            yield from differ(subject, "places", "ΣCLP04", check.claims_cents, "remittance", placed)


def _noted(wire: Wire, checks: Mapping[str, records.CheckRecord]) -> Iterator[Finding]:
    """What the clearinghouse noted of each payment that it read, repeats and parked ones too, is its BPR02."""
    for check_id, cents, noted in wire.noted:
        places = checks[check_id].places.values() if check_id in checks else ()
        yield from differ(named(f"check {check_id}", _claims(places)), "BPR02", "835", cents, "manifest", noted)


def _denials(
    held: Mapping[str, DeniedRecord], claims: Mapping[str, ClaimRecord], moving: list[InFlight]
) -> Iterator[Finding]:
    """Denied cents that triage holds open are the ledger's, once it has worked off its news; of an answer that was taken
    back and not corrected, those that stood before."""
    for claim_id, kept in held.items():
        claim = claims.get(claim_id)
        if claim is None:
            continue
        record, cents = "ledger", claim.ledger["denied"]
        if kept.reversed and claim.taken_back is not None:
            record, cents = "claim_submission, before the takeback", claim.taken_back
        subject = f"claim {claim_id}"
        if kept.waits and kept.cents != cents:
            moving.append(InFlight(subject, "triage has not worked off its news yet", kept.since))
            continue
        yield from differ(subject, "denied", "denial_triage", kept.cents, record, cents)


def _appeals(books: Books, wire: Wire) -> Iterator[Finding]:
    """What an appeal asks for is what its packet said."""
    for appeal_id, (claim_id, cents) in records.appeals(books).items():
        if appeal_id in wire.packets:
            asked = wire.packets[appeal_id]
            yield from differ(f"claim {claim_id}", f"appeal {appeal_id}", "packet", asked, "appeals", cents)


def _patients(patients: records.Patients, claims: dict[str, ClaimRecord], moving: list[InFlight]) -> Iterator[Finding]:
    """The ledger's patient cents are the patient account's; a guarantor's share has a place for each of them."""
    for claim_id, (_, cents) in patients.claims.items():
        if claim_id in claims:
            ledger = claims[claim_id].ledger["patient"]
            subject = f"claim {claim_id}"
            yield from differ(subject, "patient share", "ledger", ledger, "patient_collections", cents)
    for account, owed in patients.owed.items():
        shares = patients.shares.get(account, [])
        told = sum(share["balance"]["latest"]["owed"] for _, share in shares)
        name = next(
            (f"claim {claim_id}" for claim_id, c in claims.items() if c.account == account), f"account {account}"
        )
        yield from differ(name, "owed", "patient account", owed, "guarantors", told)


def _guarantors(patients: records.Patients, claims: Mapping[str, list[str]]) -> Iterator[Finding]:
    """Money received = applied + unapplied; once asking has ended, what is owed has its place."""
    for key, state in patients.guarantors.items():
        names = {account: _names(account, claims.get(account, ())) for account in state["shares"]}
        subject = named(f"guarantor {key}", (name for own in names.values() for name in own))
        received = sum(payment["cents"] for payment in state["payments"])
        placed = sum(share["applied"] for share in state["shares"].values()) + state["unapplied"]
        yield from differ(subject, "cash", "payments", received, "applied and unapplied", placed)
        for account, share in state["shares"].items():
            yield from _places(named(f"guarantor {key}", names[account]), share, patients.last_days[key])


def _places(subject: str, share: Any, last_day: str) -> Iterator[Finding]:
    """No more cents have a place than are owed, and every cent once asking has ended; as of the morning after news."""
    balance = share["balance"]
    if balance["learned_on"] >= last_day:
        return
    owed, settled = balance["latest"]["owed"], share["applied"] + share["forgiven"] + share["bad_debt"]
    if settled > owed or (share["ended"] and not balance["latest"]["held"]):
        yield from differ(subject, "places", "owed", owed, "applied, forgiven and bad debt", settled)


def _claims(places: Iterable[Mapping[str, Any]]) -> list[str]:
    return [f"claim {place['claim_id']}" for place in places if place["claim_id"]]


def _names(account: str, claims: Iterable[str]) -> list[str]:
    return [f"claim {claim_id}" for claim_id in claims] or [f"account {account}"]


def named(subject: str, names: Iterable[str]) -> str:
    """A subject that is no claim, with the claims that it is about."""
    told = ", ".join(names)
    return f"{subject} ({told})" if told else subject
