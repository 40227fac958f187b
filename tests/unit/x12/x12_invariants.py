"""What holds for any bytes whatever: the oracle of the mutation tests and of the fuzz target.

Reading never raises; the bytes come back; loading, streaming and the full reader without its quick pass agree about
everything; every finding has a place and a remedy; what can be written again reads back as it was.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any
from unittest import mock

from schemas.x12 import Reading, Remittance835, TransactionSet, X12WriteError, make999, make_ta1, read, write
from schemas.x12.diagnostics import Diagnostic
from schemas.x12.grammar import Grammar
from schemas.x12.summary import summarise
from tests.unit.x12.x12_examples import envelope

WITH_UNITS = ("835", "837")
SEVERITIES = ("error", "warning", "info")


def hold(data: bytes) -> Reading:
    """Raises AssertionError where one of them does not; gives the reading for what a caller knows besides."""
    reading = read(data)
    transactions = list(reading.transactions())
    assert reading.reemit() == data, "the bytes do not come back"
    for transaction in transactions:
        repr(transaction)
    _findings(reading, transactions)
    _streamed_alike(data, reading, transactions)
    _judged_alike(data, reading, transactions)
    summary = summarise(data)
    assert summary.claims + summary.claims_set_aside == reading.claims_read, "the summary lost a claim"
    assert summary.is_x12 == reading.is_x12
    json.dumps(summary.as_json())
    make_ta1(reading)
    for transaction in transactions:
        _written_again(transaction)
    for ack in make999(reading):
        assert list(read(write(envelope(ack))).transactions()) == [ack], "what we answer reads as something else"
    return reading


def _all(reading: Reading, transactions: Iterable[TransactionSet]) -> Counter[Diagnostic]:
    return Counter([*reading.diagnostics, *(finding for item in transactions for finding in item.diagnostics)])


def _findings(reading: Reading, transactions: list[TransactionSet]) -> None:
    for finding in _all(reading, transactions):
        assert finding.code and finding.message and finding.severity in SEVERITIES, finding
        assert 1 <= finding.snip <= 7, finding
        assert 0 <= finding.segment <= reading.segments + 1, finding


def _streamed_alike(data: bytes, reading: Reading, transactions: list[TransactionSet]) -> None:
    streamed = read(data, stream=True)
    seen, hashes, found = 0, [], Counter[Diagnostic]()
    for transaction in streamed.transactions():
        if transaction.SET_ID in WITH_UNITS:
            for unit in transaction.claims:  # type: ignore[attr-defined]
                repr(unit)
                seen += 1
                found.update(unit.diagnostics)
        hashes.append(transaction.content_hash)
        found.update(transaction.diagnostics)
    found.update(streamed.diagnostics)
    assert found == _all(reading, transactions), "streaming finds something else"
    assert hashes == [item.content_hash for item in transactions], "streaming hashes something else"
    assert seen == sum(len(item.claims) for item in transactions if item.SET_ID in WITH_UNITS)  # type: ignore[attr-defined]
    assert _counts(streamed) == _counts(reading), "streaming counts something else"


def _judged_alike(data: bytes, reading: Reading, transactions: list[TransactionSet]) -> None:
    with mock.patch.object(Grammar, "scanner", lambda self, delimiters: None):
        full = read(data)
        again = list(full.transactions())
        assert again == transactions, "the quick pass reads other records"
    assert _all(full, again) == _all(reading, transactions), "the quick pass finds something else"
    assert _counts(full) == _counts(reading), "the quick pass counts something else"


def _counts(reading: Reading) -> tuple[int, int, int, int, bool]:
    return reading.claims_read, reading.claims_set_aside, reading.segments, reading.size, reading.is_x12


def _written_again(transaction: TransactionSet) -> None:
    """Refused with findings, or the same once more and without an error; what stood out of order is put in order."""
    if not transaction.SET_ID:
        return
    try:
        data = write(envelope(transaction))
    except X12WriteError as refused:
        assert refused.diagnostics
        return
    [again] = read(data).transactions()
    if isinstance(again, Remittance835) and isinstance(transaction, Remittance835):
        for one, other in zip(again.claims, transaction.claims, strict=True):
            one.summary = other.summary and one.summary  # a claim that came outside of its LX is sent within one
    alike = again == transaction or _unordered(again) == _unordered(transaction)
    alike = alike or "claim_outside_loop" in {finding.code for finding in transaction.diagnostics}  # LX is supplied
    assert alike, "what was written reads as something else"
    assert [finding for finding in again.diagnostics if finding.severity == "error"] == []


def _unordered(value: Any) -> Any:
    """A record as plain values, its lists sorted."""
    if is_dataclass(value):
        return [(item.name, _unordered(getattr(value, item.name))) for item in fields(value) if item.compare]
    if isinstance(value, list):
        return sorted((_unordered(item) for item in value), key=repr)
    return value
