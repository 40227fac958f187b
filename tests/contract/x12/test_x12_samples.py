"""Every file that other projects publish: read, or said to be broken for the right reason; given back byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from schemas.x12 import Claims837, Diagnostic, Reading, Remittance835, TransactionSet, UnknownSet, read
from schemas.x12.delimiters import Delimiters
from schemas.x12.summary import summarise
from tests.contract.x12 import x12_ruler
from tests.unit.x12.x12_invariants import hold

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
NOT_DATA = {".json", ".csv", ".ndjson", ".xml", ".md"}
FAULTS: dict[str, tuple[int, int, str, str]] = yaml.safe_load(
    (Path(__file__).parent / "sample_faults.yaml").read_text()
)
SUMS = {"claim_charge_not_lines", "line_out_of_balance", "claim_out_of_balance", "claim_payment_not_lines"}
COUNTS = {"segment_count", "set_control_number", "ge_count", "ge_control_number", "iea_count", "iea_control_number"}
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/samples is not here")


def files(*marks: bytes) -> list[Path]:
    """The sample files that are meant to be X12; with marks, those that hold one of them."""
    found = (path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix not in NOT_DATA)
    meant = sorted(path for path in found if not path.name.startswith(("LICENSE", "_SOURCE")))
    return [path for path in meant if not marks or any(mark in path.read_bytes() for mark in marks)]


def name(path: Path) -> str:
    """As the table has it."""
    return str(path.relative_to(SAMPLES))


def named(part: str) -> Path:
    """The one file whose path ends like this."""
    return next(path for path in files() if str(path).endswith(part))


def findings(reading: Reading) -> list[Diagnostic]:
    """Everything that was found."""
    return [*reading.diagnostics, *(finding for item in reading.transactions() for finding in item.diagnostics)]


def set_aside(transaction: TransactionSet) -> bool:
    """Is the whole transaction set aside?"""
    return any(item.severity == "error" and item.unit == "transaction" for item in transaction.diagnostics)


def test_the_table_names_only_files_that_are_there() -> None:
    assert set(FAULTS) <= {name(path) for path in files()}
    assert len(files()) >= 178


@pytest.mark.parametrize("path", files(), ids=name)
def test_a_file_has_exactly_the_faults_that_the_table_says(path: Path) -> None:
    reading = hold(path.read_bytes())
    transactions = list(reading.transactions())
    aside, off, codes, _ = FAULTS.get(name(path), (0, 0, "", ""))
    errors = {finding.code for finding in findings(reading) if finding.severity == "error"}
    assert errors == set(codes.split())
    assert (reading.claims_set_aside, sum(map(set_aside, transactions))) == (aside, off)


@pytest.mark.parametrize("path", files(), ids=name)
def test_a_clerk_counts_the_same_sets_and_claims(path: Path) -> None:
    data = path.read_bytes()
    reading = read(data)
    transactions = list(reading.transactions())
    if not transactions:
        assert "not_x12" in {item.code for item in reading.diagnostics} or x12_ruler.sets(data) == []
        return
    counted = x12_ruler.sets(data)
    assert [item.SET_ID or getattr(item, "set_id", "") for item in transactions] == [kind for kind, _ in counted]
    present = sum(segment[0] in x12_ruler.OPENS_CLAIM for _, segments in counted for segment in segments)
    assert reading.claims_read == present
    assert {item.code for item in findings(reading)} & COUNTS == x12_ruler.miscounts(data) & COUNTS
    for item in transactions:
        unknown = isinstance(item, UnknownSet)
        assert unknown == any(finding.code == "set_not_supported" for finding in item.diagnostics)


@pytest.mark.parametrize("path", files(b"ST*835", b"ST|835", b"ST*837", b"ST|837"), ids=name)
def test_a_clerk_adds_up_the_same_claims(path: Path) -> None:
    """What does not add up for us does not add up by hand, and the other way round."""
    transactions = [
        item for item in read(path.read_bytes()).transactions() if isinstance(item, (Remittance835, Claims837))
    ]
    by_hand = [list(x12_ruler.claims(segments)) for kind, segments in x12_ruler.sets(path.read_bytes())]
    for transaction, lists in zip(transactions, by_hand, strict=True):
        for claim, mine in zip(transaction.claims, lists, strict=True):
            unreadable = {item.code for item in claim.diagnostics} & {
                "unknown_segment",
                "missing_segment",
                "malformed_element",
            }
            uneven = bool({item.code for item in claim.diagnostics if item.severity == "error"} & SUMS)
            assert uneven == (not x12_ruler.adds_up(mine)) or unreadable
        if isinstance(transaction, Remittance835) and not any(claim.set_aside for claim in transaction.claims):
            segments = next(all_of for kind, all_of in x12_ruler.sets(path.read_bytes()) if all_of[0][0] == "BPR")
            assert len(transactions) > 1 or set_aside(transaction) == (not x12_ruler.pays(segments))


@pytest.mark.parametrize(
    ("part", "code", "sums"),
    [
        ("TigerShark/tests/835-example.txt", "payment_out_of_balance", "off by -216.19"),
        ("TigerShark/tests/835-example-2.txt", "payment_out_of_balance", "200.02"),
        ("example_5010_835/sample2.txt", "claim_out_of_balance", "off by 1002"),
        ("example_5010_835/sample1.txt", "payment_negative", "-6173.5"),
        ("example_5010_835/sample1.txt", "claim_out_of_balance", "off by -0.01"),
        ("X12-0.08/t/sample_835.txt", "malformed_element", "BPR02"),
        ("835_005010X221A1/tertiary-payment.835", "line_out_of_balance", "SVC02 24599"),
    ],
)
def test_the_reason_has_the_sums(part: str, code: str, sums: str) -> None:
    transaction = next(read(named(part).read_bytes()).transactions())
    assert any(sums in finding.message for finding in transaction.diagnostics if finding.code == code)


def test_a_bare_st_is_read_with_a_diagnostic() -> None:
    reading = read(named("blue_cross_nc_sample.txt").read_bytes())
    [payment] = reading.transactions()
    assert isinstance(payment, Remittance835)
    assert [claim.set_aside for claim in payment.claims] == [False]
    assert "isa_missing" in {finding.code for finding in reading.diagnostics}


def test_the_predetermination_is_recognised() -> None:
    payment = next(read(named("5010-835-example-1.txt").read_bytes()).transactions())
    assert isinstance(payment, Remittance835)
    assert [claim.status for claim in payment.claims] == ["25", "1", "1"]


def test_delimiters_of_a_terminator_behind_a_line_end() -> None:
    reading = read(named("TigerShark/tests/835-example.txt").read_bytes())
    list(reading.transactions())
    assert reading.delimiters == Delimiters("|", "^", "~", "")


def test_the_nine_claims_add_up() -> None:
    with named("X221-multiple-claims-single-check.edi").open("rb") as data:
        summary = summarise(data)
    assert (summary.claims, summary.service_lines, summary.segments) == (9, 33, 194)
    assert (summary.charged, summary.paid) == (281900, 81080)
    assert summary.cas["CO-131"].count == 33
    assert summary.payments == [{"trace": "12345", "bpr_cents": 81080, "balanced": True}]
