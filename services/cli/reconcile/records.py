"""What each service has stored of the money, as it rests: plain fields, read without any service's own code."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.cli.books import Books

LEDGER_TERMS = (
    "payer_paid",
    "contractual",
    "patient",
    "next_payer",
    "denied",
    "unanswered",
    "written_off",
    "prior_payer_unseen",
)
AMOUNTS = ("paid", "patient", "pending", "prior_payer")


@dataclass(frozen=True, slots=True)
class Accepted:
    """intake: the revision that stands."""

    revision: int
    charge: int
    billed: bool
    since: str


@dataclass(slots=True)
class ClaimRecord:
    """claim_submission: one claim's ledger, lines and postings, each as stored."""

    account: str
    payer: str
    takeover: bool
    revision: int
    """Of the version sent last; 0: never sent."""
    refused: bool
    """The clearinghouse refused the newest version: the payer holds an older one, or none."""
    ledger: Mapping[str, int]
    lines: Mapping[str, int]
    """Charge by line control."""
    postings: list[Mapping[str, Any]]
    recoupments: list[Mapping[str, Any]]
    since: str
    taken_back: int | None = None
    """Denied cents that stood before a payer took its answer back, until it gives another."""


@dataclass(slots=True)
class CheckRecord:
    """remittance: one posted check."""

    cents: int
    claims_cents: int
    provider_cents: int
    complete: bool
    places: Mapping[str, Mapping[str, Any]]
    recouped: Mapping[str, Mapping[str, Any]]
    """By position of the PLB pair: claim, and the cents of it that stand against what was paid."""


@dataclass(slots=True)
class Patients:
    """patient_collections: what accounts tell, and what guarantors hold of them."""

    owed: dict[str, int] = field(default_factory=dict)
    """By account: patient cents of its claims, as stored."""
    claims: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By claim: ledger version and patient cents."""
    shares: dict[str, list[tuple[str, Mapping[str, Any]]]] = field(default_factory=lambda: defaultdict(list))
    """By account: guarantor and their share."""
    guarantors: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    last_days: dict[str, str] = field(default_factory=dict)
    """By guarantor: ISO date of the last change."""


def _states(books: Books, service: str, collection: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    for found in books.stored(service, collection):
        if found.get("state") is not None:
            yield found["_id"], found["state"], found.get("now", "")


def accepted(books: Books) -> dict[str, Accepted]:
    """Accepted charges by account."""
    result = {}
    for key, state, now in _states(books, "intake", "account"):
        if state["revisions"]:
            last = state["revisions"][-1]
            billed = not last["no_claim"] and not state["withdrawn_at"]
            result[key] = Accepted(last["revision"], last["charge"], billed, now)
    return result


def claims(books: Books) -> dict[str, ClaimRecord]:
    """Claims by CLM01."""
    result = {}
    for key, state, now in _states(books, "claim_submission", "account"):
        for claim in state["claims"]:
            versions = claim["versions"]
            result[claim["claim_id"]] = ClaimRecord(
                account=key,
                payer=claim["payer_id"],
                takeover=claim["takeover"],
                revision=versions[-1]["revision"] if versions else 0,
                refused=bool(versions and versions[-1].get("refused_on")),
                ledger=claim["balance"],
                lines={line["control"]: line["cents"] for line in claim["lines"]},
                postings=claim["postings"],
                recoupments=claim.get("recoupments", []),
                since=now,
                taken_back=_denied_before(claim.get("taken_back")),
            )
    return result


def _denied_before(taken_back: Mapping[str, Any] | None) -> int | None:
    return None if taken_back is None else sum(amount["cents"] for amount in taken_back["denied"])


def checks(books: Books) -> dict[str, CheckRecord]:
    """Posted checks by identity."""
    result = {}
    for key, state, _ in _states(books, "remittance", "check"):
        posted = state["posted"]
        if posted:
            result[key] = CheckRecord(
                cents=posted["cents"],
                claims_cents=posted["claims_cents"],
                provider_cents=sum(entry["cents"] for entry in posted["provider_adjustments"]),
                complete=len(state["places"]) == posted["claims"],
                places=state["places"],
                recouped=state.get("recouped", {}),
            )
    return result


@dataclass(frozen=True, slots=True)
class DeniedRecord:
    """denial_triage: denied cents of a claim that stand."""

    cents: int
    reversed: bool
    """The payer took its answer back: what stood denied before is held until the corrected one comes."""
    waits: bool
    """It has news of the claim that it works off in the morning."""
    since: str


def denials(books: Books) -> dict[str, DeniedRecord]:
    """denial_triage: denied cents that stand, by claim."""
    result = {}
    for _, state, now in _states(books, "denial_triage", "denials"):
        for claim_id, claim in state["claims"].items():
            cents = sum(
                amount["cents"]
                for denial in claim["denials"]
                for amount in denial["amounts"]
                if not denial["closed"] or denial["closed"] == "open"
            )
            news = any(_is_about(claim, note) for note in state["notes"])
            result[claim_id] = DeniedRecord(cents, claim.get("reversed_at", 0) > 0, news, now)
    return result


def _is_about(claim: Mapping[str, Any], note: Mapping[str, Any]) -> bool:
    """Whether a day's note tells of this claim: its one event names the claim, a person's wish a denial."""
    told = next(value for name, value in note.items() if name != "on" and value is not None)
    return told.get("claim_id") == claim["claim_id"] or any(
        told.get("denial_id") == denial["denial_id"] for denial in claim["denials"]
    )


def appeals(books: Books) -> dict[str, tuple[str, int]]:
    """appeals: claim and cents of every packet that was filed, by appeal id."""
    return {
        appeal["appeal_id"]: (appeal["request"]["claim_id"], appeal["request"]["cents"])
        for _, state, _ in _states(books, "appeals", "appeals")
        for appeal in state["appeals"]
        if appeal["filed_on"]
    }


def patients(books: Books) -> Patients:
    """Patient accounts and guarantors."""
    result = Patients()
    for key, state, _ in _states(books, "patient_collections", "patient_account"):
        answered = {name: claim for name, claim in state["claims"].items() if claim["ledger_version"]}
        result.claims |= {name: (claim["ledger_version"], claim["patient"]) for name, claim in answered.items()}
        told = {entry["guarantor_key"]: entry["owed"] for entry in state["told"]}
        result.owed[key] = told.get(state["guarantor_key"], 0)
    for key, state, now in _states(books, "patient_collections", "guarantor"):
        result.guarantors[key] = state
        result.last_days[key] = str(now)[:10]
        for account, share in state["shares"].items():
            result.shares[account].append((key, share))
    return result
