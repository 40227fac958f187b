"""The demo's tables: counts and dollars by stage and by payer."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

STAGES: tuple[tuple[str, tuple[tuple[str, str, str | None], ...]], ...] = (
    (
        "Encounters",
        (
            ("received", "encounters", None),
            ("refused (invalid)", "encounters_refused", None),
            ("no claim (self-pay, uncoded, cancelled)", "no_claim", None),
            ("billed", "encounters_billed", None),
        ),
    ),
    (
        "Claims",
        (
            ("all", "claims", "billed"),
            ("held before sending", "held", None),
            ("submitted", "submitted", None),
            ("rejected at the front end", "rejected", None),
            ("sent again after a rejection", "resubmitted", None),
            ("a rejection is the last word", "rejected_open", None),
            ("waiting for staff", "follow_ups", None),
        ),
    ),
    (
        "First answer",
        (
            ("paid", "paid", None),
            ("denied in part", "denied_in_part", None),
            ("denied", "denied", None),
            ("unanswered", "unanswered", None),
            ("denied by it, in all", "", "denied_first"),
        ),
    ),
    (
        "Denials",
        (
            ("denied later", "denied_later", None),
            ("triaged", "triaged", None),
            ("corrected and sent again", "corrected", "recovered_by_correction"),
            ("documents sent", "", "recovered_by_documents"),
            ("appeals filed", "appeals_filed", "recovered_by_appeal"),
            ("overturned", "overturned", None),
            ("overturned in part", "overturned_in_part", None),
            ("upheld", "upheld", None),
            ("dismissed", "dismissed", None),
            ("undecided", "appeals_open", None),
            ("recovered otherwise", "", "recovered_otherwise"),
            ("left to a person", "denials_for_person", None),
        ),
    ),
    (
        "Patients",
        (("statements", "statements", None), ("payments, self-pay too", "patient_payments", "patient_cash")),
    ),
    (
        "Where the money is",
        (
            ("paid by payers", "", "payer_paid"),
            ("contractual", "", "contractual"),
            ("patients' share of claims", "", "patient"),
            ("with the next payer", "", "next_payer"),
            ("denied", "", "denied"),
            ("unanswered", "", "unanswered"),
            ("written off", "", "written_off"),
            ("another payer's, not seen", "", "prior_payer_unseen"),
            ("less what payers paid too much", "", "overpaid"),
            ("together: billed", "", "billed"),
        ),
    ),
    ("Set aside", (("parked", "parked", None), ("dead letters", "dead_letters", None))),
)


def dollars(cents: int) -> str:
    """Signed dollars with two decimals and thousands separators."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def print_report(console: Console, report: Mapping[str, Any]) -> None:
    """Counts and dollars by stage, then by payer."""
    console.print(by_stage(report))
    console.print(by_payer(report))


def by_stage(report: Mapping[str, Any]) -> Table:
    """One row a figure, in the order in which a claim meets them."""
    table = Table(title="From encounter to money", title_justify="left")
    table.add_column("")
    table.add_column("count", justify="right")
    table.add_column("dollars", justify="right")
    for stage, rows in STAGES:
        table.add_row(f"[bold]{stage}[/bold]", "", "")
        for label, count, cents in rows:
            shown = f"{report[count]:,}" if count else ""
            table.add_row(f"  {label}", shown, dollars(report["cents"][cents]) if cents else "")
    return table


def by_payer(report: Mapping[str, Any]) -> Table:
    """Claims of each first payer, and the cash that it sent."""
    table = Table(title="By payer (wait: unanswered; rate: initial denials)", title_justify="left")
    for name in ("payer", "claims", "sent", "paid", "in part", "denied", "wait", "rate", "cash"):
        table.add_column(name, justify="left" if name == "payer" else "right", no_wrap=True)
    cash = report["cash_by_payer"]
    for payer, counts in sorted(report["by_payer"].items()):
        answered = counts["submitted"] - counts["unanswered"]
        rate = (counts["denied"] + counts["denied_in_part"]) / answered if answered else 0.0
        shown = [counts[n] for n in ("claims", "submitted", "paid", "denied_in_part", "denied", "unanswered")]
        table.add_row(payer, *(f"{n:,}" for n in shown), f"{rate:.1%}", dollars(cash.get(payer, 0)))
    return table
