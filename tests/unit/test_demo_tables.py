"""The demo's tables: the parts of every count stand beside it, under the names of DOMAIN §7."""

import io

from rich.console import Console

from services.cli.report import CENTS, COUNTS
from services.cli.tables import STAGES, by_payer, by_stage

REPORT = {
    **{name: number for number, name in enumerate(COUNTS, 1001)},
    "follow_ups": 7,
    "denials_for_person": 8,
    "cents": {name: number * 100 for number, name in enumerate(CENTS, 1)},
}


def test_the_parts_of_every_count_stand_beside_it() -> None:
    rows = {count for _, entries in STAGES for _, count, _ in entries if count}
    wholes = (
        {"encounters", "encounters_refused", "no_claim", "encounters_billed"},
        {"claims", "held", "submitted"},
        {"submitted", "paid", "denied_in_part", "denied", "unanswered"},
        {"triaged", "denied", "denied_in_part", "denied_later"},
        {"appeals_filed", "overturned", "overturned_in_part", "upheld", "dismissed", "appeals_open"},
    )
    assert set().union(*wholes) <= rows


def test_the_tables_name_the_unanswered_and_fit_a_narrow_page() -> None:
    console = Console(width=80, file=io.StringIO(), record=True)
    counts = {"claims": 10, "submitted": 9, "paid": 4, "denied_in_part": 1, "denied": 2, "unanswered": 2}
    console.print(by_stage(REPORT))
    console.print(by_payer({"by_payer": {"HARBOR": counts}, "cash_by_payer": {"HARBOR": 1234567}}))
    shown = console.export_text().rsplit("By payer", 1)[1]
    assert "unanswered" in shown and "42.9%" in shown and "12,345.67" in shown and "…" not in shown
