"""Independent readers agree with what we write: oxedi for the 835, x12sdk for the 837P, 270, 271, 276 and 277.

The same codec stands on both sides of the payer simulator, so somebody else must confirm that it speaks X12.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.x12 import (
    Adjustment,
    Amount,
    Benefit,
    ClaimInquiry,
    ClaimStatus,
    Dated,
    Delimiters,
    EligibilityAnswer,
    Inquiry270,
    Reference,
    RequestRejection,
    Response271,
    Status,
    StatusAnswer,
    StatusInquiry,
    StatusRequest276,
    StatusResponse277,
    Trace,
    TransactionSet,
)
from tests.unit.x12.test_x12_eligibility import CLINIC, DAY, HOUSE, PAYER, asked, child, insured
from tests.unit.x12.x12_examples import answer, batch, claim, payment, service, wire

oxedi = pytest.importorskip("oxedi")
x12sdk_io = pytest.importorskip("x12sdk.io")
PLAIN = Delimiters()


def rows(table: Any) -> list[dict[str, str]]:
    """An oxedi table as text rows."""
    _, header, *lines = table.render().strip().split("\n")
    names = [cell.split(":")[0] for cell in header.split(" | ")]
    return [dict(zip(names, (cell.strip('"') for cell in line.split(" | ")), strict=True)) for line in lines]


groups = st.sampled_from(["CO", "PR", "OA", "PI"])
adjustments = st.lists(
    st.builds(Adjustment, groups, st.sampled_from(["59", "1", "97"]), st.integers(1, 9000)), max_size=7
)
charges = st.lists(st.tuples(st.integers(20000, 10**7), adjustments), min_size=1, max_size=3)


@given(st.lists(charges, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_oxedi_reads_our_835(drawn: list[list[tuple[int, list[Adjustment]]]]) -> None:
    claims = [answer(f"C{n}", *(service(charge, *items) for charge, items in one)) for n, one in enumerate(drawn)]
    if any(line.paid < 0 for item in claims for line in item.lines):
        return
    sent = payment(*claims)
    result = oxedi.parse(wire(sent, delimiters=PLAIN).encode())
    assert [item for item in result.diagnostics if "error" in str(getattr(item, "severity", "")).lower()] == []
    tables = result.tables
    assert _cents(tables["payments"], "total_payment_amount") == [sent.amount]
    assert _cents(tables["claims"], "charge_amount") == [item.charge for item in claims]
    assert _cents(tables["claims"], "payment_amount") == [item.paid for item in claims]
    assert [row["claim_id"] for row in rows(tables["claims"])] == [item.claim_id for item in claims]
    assert _cents(tables["services"], "payment_amount") == [line.paid for item in claims for line in item.lines]
    told = [(a.group, a.carc, a.cents) for item in claims for a in item.all_adjustments]
    found = rows(tables["adjustments"])
    assert [(row["group_code"], row["reason_code"], _cent(row["amount"])) for row in found] == told


def _cent(text: str) -> int:
    return int(Decimal(text) * 100)


def _cents(table: Any, column: str) -> list[int]:
    return [_cent(row[column]) for row in rows(table)]


def models(sent: TransactionSet) -> list[Any]:
    """What x12sdk makes of a transaction."""
    with x12sdk_io.X12ModelReader(wire(sent, delimiters=PLAIN)) as reader:
        return list(reader.models())


def segments(model: Any, tag: str) -> Iterator[dict[str, Any]]:
    """Every segment of a kind, wherever in the model."""
    yield from _walk(model.model_dump() if hasattr(model, "model_dump") else model.dict(), tag)


def _walk(node: Any, tag: str) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if str(getattr(node.get("segment_name"), "value", node.get("segment_name"))) == tag:
            yield node
        for value in node.values():
            yield from _walk(value, tag)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value, tag)


@given(st.lists(st.lists(st.integers(1, 10**6), min_size=1, max_size=4), min_size=1, max_size=3))
@settings(max_examples=10, deadline=None)
def test_x12sdk_reads_our_837p(drawn: list[list[int]]) -> None:
    claims = [claim(f"C{n}", *amounts) for n, amounts in enumerate(drawn)]
    [model] = models(batch(*claims))
    found = list(segments(model, "CLM"))
    assert [item["patient_control_number"] for item in found] == [item.claim_id for item in claims]
    assert [int(item["total_claim_charge_amount"] * 100) for item in found] == [item.charge for item in claims]
    assert len(list(segments(model, "SV1"))) == sum(len(item.lines) for item in claims)


def questions() -> Inquiry270:
    """A subscriber and a dependent."""
    return Inquiry270(reference_id="Q1", date=DAY, time="1200", subjects=[asked("M1"), asked("M2", child("KIM"))])


def answers() -> Response271:
    """One covered, one unknown."""
    covered = EligibilityAnswer(PAYER, CLINIC, insured("M1"), subscriber_traces=[Trace("2", "T1", "9BILLCO000")])
    covered.benefits = [Benefit("1", "IND", ("30",), "HM", "GOLD"), Benefit("B", "IND", ("98",), cents=2500)]
    unknown = EligibilityAnswer(PAYER, CLINIC, insured("M2"), rejections=[RequestRejection("2100C", "N", "43", "C")])
    return Response271(reference_id="Q1", date=DAY, time="1200", subjects=[covered, unknown])


def status_question() -> StatusRequest276:
    """One claim."""
    inquiry = ClaimInquiry(Trace("1", "A1"), [Reference("1K", "PA1")], [Amount("T3", 15000)], [Dated("472", DAY, DAY)])
    subject = StatusInquiry(PAYER, HOUSE, CLINIC, insured("M1"), claims=[inquiry])
    return StatusRequest276(reference_id="Q2", date=DAY, time="1200", subjects=[subject])


def status_answer() -> StatusResponse277:
    """Finalised."""
    said = Status("F1", "65", date=DAY, cents=15000, paid=6000, paid_date=DAY, method="CHK", check_date=DAY)
    found = ClaimStatus(Trace("2", "A1"), [said], [Reference("1K", "PA1")], [Dated("472", DAY, DAY)])
    subject = StatusAnswer(PAYER, HOUSE, provider=CLINIC, subscriber=insured("M1").named(), claims=[found])
    return StatusResponse277(reference_id="Q2", date=DAY, time="1200", subjects=[subject])


@pytest.mark.parametrize(
    ("sent", "tag", "count"),
    [
        (questions(), "EQ", 2),
        (answers(), "EB", 2),
        (answers(), "AAA", 1),
        (status_question(), "TRN", 1),
        (status_answer(), "STC", 1),
    ],
    ids=["270", "271", "271-refusal", "276", "277"],
)
def test_x12sdk_reads_our_questions_and_answers(sent: TransactionSet, tag: str, count: int) -> None:
    [model] = models(sent)
    assert len(list(segments(model, tag))) == count
