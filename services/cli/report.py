"""What a run came to: every service's own figures, put together under the names of DOMAIN §1 and §7."""

from collections.abc import Mapping
from typing import Any

COUNTS = [
    *("encounters", "encounters_refused", "no_claim", "encounters_billed", "rejected_events", "claims", "held"),
    *("submitted", "transmissions", "accepted", "rejected", "rejected_open", "paid", "denied_in_part", "denied"),
    *("unanswered", "denied_later", "triaged", "resubmitted", "corrected", "appeals_filed", "overturned"),
    *("overturned_in_part", "upheld", "dismissed", "appeals_open", "statements", "patient_payments", "parked"),
    "dead_letters",
]
CENTS = [
    *("billed", "payer_paid", "contractual", "patient", "next_payer", "denied", "unanswered", "written_off"),
    *("prior_payer_unseen", "overpaid", "denied_first", "recovered_by_correction", "recovered_by_appeal"),
    *("recovered_by_documents", "recovered_otherwise", "payer_cash", "patient_cash"),
]


class ReportError(Exception):
    """Two services claim the same figure, or nobody owns one that the report must hold."""


def merge(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """One report from the figures of each service; raises ReportError where a name has two owners or none."""
    whole: dict[str, Any] = {"cents": {}}
    owner: dict[str, str] = {}
    for service, figures in parts.items():
        for name, value in _flat(figures):
            if name in owner:
                raise ReportError(f"{name} is told by {owner[name]} and by {service}")
            owner[name] = service
            if name.startswith("cents."):
                whole["cents"][name.removeprefix("cents.")] = value
            else:
                whole[name] = value
    missing = [name for name in COUNTS if name not in whole]
    missing += [f"cents.{name}" for name in CENTS if name not in whole["cents"]]
    if missing:
        raise ReportError(f"nobody told {', '.join(missing)}")
    # cancelled or made self-pay after its claim went out: billed, which claim_submission alone knows
    whole["no_claim"] -= whole.pop("encounters_billed_renounced", 0)
    return whole


def ordered(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report with its names in the order of the contract; other names after them."""
    first = [name for name in (*COUNTS, "cents") if name in report]
    rest = [name for name in report if name not in first]
    result = {name: report[name] for name in (*first, *rest)}
    cents = report["cents"]
    result["cents"] = {name: cents[name] for name in (*CENTS, *(n for n in cents if n not in CENTS))}
    return result


def _flat(figures: Mapping[str, Any]) -> list[tuple[str, Any]]:
    plain = [(name, value) for name, value in figures.items() if name != "cents"]
    return plain + [(f"cents.{name}", value) for name, value in figures.get("cents", {}).items()]
