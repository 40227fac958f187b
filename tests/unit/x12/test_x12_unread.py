"""What stands where nobody reads it is told: a seventh adjustment, a stray segment, a count that is not so."""

from __future__ import annotations

import tracemalloc

import pytest

from schemas.x12 import Adjustment, Claim837, Remittance835, make999, read
from schemas.x12.grammar import Grammar
from schemas.x12.summary import summarise
from tests.unit.x12.x12_examples import answer, batch, claim, payment, reread, service, sound_payment, wire

SIX = [Adjustment("CO", str(code), 100) for code in (45, 97, 50, 96, 18, 16)]
FULL = wire(payment(answer("A1", service(10000, *SIX)), answer("A2", service(500))))
CAS = "CAS*CO*45*1**97*1**50*1**96*1**18*1**16*1"


def paid(text: str) -> Remittance835:
    """The one payment of a file."""
    [found] = reread(text).transactions()
    assert isinstance(found, Remittance835)
    return found


def test_a_seventh_adjustment_sets_its_claim_aside_and_is_named() -> None:
    assert CAS in FULL
    found = paid(FULL.replace(CAS, f"{CAS}**22*5"))
    assert [item.set_aside for item in found.claims] == [True, False]
    assert ("too_many_elements", "CAS20") in {(item.code, item.element) for item in found.claims[0].diagnostics}


def test_a_seventh_provider_adjustment_parks_the_payment_even_where_the_rest_adds_up() -> None:
    text = wire(payment(answer("A1", service(500))))
    more = "".join(f"*WO:{number}*0" for number in range(6))
    sound = text.replace("SE*", f"PLB*1234567893*20261231{more}~\nSE*")
    assert "too_many_elements" not in {item.code for item in paid(sound).diagnostics}
    found = {item.code: item for item in paid(sound.replace("WO:5*0~", "WO:5*0*WO:6*7~")).diagnostics}
    assert found["too_many_elements"].severity == "error"


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        ("DTP*472*D8*20260105", "DTP*472*D8*20260105*X", "DTP04"),
        ("HI*ABK:J020", "HI*ABK:J020" + "*ABF:J029" * 12, "HI13"),
        ("*TE*8005551212", "*TE*8005551212*EX*1*FX*2*EM*3", "PER09"),
    ],
)
def test_elements_behind_the_last_of_the_guide_are_told_by_both_readers(
    old: str, new: str, element: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = wire(batch(claim("A1"))).replace(old, new)
    quick = summarise(text.encode()).diagnostics
    monkeypatch.setattr(Grammar, "scanner", lambda self, delimiters: None)
    assert quick == summarise(text.encode()).diagnostics
    assert ("too_many_elements", element) in {(item.code, item.element) for item in quick}


def test_a_stray_service_line_is_no_line_of_a_claim_whichever_reader_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    text = wire(batch(claim("A1", 100, 200)))
    text = text.replace("N3*2 ELM", "SV1*HC:99213*1*UN*1***1~\nN3*2 ELM")
    quick = summarise(text.encode()).as_json()
    monkeypatch.setattr(Grammar, "scanner", lambda self, delimiters: None)
    assert quick == summarise(text.encode()).as_json()
    assert quick["service_lines"] == 2


def test_a_line_that_a_payer_took_apart_balances_as_a_whole() -> None:
    other = "SBR*S*18*******CI~CAS*CO*45*0.5~AMT*D*0.3~OI***Y***Y~NM1*IL*1*DOE*J****MI*X1~NM1*PR*2*ONE*****PI*ID1~LX*1~"
    parts = "SVD*ID1*0.1*HC:99211**1~CAS*PR*1*0.2~SVD*ID1*0.2*HC:99212**1~CAS*PR*1*0.5~"
    text = wire(batch(claim("A1", 100))).replace("\n", "").replace("LX*1~", other)
    text = text.replace("REF*6R*L1~", f"REF*6R*L1~{parts}").replace("*0.5~AMT*D*0.3", "*0~AMT*D*0.3")
    [sent] = reread(text).transactions()
    [found] = getattr(sent, "claims")  # noqa: B009
    assert isinstance(found, Claim837)
    assert {item.snip for item in found.diagnostics} & {3} == set()
    [bent] = reread(text.replace("PR*1*0.5", "PR*1*0.6")).transactions()
    assert "prior_line_out_of_balance" in {item.code for item in bent.diagnostics}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_behind_blank_lines(encoding: str) -> None:
    data = ("\r\n  " + wire(sound_payment())).encode(encoding)
    reading = read(data)
    assert len(list(reading.transactions())) == 1
    assert reading.encoding == "utf-16"
    assert reading.reemit() == data


def test_a_999_says_how_many_sets_the_group_claimed() -> None:
    text = wire(sound_payment()).replace("GE*1*", "GE*3*")
    [ack] = make999(read(text.encode()))
    assert (ack.included, ack.received, ack.accepted) == (3, 1, 1)


def test_counting_many_unlike_claims_needs_no_more_memory_than_counting_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemas.x12.summary.FULL", 500)
    one = wire(payment(answer("A1", service(10000, Adjustment("CO", "45", 2500)))))
    start, stop = one.index("CLP*"), one.index("SE*")

    def peak(claims: int) -> int:
        bodies = (
            one[start:stop].replace("A1", f"N{n}").replace("CAS*CO*45*25~", f"CAS*CO*45*25*{n}~") for n in range(claims)
        )
        data = f"{one[:start]}{''.join(bodies)}{one[stop:]}".encode()
        tracemalloc.start()
        try:
            assert summarise(data).claims == claims
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few = peak(5_000)
    assert peak(10_000) < few + 300_000


@pytest.mark.parametrize("bent", ["HL*DOE JANE**20*1", "SE*DOE JANE*0001"])
def test_what_stands_for_a_number_is_not_repeated_in_a_message(bent: str) -> None:
    text = wire(batch(claim("A1")))
    old = next(line for line in text.split("~\n") if line.startswith(bent[:3]))
    [found] = reread(text.replace(old, bent)).transactions()
    assert found.diagnostics
    assert not [item for item in found.diagnostics if "DOE" in item.message]
