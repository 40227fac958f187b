"""Whole files in any dress, sound or bent: never a crash, never a byte lost, every claim read or set aside."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.x12 import Reading, Remittance835, UnknownSet, read
from schemas.x12.balance import NEVER_POSTED
from schemas.x12.summary import summarise
from tests.unit.x12.x12_bends import BENDS, Bend
from tests.unit.x12.x12_examples import batch, claim, sound_payment, wire
from tests.unit.x12.x12_files import Drawn, claims_in, draw
from tests.unit.x12.x12_grammar import DESCRIPTIONS
from tests.unit.x12.x12_invariants import hold

BALANCE = 3
seeds = st.integers(0, 2**32)
PAYMENT, BATCH = wire(sound_payment()), wire(batch(claim("A1"), claim("A2"), claim("A3")))


def accounted(text: str, marks: str = "*:~^") -> Reading:
    """Holds the invariants, and counts the claims without the codec."""
    reading = hold(Drawn(text, marks).data)
    assert reading.claims_read == claims_in(Drawn(text, marks).sent, marks)
    return reading


@pytest.mark.parametrize("name", sorted(DESCRIPTIONS))
@given(seed=seeds)
@settings(max_examples=6, deadline=None)
def test_a_valid_file_of_every_set_is_read_without_findings(name: str, seed: int) -> None:
    drawn = draw(seed, name)
    reading = hold(drawn.data)
    transactions = list(reading.transactions())
    assert reading.diagnostics == []
    assert [item for tx in transactions for item in tx.diagnostics if item.snip < BALANCE] == []
    assert reading.claims_read == claims_in(drawn.sent, drawn.marks)
    assert len(transactions) == drawn.text.count("~ST*")
    assert len(reading.interchanges) == drawn.text.count("~IEA*")


@pytest.mark.parametrize("bend", BENDS, ids=lambda bend: bend.__name__)
@given(seed=seeds)
@settings(max_examples=25, deadline=None)
def test_a_bent_file_loses_no_claim(bend: Bend, seed: int) -> None:
    drawn, chance = draw(seed), random.Random(seed)
    bent = bend(drawn.text, chance) or " "
    reading = hold(Drawn(bent, drawn.marks, drawn.line_end, drawn.dress).data)
    sent = Drawn(bent, drawn.marks, drawn.line_end).sent
    if "text_before_isa" in {item.code for item in reading.diagnostics}:  # told, and no part of any interchange
        sent = sent.partition(drawn.marks[2])[2]
    assert reading.claims_read == claims_in(sent, drawn.marks) or not reading.is_x12


@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_what_a_bent_payment_posts_adds_up(seed: int) -> None:
    """A claim is set aside or every cent of it is accounted for (unless its status says that it is never posted)."""
    drawn, chance = draw(seed, "REMITTANCE"), random.Random(seed)
    for _ in range(3):
        drawn = Drawn(chance.choice(BENDS)(drawn.text, chance) or " ", drawn.marks)
    for transaction in read(drawn.data).transactions():
        for item in transaction.claims if isinstance(transaction, Remittance835) else ():
            taken = sum(adjustment.cents for adjustment in item.all_adjustments)
            assert item.set_aside or item.charge - taken == item.paid or item.status in NEVER_POSTED


@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_no_finding_tells_what_stands_in_an_element(seed: int) -> None:
    """Names, ids and texts of a bent file are marked; no finding repeats a mark."""
    chance = random.Random(seed)
    text = PAYMENT + BATCH
    for number, word in enumerate(("DOE", "JANE", "M1", "A1", "A2", "2 ELM", "CLINIC", "TROY", "J020")):
        text = text.replace(f"*{word}", f"*QZX{number}")
    for _ in range(3):
        text = chance.choice(BENDS)(text, chance) or " "
    found = summarise(text.encode()).diagnostics
    assert [item for item in found if "QZX" in f"{item.message}{item.loop}{item.element}{item.code}"] == []


def codes(reading: Reading) -> set[str]:
    """The codes of all errors."""
    everything = [*reading.diagnostics, *(item for tx in reading.transactions() for item in tx.diagnostics)]
    return {item.code for item in everything if item.severity == "error"}


@pytest.mark.parametrize(
    ("old", "new", "lost", "code"),
    [
        ("ST*835*0001~", "S", 2, "stray_segment"),
        ("ST*835*", "ST*83X*", 2, "misplaced_segment"),
        ("ST*835*", "ST*820*", 2, "misplaced_segment"),
        ("ST*835*", "ST*837*", 2, "unknown_segment"),
        ("LX*1~", "CLM*A9*10~\nLX*1~", 1, "unknown_segment"),
        ("SE*", "SE*1*0001~\nCLP*A9*1*10*10~\nSE*", 1, "stray_segment"),
    ],
    ids=["no ST", "unknown ST", "other ST", "another kind of ST", "a claim of another kind", "behind the SE"],
)
def test_a_claim_where_none_can_be_read_is_counted_as_set_aside(old: str, new: str, lost: int, code: str) -> None:
    reading = accounted(PAYMENT.replace(old, new, 1))
    assert code in codes(reading)
    assert reading.claims_read == 2 + (lost == 1)
    assert reading.claims_set_aside == lost


@pytest.mark.parametrize("marks", ["*:~^", "\x1d\x1f\x1c\x1e", "|>\n^"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ISA*00*", "IXA*00*"),
        ("*ZZ*SENDER", "*ZZSENDER"),
        ("*00501*", "*00501Y"),
        ("*P*:~\nGS*", "GS*"),
        ("*1200*^*00501*000000101*0*P*:~", "*12*^*1~"),
    ],
    ids=["tag", "a separator less", "a separator written over", "cut short", "elements short"],
)
def test_a_damaged_isa_costs_no_claim(old: str, new: str, marks: str) -> None:
    reading = accounted((PAYMENT + BATCH.replace(old, new, 1) + PAYMENT).replace("\n", ""), marks)
    assert reading.claims_read == 2 + 3 + 2
    assert reading.diagnostics


def test_a_claims_tag_in_the_place_of_isa_is_told_and_no_claim() -> None:
    reading = read((PAYMENT.replace("ISA*", "CLP*", 1) + BATCH).encode())
    list(reading.transactions())
    assert reading.claims_read == 2 + 3
    assert {item.code for item in reading.diagnostics} >= {"isa_missing", "text_before_isa"}


def test_a_run_of_stray_segments_is_told_once() -> None:
    reading = read((PAYMENT + "XX*1~YY*2~" * 500).encode())
    list(reading.transactions())
    assert [item.code for item in reading.diagnostics] == ["stray_segment"]


@pytest.mark.parametrize(
    "line", ["CLP*X*1*1*1~", "SV1*HC:99213*1~", "AAA*N**72~", "EB*1~", "STC*A2:20~", "CAS*CO*45*1~"]
)
@pytest.mark.parametrize("name", ["PROFESSIONAL", "REMITTANCE", "INQUIRY", "CLAIM_ACK"])
def test_a_segment_of_another_set_is_counted_nowhere(name: str, line: str) -> None:
    text = draw(4, name).text.replace("~SE*", f"~{line}SE*", 1)
    hold(text.encode())


def test_a_set_that_is_not_read_is_kept_and_answered() -> None:
    reading = accounted(PAYMENT.replace("ST*835*", "ST*834*").replace("CLP*", "INS*"))
    assert [type(item) for item in reading.transactions()] == [UnknownSet]
    assert (reading.claims_read, codes(reading)) == (0, set())
