"""The figures that claim_submission owns, by the definitions of DOMAIN §1 and §7: counts of claims, and cents."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

from schemas.events.values import Cents, Ledger
from services.claim_submission.domain.account import Account
from services.claim_submission.domain.claim import Claim, FirstAnswer, Version
from services.claim_submission.domain.status import status_of

COUNTS = ("claims", "held", "submitted", "transmissions", "accepted", "rejected", "rejected_open", "paid",
          "denied_in_part", "denied", "unanswered", "resubmitted", "corrected", "follow_ups")  # fmt: skip
CORRECTIONS = frozenset({"replacement", "reopening", "new_claim"})


def figures(states: Iterable[tuple[str, Account]]) -> dict[str, Any]:
    """Counts and cents of all claims and by first payer; claims dropped before they were sent are none.

    An encounter to be billed counts as billed from the day on which intake accepted it, though it has no claim before
    eligibility has answered: so encounters = refused + no_claim + billed on every day.
    """
    total, payers, billed, renounced = _Sum(), dict[str, _Sum](), 0, 0
    for _, account in states:
        claims = [claim for claim in account.claims if not claim.dropped]
        gone = _makes_no_claim_now(account)
        billed += bool(claims) or (bool(account.revisions) and not gone)
        renounced += bool(claims) and gone
        for claim in claims:
            total.add(claim)
            payers.setdefault(claim.payer_id, _Sum()).add(claim)
    by_payer = {payer: payers[payer].figures() for payer in sorted(payers)}
    return {
        "encounters_billed": billed,
        "encounters_billed_renounced": renounced,
        **total.figures(),
        **total.rates(),
        "by_payer": by_payer,
    }


def _makes_no_claim_now(account: Account) -> bool:
    """Whether intake counts the encounter as no claim by now: withdrawn, or by its newest revision self-pay or uncoded."""
    newest = account.newest(date.max)
    return account.withdrawn_on is not None or (newest is not None and newest.encounter.no_claim is not None)


class _Sum:
    """Counts and cents of some claims."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.ledger = Ledger()
        self.denied_first = 0
        self.answered_charge = 0

    def add(self, claim: Claim) -> None:
        """Count one claim."""
        self.counts.update(_counts_of(claim))
        self.ledger = self.ledger + claim.ledger()
        if claim.first:
            self.denied_first += claim.first.denied
            self.answered_charge += _answered_charge(claim, claim.first)

    def figures(self) -> dict[str, Any]:
        """Counts, and cents by the ledger's names; `billed` is the charge of all claims, held ones too."""
        cents = self.ledger.model_dump()
        cents["billed"] = cents.pop("charge")
        return {**{name: self.counts[name] for name in COUNTS}, "cents": {**cents, "denied_first": self.denied_first}}

    def rates(self) -> dict[str, float]:
        """Initial denial rate in claims and in cents: of the claims that have their first answer."""
        answered = self.counts["submitted"] - self.counts["unanswered"]
        denied = self.counts["denied"] + self.counts["denied_in_part"]
        return {
            "initial_denial_rate": round(denied / answered, 6) if answered else 0.0,
            "initial_denial_rate_cents": (
                round(self.denied_first / self.answered_charge, 6) if self.answered_charge else 0.0
            ),
        }


def _answered_charge(claim: Claim, first: FirstAnswer) -> Cents:
    """What was billed when the frozen first answer came; a correction may have changed the charge since."""
    answers = (entry for entry in claim.postings if entry.check_id == first.check_id and entry.version)
    version = next((entry.version for entry in answers if not entry.reversal), 0)
    return claim.versions[version - 1].charge if version else claim.charge


def _counts_of(claim: Claim) -> Counter[str]:
    sent = [version for version in claim.versions if version.refused_on is None]
    found: Counter[str] = Counter(
        {"claims": 1, "transmissions": len(sent), "follow_ups": int(claim.follow_up is not None)}
    )
    if not claim.submitted:
        return found + Counter({"held": 1})
    found["submitted"] = 1
    found["accepted"] = any(version.ever("accepted") for version in sent) or bool(claim.postings)
    found["rejected"] = any(version.ever("rejected") for version in sent)
    found["rejected_open"] = status_of(claim) == "rejected" and claim.first is None
    found[claim.first.result if claim.first else "unanswered"] += 1
    found["resubmitted"] = any(_mends_rejection(before, version) for before, version in pairwise(sent))
    found["corrected"] = any(version.cause in CORRECTIONS for version in sent)
    return found


def _mends_rejection(before: Version, version: Version) -> bool:
    return version.cause == "resubmission" and before.ever("rejected")
