"""The finer comparisons: what one store quotes of another's amounts, and the parts of what one document holds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.cli.books import Books
from services.cli.reconcile.finding import Finding, differ
from services.cli.reconcile.lanes import Bill, Packet, carried
from services.cli.reconcile.x12_records import Payment, Wire

State = Mapping[str, Any]
CLASSES = {"charge": "charge", "payer_paid": "paid", "patient": "patient", "prior_payer_unseen": "prior_payer"}
"""Terms of remittance's own classes that claim_submission's posted lines hold under these names."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Every document that holds amounts, as it rests, by key; what lanes carry."""

    intake: Mapping[str, State]
    submission: Mapping[str, State]
    carried: Sequence[Bill | Packet]
    checks: Mapping[str, State]
    triage: Mapping[str, State]
    appeals: Mapping[str, State]
    patients: Mapping[str, State]

    @property
    def claims(self) -> Iterator[tuple[str, State]]:
        """claim_submission's claims with their account."""
        return ((key, claim) for key, state in self.submission.items() for claim in state["claims"])


def read_stores(books: Books) -> Stores:
    """All of them; plain fields only, but for lanes."""

    def read(service: str, collection: str) -> dict[str, State]:
        return {found["_id"]: found["state"] for found in books.stored(service, collection) if found.get("state")}

    return Stores(
        intake=read("intake", "account"),
        submission=read("claim_submission", "account"),
        carried=tuple(carried(books)),
        checks=read("remittance", "check"),
        triage=read("denial_triage", "denials"),
        appeals=read("appeals", "appeals"),
        patients=read("patient_collections", "patient_account"),
    )


def prove_quotes(stores: Stores, wire: Wire) -> Iterator[Finding]:
    """Every comparison of this module."""
    yield from _revisions(stores)
    yield from _versions(stores, wire)
    yield from _bills(stores)
    yield from _answers(stores, wire)
    yield from _first_answers(stores)
    yield from _decisions(stores)
    yield from _recovered(stores)
    yield from _packets(stores, wire)
    yield from _self_pay(stores)
    yield from _set_aside(stores, wire)


def _revisions(stores: Stores) -> Iterator[Finding]:
    """A revision that claim_submission still keeps charges what intake accepted."""
    for account, state in stores.submission.items():
        accepted = {entry["revision"]: entry["charge"] for entry in stores.intake.get(account, {}).get("revisions", ())}
        subject = _claim_of(state, account)
        for revision in state["revisions"]:
            kept = sum(line["charge"] for line in revision["encounter"]["lines"])
            told = accepted.get(revision["number"], 0)
            yield from differ(subject, f"revision {revision['number']}", "intake", told, "claim_submission", kept)


def _versions(stores: Stores, wire: Wire) -> Iterator[Finding]:
    """CLM02 of each sending is the charge of that version; the last may still wait for its file."""
    for _, claim in stores.claims:
        sent = wire.versions.get(claim["claim_id"], [])
        left = (version for version in claim["versions"] if not version.get("refused_on"))
        for version, file in zip(left, sent, strict=False):
            subject, what = f"claim {claim['claim_id']}", f"version {version['number']}"
            yield from differ(subject, what, "837", file.charge, "claim_submission", version["charge"])


def _bills(stores: Stores) -> Iterator[Finding]:
    """What a lane carries is the version's charge, and its lines are its charge."""
    versions = {(claim["claim_id"], v["number"]): v["charge"] for _, claim in stores.claims for v in claim["versions"]}
    for bill in (found for found in stores.carried if isinstance(found, Bill)):
        subject, what = f"claim {bill.claim_id}", f"bill of version {bill.version}"
        kept = versions.get((bill.claim_id, bill.version), 0)
        yield from differ(subject, what, "claim_submission", kept, "lane", bill.charge)
        yield from differ(subject, what, "lane", bill.charge, "its lines", bill.lines)


def _answers(stores: Stores, wire: Wire) -> Iterator[Finding]:
    """A posting's charge is CLP03 and its lines'; remittance holds the same classes of that CLP."""
    for _, claim in stores.claims:
        for posting in claim["postings"]:
            subject = f"claim {claim['claim_id']}"
            place = f"posting {posting['check_id']}/{posting['position']}"
            clp03 = wire.charges.get((posting["check_id"], posting["position"]), 0)
            yield from differ(subject, place, "CLP03", clp03, "posting", posting["charge"])
            lines = sum(line["charge"] for line in posting["lines"])
            yield from differ(subject, place, "posting charge", posting["charge"], "its lines", lines)
            check = stores.checks.get(posting["check_id"], {}).get("places", {}).get(str(posting["position"]))
            if check is not None:
                yield from _classes(subject, place, posting["lines"], check["classes"])


def _classes(subject: str, place: str, lines: Iterable[State], told: State) -> Iterator[Finding]:
    posted = {term: sum(line[name] for line in lines) for term, name in CLASSES.items()}
    posted["contractual"] = sum(sum(line["contractual"].values()) for line in lines)
    posted["denied"] = sum(amount["cents"] for line in lines for amount in line["denied"])
    posted["unanswered"] = sum(line["pending"] for line in lines)
    for term, cents in told.items():
        yield from differ(subject, f"{place} {term}", "claim_submission", posted.get(term, 0), "remittance", cents)


def _first_answers(stores: Stores) -> Iterator[Finding]:
    """Denied cents of the frozen first answer are those of its postings, and triage opened denials for them, unless it knew
    another payer's answer before."""
    for account, claim in stores.claims:
        if not claim["first"]:
            continue
        answers = [p for p in claim["postings"] if p["check_id"] == claim["first"]["check_id"] and p["rank"] == 1]
        if len(answers) != 1:
            continue  # answers that replace each other within a check have no sum
        subject, frozen = f"claim {claim['claim_id']}", claim["first"]["denied"]
        denied = sum(amount["cents"] for line in answers[0]["lines"] for amount in line["denied"])
        yield from differ(subject, "first answer's denied", "posting", denied, "frozen", frozen)
        triage = stores.triage.get(account, {})
        came_first = claim["postings"][0]["check_id"] == claim["first"]["check_id"]
        if came_first and claim["claim_id"] in triage.get("claims", {}) and not triage["notes"]:
            denials = triage["claims"][claim["claim_id"]]["denials"]
            opened = sum(denial["opened_cents"] for denial in denials if denial["first_answer"])
            yield from differ(subject, "first answer's denied", "frozen", frozen, "denials opened", opened)


def _decisions(stores: Stores) -> Iterator[Finding]:
    """What was written off or billed to the patient is what the closed denial still held."""
    closed = {
        denial["denial_id"]: sum(amount["cents"] for amount in denial["amounts"])
        for state in stores.triage.values()
        for claim in state["claims"].values()
        for denial in claim["denials"]
        if denial["closed"] and denial["amounts"]
    }
    for _, claim in stores.claims:
        last = {decision["denial_id"]: decision for decision in claim["decisions"]}
        for denial_id, decision in last.items():
            if denial_id in closed:
                decided = sum(amount["cents"] for amount in decision["denied"])
                what = f"denial {denial_id} {decision['target']}"
                yield from differ(
                    f"claim {claim['claim_id']}", what, "decision", decided, "denial_triage", closed[denial_id]
                )


def _recovered(stores: Stores) -> Iterator[Finding]:
    """Recoveries and the first answer's payment are no more than was paid; triage knows the ledger's payer_paid, of an
    answer that was taken back and not corrected the one before."""
    claims = {claim["claim_id"]: claim for _, claim in stores.claims}
    for state in stores.triage.values():
        for claim_id, known in state["claims"].items():
            claim = claims.get(claim_id)
            if claim is None or state["notes"]:
                continue
            before = claim.get("taken_back") if known.get("reversed_at") else None
            record, paid = (
                ("before the takeback", before["paid"]) if before else ("ledger", claim["balance"]["payer_paid"])
            )
            subject = f"claim {claim_id}"
            yield from differ(subject, "paid", record, paid, "denial_triage", known["paid"])
            taken_back = any(posting["paid"] < 0 for posting in claim["postings"]) or claim.get("recoupments")
            if taken_back or not claim["first"]:
                continue
            first = sum(p["paid"] for p in claim["postings"] if p["check_id"] == claim["first"]["check_id"])
            back = sum(sum(denial["recovered"].values()) for denial in known["denials"])
            if first + back > paid:
                yield Finding(subject, "recovered beyond payment", "ledger", paid, "first and recovered", first + back)


def _packets(stores: Stores, wire: Wire) -> Iterator[Finding]:
    """An appeal asks for the sum of its denied amounts, and its lane carried that packet."""
    for state in stores.appeals.values():
        for appeal in state["appeals"]:
            request = appeal["request"]
            subject, what = f"claim {request['claim_id']}", f"appeal {appeal['appeal_id']}"
            parts = sum(amount["cents"] for amount in request["denied"])
            yield from differ(subject, what, "its denied amounts", parts, "asked for", request["cents"])
    for packet in (found for found in stores.carried if isinstance(found, Packet)):
        if packet.appeal_id in wire.packets:
            subject, what = f"claim {packet.claim_id}", f"packet {packet.appeal_id}"
            yield from differ(subject, what, "packet", wire.packets[packet.appeal_id], "lane", packet.denied)


def _self_pay(stores: Stores) -> Iterator[Finding]:
    """An encounter without coverage is owed by the patient as intake accepted it, one that intake never saw not at all."""
    for account, state in stores.patients.items():
        revisions = {entry["revision"]: entry for entry in stores.intake.get(account, {}).get("revisions", ())}
        known = revisions.get(state["encounter_revision"])
        if known is not None or not revisions:
            charge = known["charge"] if known and known["no_claim"] == "self_pay" else 0
            yield from differ(f"account {account}", "self-pay", "intake", charge, "patient account", state["self_pay"])


def _set_aside(stores: Stores, wire: Wire) -> Iterator[Finding]:
    """A payment that remittance holds as parked says what its file says; a file may name a check more than once."""
    for (check_id, file), payments in wire.set_aside.items():
        held = stores.checks.get(check_id, {})
        for parked in (*held.get("parked", ()), *held.get("superseded", ())):
            kept = parked["payment"]
            provider = sum(entry["cents"] for entry in kept["provider_adjustments"])
            told = Payment(kept["cents"], kept["claims_cents"], provider)
            if kept["file"] == file and all(told != payment for payment in payments):
                yield from _payment_differs(check_id, file, payments[0], told)


def _payment_differs(check_id: str, file: str, wired: Payment, kept: Payment) -> Iterator[Finding]:
    for name, said in (("cents", "BPR02"), ("claims", "ΣCLP04"), ("provider", "ΣPLB")):
        what = f"{said} in {file[:8]}, parked"
        yield from differ(f"check {check_id}", what, "835", getattr(wired, name), "remittance", getattr(kept, name))


def claims_by_account(stores: Stores) -> Mapping[str, list[str]]:
    """CLM01 of each account's claims."""
    found: dict[str, list[str]] = defaultdict(list)
    for account, claim in stores.claims:
        found[account].append(claim["claim_id"])
    return found


def _claim_of(state: State, account: str) -> str:
    return f"claim {state['claims'][0]['claim_id']}" if state["claims"] else f"account {account}"
