"""pyx12, which knows the guides and their code lists, has nothing against what we write, and reads the same in it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.x12 import Delimiters, Status, TransactionSet, make999, read
from schemas.x12.values import format_cents
from tests.contract.x12.x12_differences import PYX12
from tests.contract.x12.x12_rich import Drawing
from tests.unit.x12.x12_bends import bend
from tests.unit.x12.x12_examples import batch, claim, wire

pytest.importorskip("pyx12", reason="pyx12 is a development dependency")
from tests.contract.x12.x12_pyx12 import objections, values

PLAIN = Delimiters()
BATCH = wire(batch(claim("A1"), claim("A2", 7700)), delimiters=PLAIN)
seeds = st.integers(0, 2**32)
few = settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate))  # shrinking helps nobody here


def text(transaction: TransactionSet) -> str:
    """As it would be sent."""
    return wire(transaction, delimiters=PLAIN)


@pytest.mark.parametrize(
    "make", [Drawing.professional, Drawing.institutional, Drawing.remittance], ids=lambda f: f.__name__
)
@given(seed=seeds)
@few
def test_it_has_nothing_against_what_we_write(make: Callable[[Drawing], TransactionSet], seed: int) -> None:
    assert objections(text(make(Drawing(seed)))) == []


@given(seed=seeds)
@few
def test_it_reads_the_claims_lines_and_codes_that_we_wrote(seed: int) -> None:
    sent = Drawing(seed).professional()
    written = text(sent)
    claims = [(item.claim_id, format_cents(item.charge), item.frequency) for item in sent.claims]
    assert values(written, "2300", "CLM01", "CLM02", "CLM05-3") == claims
    lines = [line for item in sent.claims for line in item.lines]
    read_lines = values(written, "2400", "SV101-2", "SV102", "SV101-3")
    assert read_lines == [
        (line.procedure.code, format_cents(line.charge), next(iter(line.procedure.modifiers), None)) for line in lines
    ]


@given(seed=seeds)
@few
def test_it_reads_the_payments_and_adjustments_that_we_wrote(seed: int) -> None:
    sent = Drawing(seed).remittance()
    written = text(sent)
    claims = [(c.claim_id, c.status, format_cents(c.charge), format_cents(c.paid)) for c in sent.claims]
    assert values(written, "2100", "CLP01", "CLP02", "CLP03", "CLP04") == claims
    lines = [line for item in sent.claims for line in item.lines]
    firsts = [next(iter(line.adjustments), None) for line in lines]
    assert values(written, "2110", "SVC02", "SVC03", "CAS01", "CAS02", "CAS03") == [
        (
            format_cents(line.charge),
            format_cents(line.paid),
            *((first.group, first.carc, format_cents(first.cents)) if first else (None, None, None)),
        )
        for line, first in zip(lines, firsts, strict=True)
    ]


@given(seed=seeds)
@settings(few, max_examples=40)
def test_whatever_we_receive_our_999_is_one(seed: int) -> None:
    """Of bent batches too, whose identifiers may be anything (it knows the sets by number, so ST01 has to be one)."""
    for ack in make999(read(bend(BATCH, random.Random(seed)).encode())):
        if all(item.set_id == "837" for item in ack.sets):
            assert objections(text(ack)) == []


@given(seed=seeds)
@few
def test_our_277ca_is_one_and_names_the_same_claims(seed: int) -> None:
    sent = Drawing(seed).acknowledgement()
    said = {(segment, code) for segment, code, _ in objections(text(sent))}
    assert said == {("STC", "3")}
    assert PYX12["provider level of a 277CA without STC"]
    for source in sent.sources:
        for receiver in source.receivers:
            for provider in receiver.providers:
                provider.statuses = [Status("A1", "19", "PR", action="WQ", cents=100)]
    written = text(sent)
    assert objections(written) == []
    claims = [claim for _, _, _, claim in sent.claims]
    # it gives an HL's own segments, and the loops below by their path
    assert values(written, "2000D", "2200D/TRN02") == [(claim.claim_id,) for claim in claims]


# what is done to a sound 837P: from, to
BENT = {
    "a segment nobody knows": ("LX*1~", "XXX*1~LX*1~"),
    "submitter's contact missing": ("PER*IC*HELP*TE*8005551212~", ""),
    "billing address missing": ("N3*1 MAIN ST~", ""),
    "subscriber missing": ("NM1*IL*1*DOE*JANE****MI*M1~N3*2 ELM~N4*TROY*NY*12180~DMG*D8*19800102*F~", ""),
    "claim number too long": ("CLM*A1*", f"CLM*{'A' * 40}*"),
    "charge no number": ("CLM*A1*150*", "CLM*A1*ABC*"),
    "service date impossible": ("DTP*472*D8*20260105~", "DTP*472*D8*20261305~"),
    "segments counted wrong": ("~SE*", "~SE*9"),
    "frequency that no payer has": ("11:B:1*", "11:B:0*"),
    "a check digit wrong": ("1234567893", "1234567890"),
    "unit of measure unknown": ("*UN*1", "*XX*1"),
    "facility qualifier unknown": ("11:B:1*", "11:Q:1*"),
    "sex unknown": ("*19800102*F", "*19800102*Q"),
    "state too long": ("*TROY*NY*", "*TROY*NYX*"),
    "place of service missing": ("***11:B:1*", "****"),
    "diagnoses twice": ("HI*ABK:J020~", "HI*ABK:J020~HI*ABK:J020~"),
    "lines counted wrong": ("LX*1~", "LX*7~"),
    "procedure missing": ("SV1*HC:99213*", "SV1**"),
    "billing name unknown": ("NM1*85*", "NM1*ZZ*"),
    "wrong parent of a level": ("HL*2*1*22", "HL*2*5*22"),
}


def told(written: str) -> set[tuple[str, str]]:
    """What our 999 says: (segment, IK304 or IK403), and (837, IK502) for the set itself."""
    found: set[tuple[str, str]] = set()
    for ack in make999(read(written.encode())):
        for answer in ack.sets:
            found |= {("837", reason) for reason in answer.reasons if reason != "5"}
            for item in answer.segments:
                found |= {(item.segment_id, of.code) for of in item.elements} or {(item.segment_id, item.code)}
    return found


@pytest.mark.parametrize("name", BENT)
def test_both_report_the_same_fault_at_the_same_segment(name: str) -> None:
    written = BATCH.replace(*BENT[name], 1)
    assert written != BATCH
    theirs: set[tuple[Any, ...]] = {(segment, code) for segment, code, _ in objections(written)}
    assert (told(written) == theirs) is (name not in PYX12), (told(written), theirs)


def test_every_difference_that_is_explained_is_looked_at() -> None:
    assert set(PYX12) - {"provider level of a 277CA without STC"} <= set(BENT)
