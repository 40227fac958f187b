"""What the stored X12 itself says: CLM02 of every claim sent, CLP04 of every claim paid, BPR02 of every check."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schemas.codes.plb_reasons import takes_back
from schemas.x12 import Claims837P, Remittance835, read
from services.cli.books import Books

SERVICE = "clearinghouse"
Manifest = Mapping[str, Any]


@dataclass(slots=True)
class Sent:
    """A version of a claim as it went out."""

    charge: int
    """CLM02 in cents."""
    lines: dict[str, int]
    """SV102 in cents by REF*6R."""
    name: str
    """Of its file, which begins with ISA13: partition, day, batch."""


@dataclass(slots=True)
class Paid:
    """What payers' 835s say of one claim of ours, or of one check."""

    cents: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A PLB pair that takes back, or returns, what was paid on the claim that it names."""

    claim_id: str
    payer: str
    """The door that its file came through."""
    cents: int


@dataclass(frozen=True, slots=True)
class Payment:
    """What one ST says of its check, whatever became of it."""

    cents: int
    """BPR02."""
    claims: int
    """ΣCLP04."""
    provider: int
    """ΣPLB."""


@dataclass(slots=True)
class Wire:
    """All that went over the wire."""

    versions: dict[str, list[Sent]] = field(default_factory=lambda: defaultdict(list))
    """By CLM01: every sending, in the order of its files."""
    paid: dict[str, Paid] = field(default_factory=lambda: defaultdict(Paid))
    """By CLP01, posted claims only."""
    checks: dict[str, Paid] = field(default_factory=dict)
    """By check id, posted checks only: BPR02 and the number of its claims."""
    claims: dict[tuple[str, int], int] = field(default_factory=dict)
    """CLP04 by check id and position, posted checks only."""
    charges: dict[tuple[str, int], int] = field(default_factory=dict)
    """CLP03 by check id and position, posted checks only."""
    summaries: dict[str, int] = field(default_factory=dict)
    """What the clearinghouse noted of each posted check, in cents, by check id."""
    noted: list[tuple[str, int, int]] = field(default_factory=list)
    """Every payment of every delivery: check id, BPR02, and what the clearinghouse noted of it in cents."""
    set_aside: dict[tuple[str, str], list[Payment]] = field(default_factory=lambda: defaultdict(list))
    """Payments that were parked, by check id and file."""
    pairs: dict[tuple[str, int], "Pair"] = field(default_factory=dict)
    """PLB that names a claim by check id and position, posted checks only."""
    cash: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    """ΣCLP04 by CLP01 and door, posted claims only."""
    packets: dict[str, int] = field(default_factory=dict)
    """Denied cents that an appeal packet named, by appeal id."""

    @property
    def sent(self) -> dict[str, Sent]:
        """The newest version of each claim."""
        return {claim_id: versions[-1] for claim_id, versions in self.versions.items()}

    @property
    def recouped(self) -> dict[str, int]:
        """By claim: ΣWO and Σ72 of each payer, at least nothing and at most what that payer had paid on it."""
        asked: dict[tuple[str, str], int] = defaultdict(int)
        for pair in self.pairs.values():
            asked[pair.claim_id, pair.payer] += pair.cents
        found: dict[str, int] = defaultdict(int)
        for (claim_id, payer), cents in asked.items():
            found[claim_id] += min(max(cents, 0), max(self.cash.get((claim_id, payer), 0), 0))
        return found


def read_wire(books: Books) -> Wire:
    """Decrypt and read every file that the clearinghouse keeps; raises Undecryptable for a damaged one."""
    wire = Wire()
    for name, content in _sent_files(books):
        if name.endswith(".json"):
            packet = json.loads(content)["data"]
            wire.packets[packet["appeal_id"]] = packet["denied"]
            continue
        for transaction in read(content).transactions():
            if isinstance(transaction, Claims837P):
                _sent(wire, transaction, name)
    for manifest, told, content in _received_files(books):
        for st, transaction in enumerate(read(content).transactions(), 1):
            if isinstance(transaction, Remittance835) and st in told:
                _received(wire, transaction, told[st], manifest)
    for versions in wire.versions.values():
        versions.sort(key=lambda sent: sent.name)
    return wire


def _sent_files(books: Books) -> Iterator[tuple[str, bytes]]:
    for found in books.stored(SERVICE, "sent"):
        if found["_id"].endswith((".837", ".json")):
            yield found["_id"], blob(books, found["_id"], found["chunks"])


def _received_files(books: Books) -> Iterator[tuple[Manifest, dict[int, list[Manifest]], bytes]]:
    """Each file that held payments: its manifest, what was noted of each ST at every delivery, its bytes."""
    for found in books.stored(SERVICE, "files"):
        told: dict[int, list[Manifest]] = defaultdict(list)
        for payment in (payment for delivery in found["deliveries"] for payment in delivery.get("payments", ())):
            told[payment["st"]].append(payment)
        if told:
            yield found, told, blob(books, found["_id"], found["chunks"])


def blob(books: Books, name: str, chunks: int) -> bytes:
    """The bytes of a stored file; each chunk is bound to its name and number."""
    parts = []
    for number in range(1, chunks + 1):
        place = f"{name}:{number}"
        found = next(books.stored(SERVICE, "chunks", {"_id": place}))
        parts.append(books.cipher.decrypt(bytes(found["data"]), place.encode()))
    return b"".join(parts)


def _sent(wire: Wire, transaction: Claims837P, name: str) -> None:
    for claim in transaction.claims:
        lines = {line.control_number: line.charge for line in claim.lines}
        wire.versions[claim.claim_id].append(Sent(claim.charge, lines, name.rpartition("/")[2]))


def _received(wire: Wire, payment: Remittance835, told: list[Manifest], manifest: Manifest) -> None:
    """A payment as its bytes say it, beside what the clearinghouse noted of it; it posts at one delivery at most."""
    wire.noted += [(note["check_id"], payment.amount, note["cents"]) for note in told]
    posted = [note for note in told if "p" in note["places"] or note["disposition"] == "posted"]
    if posted:
        check_id = posted[-1]["check_id"]
        wire.summaries[check_id] = posted[-1]["cents"]
        _paid(wire, payment, check_id, posted[-1]["places"], manifest["door"])
    elif told[-1]["disposition"] == "parked":
        claims = sum(claim.paid for claim in payment.claims)
        provider = sum(item.cents for item in payment.provider_adjustments)
        wire.set_aside[told[-1]["check_id"], manifest["_id"]].append(Payment(payment.amount, claims, provider))


def _paid(wire: Wire, payment: Remittance835, check_id: str, places: str, door: str) -> None:
    claims = list(payment.claims)
    wire.checks[check_id] = Paid(payment.amount, len(claims))
    for position, (claim, place) in enumerate(zip(claims, places, strict=True), 1):
        wire.claims[check_id, position] = claim.paid
        wire.charges[check_id, position] = claim.charge
        if place == "p":
            wire.paid[claim.claim_id].cents += claim.paid
            wire.paid[claim.claim_id].answers += 1
            wire.cash[claim.claim_id, door] += claim.paid
    for position, item in enumerate(payment.provider_adjustments, 1):
        if takes_back(item.reason, payment.date or date.max):
            wire.pairs[check_id, position] = Pair(item.reference.strip().upper(), door, item.cents)
