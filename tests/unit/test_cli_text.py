"""What commands print for people: the money adds up on the page, what is set aside says where and why in full."""

import pytest

from schemas.events.values import Ledger
from services.cli.remit import show
from services.cli.tables import STAGES


def test_the_page_shows_every_term_of_the_ledger() -> None:
    rows = dict(STAGES)["Where the money is"]
    assert {cents for _, _, cents in rows} == set(Ledger.model_fields) - {"charge"} | {"billed"}


def test_what_is_parked_is_told_in_full_and_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    file, reason = f"/{'long' * 40}/a[b].835", f"line_out_of_balance: {'SVC03 1 is not SVC02 2; ' * 10}"
    parked = [
        {"file": file, "payment": "T\x1b[2J1", "claim": 3, "segment": "seg 20 SVC03", "reason": reason},
        {"file": file, "payment": None, "claim": None, "segment": "seg 0", "reason": "not_x12"},
    ]
    sums = dict.fromkeys(("posted", "parked", "repeated", "not_posted"), 0)
    counts = {f"{name}_{word}": n for name in ("payments", "claims") for word, n in sums.items()}
    show({"payments": 0, "claims": 0, **counts, "files": 1, "cents": {}, "parked": parked}, as_json=False)
    told = capsys.readouterr().out
    assert f"\n{file}, payment T?[2J1, claim 3, seg 20 SVC03\n  {reason}\n{file}, seg 0\n  not_x12\n" in told
