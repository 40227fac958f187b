"""What trading partners really send: each oddity is survived, said, and hurts nothing beside itself."""

import io
from pathlib import Path

import pytest

from schemas.x12 import (
    Adjustment,
    Claim837P,
    Claims837P,
    Contact,
    Dated,
    OtherPayer,
    Party,
    ProviderAdjustment,
    Remittance835,
    read,
)
from tests.unit.x12.x12_examples import DAY, answer, batch, claim, payment, reread, service, sound_payment, wire

TEXT = wire(sound_payment())
STATM = Path("/proc/self/statm")


def payments(data: str | bytes) -> list[Remittance835]:
    """The 835s of the data."""
    return [item for item in reread(data).transactions() if isinstance(item, Remittance835)]


def errors(*found: Remittance835 | Claims837P | Claim837P) -> set[str]:
    """Codes of severity error."""
    return {item.code for each in found for item in each.diagnostics if item.severity == "error"}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf_16_with_and_without_its_mark(encoding: str) -> None:
    data = TEXT.replace("JANE", "JOSÉ").encode(encoding)
    reading = read(data)
    [found] = reading.transactions()
    assert isinstance(found, Remittance835)
    assert (reading.encoding, found.claims[0].patient and found.claims[0].patient.first) == ("utf-16", "JOSÉ")
    assert reading.reemit() == data


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SENDER         ", "SENDER"),
        ("RECEIVER       ", ""),
        ("SENDER         ", "SENDER" * 5),
        ("*000000101*0*", "*101*0*"),
    ],
)
def test_isa_elements_of_any_length(old: str, new: str) -> None:
    reading = reread(TEXT.replace(old, new, 1))
    [found] = reading.transactions()
    assert isinstance(found, Remittance835)
    assert [item.claim_id for item in found.claims] == ["A1", "A2"]
    assert "isa_length" in {item.code for item in reading.diagnostics}
    assert reading.interchanges[0].control_number.lstrip("0") == "101"
    assert not errors(found)


@pytest.mark.parametrize("functions", [["BL"], ["CX", "BL", "IC"], ["CX", "BL", "BL", "BL", "IC"]])
def test_one_contact_or_many(functions: list[str]) -> None:
    sent = sound_payment()
    assert sent.payer is not None
    sent.payer.contacts = [Contact(code, "HELP", (("TE", f"800555121{n}"),)) for n, code in enumerate(functions)]
    [found] = payments(wire(sent))
    assert found.payer == sent.payer
    assert not errors(found)


def test_several_payers_and_payees_in_one_file() -> None:
    first, second = sound_payment(), sound_payment()
    second.payer = Party(
        "PR", "", "OTHER", id_qualifier="XV", id="99999", street="2 WAY", city="TROY", state="NY", zip="12180"
    )
    second.payer.contacts = [Contact("BL", "HELP", (("TE", "8005551212"),))]
    second.payee = Party("PE", "", "HOSPITAL", id_qualifier="XX", id="1987654328")
    second.trace = "CHECK2"
    text = wire(first, second) + wire(second).replace("000000101", "000000102")
    found = payments(text)
    names = [(item.payer and item.payer.last, item.payee and item.payee.last, item.trace) for item in found]
    assert names == [("ACME", "CLINIC", "CHECK1"), ("OTHER", "HOSPITAL", "CHECK2"), ("OTHER", "HOSPITAL", "CHECK2")]
    assert found[0].identity != found[1].identity == found[2].identity
    assert [item.interchange and item.interchange.control_number for item in found] == ["000000101"] * 2 + ["000000102"]
    assert not errors(*found)


def test_six_triplets_with_empty_quantities_and_holes() -> None:
    """At claim and at line level, also with an empty triplet in the middle."""
    six = "CAS*CO*45*5**97*5*****59*5**131*5**253*5~"
    lines = TEXT.replace("CAS*CO*45*25~", six)
    [found] = payments(lines)
    assert [item.cents for item in found.claims[0].lines[0].adjustments if item.group == "CO"] == [500] * 5
    assert [item.set_aside for item in found.claims] == [False, False]
    at_claim = answer("A1")
    at_claim.charge, at_claim.paid = 10000, 7500
    at_claim.adjustments = [Adjustment("CO", "45", 2500)]
    [found] = payments(wire(payment(at_claim)).replace("CAS*CO*45*25~", six))
    assert [item.cents for item in found.claims[0].adjustments] == [500] * 5
    assert not found.claims[0].set_aside


def test_codes_that_nobody_knows_are_kept_and_posted() -> None:
    text = TEXT.replace("CAS*CO*45*25~", "CAS*CO*9999*25~\nLQ*HE*ZZ999~").replace("CAS*CO*197*50~", "CAS*CO*X1*50~")
    text = text.replace("SE*", "PLB*1234567893*20261231*ZZ:X1*-1~\nSE*", 1).replace("BPR*I*60*", "BPR*I*61*")
    [found] = payments(text)
    assert [item.set_aside for item in found.claims] == [False, False]
    assert [item.carc for item in found.claims[1].lines[0].adjustments] == ["X1"]
    assert found.claims[0].lines[0].remarks == ["ZZ999"]
    assert found.provider_adjustments[0].reason == "ZZ"
    assert not errors(found)


def test_control_and_level_numbers_begin_again_in_the_next_set() -> None:
    text = wire(batch(claim("A1"), claim("A2")), batch(claim("A3")))
    again = text.replace("ST*837*0002*", "ST*837*0001*").replace("SE*28*0002", "SE*28*0001")
    found = [item for item in reread(again + again).transactions() if isinstance(item, Claims837P)]
    assert [[each.claim_id for each in item.claims] for item in found] == [["A1", "A2"], ["A3"]] * 2
    assert not {"hl_number", "hl_parent"} & {finding.code for item in found for finding in item.diagnostics}
    assert not errors(*found)


def covered(number: int) -> Claim837P:
    """A claim with this many other payers, none of which has paid yet."""
    sent = claim()
    for place in range(number):
        other = OtherPayer("PSTABCDEFGHUU"[place], "18", filing_indicator="CI")
        other.person = Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id=f"M{place}")
        other.payer = Party("PR", "2", f"PAYER{place}", id_qualifier="PI", id=f"P{place}", dates=[Dated("573", DAY)])
        sent.other_payers.append(other)
    return sent


@pytest.mark.parametrize("number", [1, 10])
def test_up_to_ten_other_payers(number: int) -> None:
    text = wire(batch(covered(number), claim("A2")), unchecked=True)
    [found] = reread(text).transactions()
    assert isinstance(found, Claims837P)
    assert found.claims[0] == covered(number)
    assert [item.set_aside for item in found.claims] == [False, False]


def test_every_way_to_cut_a_file_off_keeps_the_claims_before_the_cut() -> None:
    whole = {"A1": TEXT.index("CLP*A2"), "A2": TEXT.index("SE*")}
    for cut in range(TEXT.index("CLP*A1") + 7, len(TEXT)):
        [found] = payments(TEXT[:cut])
        sound = {item.claim_id for item in found.claims if not item.set_aside}
        assert {name for name, end in whole.items() if cut >= end} <= sound
        assert "transaction_truncated" in errors(found) or cut > TEXT.index("SE*")


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04" + bytes(5000), b"<html>ISA GS ST</html>", b"ISA", b"{}", b"\xff\xfe", b"\x00" * 9]
)
def test_a_file_that_is_no_x12(data: bytes) -> None:
    reading = read(data)
    assert list(reading.transactions()) == []
    assert [(item.code, item.severity, item.unit) for item in reading.diagnostics] == [("not_x12", "error", "file")]


class Large(io.RawIOBase):
    """One 835 of very many claims, made while it is read."""

    def __init__(self, size: int) -> None:
        text = wire(payment(*(answer(f"A{n}", service(10000)) for n in range(40)))).encode()
        start, stop = text.index(b"LX*1"), text.index(b"SE*")
        self._claims, self._tail = text[start:stop] * 8, text[stop:]
        self._left, self._buffer = size // len(self._claims), text[:start]
        self.claims = 320 * self._left

    def read(self, size: int = -1) -> bytes:
        while len(self._buffer) < size and (self._left or self._tail):
            more = min(self._left, size // len(self._claims) + 1)
            self._left -= more
            self._buffer += self._claims * more or self._tail
            self._tail = self._tail if more else b""
        out, self._buffer = self._buffer[:size], self._buffer[size:]
        return out


def resident() -> int:
    """This process's memory in bytes."""
    return int(STATM.read_text().split()[1]) * 4096


@pytest.mark.skipif(not STATM.exists(), reason="memory is told by /proc")
def test_a_hundred_megabytes_need_the_memory_of_a_few_claims() -> None:
    file = Large(100 << 20)
    reading = read(file, stream=True)
    claims, before, most = 0, resident(), 0
    for transaction in reading.transactions():
        assert isinstance(transaction, Remittance835)
        for number, _ in enumerate(transaction.claims):
            claims += 1
            most = most if number % 4096 else max(most, resident())
    assert (claims, reading.claims_read, reading.claims_set_aside) == (file.claims, file.claims, 0)
    assert reading.size > 99 << 20
    assert most - before < 20 << 20


def test_an_adjustment_of_a_provider_for_a_reason_of_its_own() -> None:
    """PLB references may hold separators; the reason is what stands before the first."""
    sent = payment(answer("A1", service(10000)), levelled=100)
    sent.provider_adjustments = [ProviderAdjustment("1234567893", DAY, "WO", "A:B:C", 100)]
    [found] = payments(wire(sent, unchecked=True))
    assert (found.provider_adjustments[0].reason, found.provider_adjustments[0].reference) == ("WO", "A:B:C")
