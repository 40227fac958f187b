"""Every set, both ways: what is read is written, what is written is read, and nothing of it is lost."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.x12 import Claims837P, Remittance835, TransactionSet, read, write
from schemas.x12.writer import write_set
from tests.unit.x12.x12_examples import batch, claim, envelope, reread, sound_payment, wire
from tests.unit.x12.x12_grammar import DESCRIPTIONS, interchange

MERGED = {"HL", "CAS", "HI", "PLB", "LS", "LE", "PAT"}
FLATTENED = {"INQUIRY", "RESPONSE", "STATUS_REQUEST", "STATUS_RESPONSE"}
BALANCE = 3


def only(text: str) -> TransactionSet:
    """The one transaction of a text that must come back byte for byte."""
    reading = reread(text)
    [transaction] = reading.transactions()
    assert reading.reemit() == text.encode()
    return transaction


@pytest.mark.parametrize("name", sorted(DESCRIPTIONS))
@given(seed=st.integers(0, 2**32))
@settings(max_examples=12, deadline=None)
def test_read_write_read_is_equal_and_valid_sets_have_no_findings(name: str, seed: int) -> None:
    text = interchange(name, seed)
    first = only(text)
    assert [finding for finding in first.diagnostics if finding.snip < BALANCE] == []
    lines, _ = write_set(first)
    again = only(write(envelope(first), unchecked=True).decode())
    assert again == first
    if name not in FLATTENED:
        assert _kept(text.split("~")[3:-4]) == _kept(lines)


def _kept(lines: list[str]) -> Counter[str]:
    """Segments as a bag, without those that may be merged or renumbered."""
    return Counter(line for line in lines if line.split("*")[0] not in MERGED)


def test_the_writer_numbers_levels_and_counts() -> None:
    text = wire(batch(claim("A1"), claim("A2")))
    assert "HL*1**20*1~" in text
    assert "HL*2*1*22*0~" in text
    assert text.count("HL*") == 2
    body = text[text.index("ST*") : text.index("GE*")].strip().split("\n")
    assert body[-1] == f"SE*{len(body)}*0001~"


def test_equal_records_make_equal_bytes() -> None:
    for make in (sound_payment, lambda: batch(claim("A1"), claim("A2", 7700))):
        transaction = make()
        assert wire(transaction) == wire(make())
        [again] = read(wire(transaction).encode()).transactions()
        assert again == transaction
        assert isinstance(again, (Remittance835, Claims837P))
