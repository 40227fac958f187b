"""Every file that other projects publish: read, or said to be broken for the right reason; given back byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.x12 import Claims837, Remittance835, UnknownSet, read
from schemas.x12.delimiters import Delimiters
from schemas.x12.summary import summarise

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
NOT_DATA = {".json", ".csv", ".ndjson", ".xml", ".md"}
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/samples is not here")


def files() -> list[Path]:
    """The sample files that are meant to be X12."""
    if not SAMPLES.is_dir():
        return []
    found = (path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix not in NOT_DATA)
    return sorted(path for path in found if not path.name.startswith(("LICENSE", "_SOURCE")))


def named(part: str) -> Path:
    """The one file whose path ends like this."""
    return next(path for path in files() if str(path).endswith(part))


def of_835() -> list[Path]:
    """Files that hold an 835."""
    return [path for path in files() if any(mark in path.read_bytes() for mark in (b"ST*835", b"ST|835"))]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(SAMPLES)))
def test_it_is_read_or_diagnosed_and_given_back(path: Path) -> None:
    data = path.read_bytes()
    reading = read(data, file=path.name)
    transactions = list(reading.transactions())
    assert reading.reemit() == data
    if not transactions:
        assert {finding.code for finding in reading.diagnostics} & {"not_x12", "interchange_truncated"}
    for transaction in transactions:
        if isinstance(transaction, UnknownSet):
            assert [finding.code for finding in transaction.diagnostics if finding.code == "set_not_supported"]
        if isinstance(transaction, (Remittance835, Claims837)):
            mark = "CLP" if isinstance(transaction, Remittance835) else "CLM"
            present = sum(token.strip().lstrip("~").startswith(mark) for token in transaction.raw)
            assert len(transaction.claims) == present  # type: ignore[union-attr]


PARKED_CLAIMS = {"tertiary-payment.835": 1, "sample1.txt": 1, "sample2.txt": 1, "sample_835.txt": 2}
PARKED_PAYMENTS = {"sample1.txt": 2, "835-example.txt": 1, "835-example-2.txt": 1, "sample_835.txt": 1}


@pytest.mark.parametrize("path", of_835(), ids=lambda path: str(path.relative_to(SAMPLES)))
def test_exactly_the_expected_835s_are_parked(path: Path) -> None:
    payments = [item for item in read(path.read_bytes()).transactions() if isinstance(item, Remittance835)]
    claims = sum(claim.set_aside for payment in payments for claim in payment.claims)
    off = sum(
        any(finding.severity == "error" and finding.unit == "transaction" for finding in payment.diagnostics)
        for payment in payments
    )
    assert (claims, off) == (PARKED_CLAIMS.get(path.name, 0), PARKED_PAYMENTS.get(path.name, 0))


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
