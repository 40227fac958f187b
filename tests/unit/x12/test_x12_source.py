"""Whatever a trading partner's mailer did to a file: it reads, and comes back byte for byte."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.x12 import Delimiters, Remittance835, read, source
from tests.unit.x12.x12_examples import LINES, reread, sound_payment, wire

TEXT = wire(sound_payment())


def claims_of(data: bytes) -> list[str]:
    """The claim ids of every 835 in the data, which must come back as it was."""
    reading = read(data)
    assert reading.reemit() == data
    return [claim.claim_id for tx in reading.transactions() if isinstance(tx, Remittance835) for claim in tx.claims]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.replace("\n", "").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        b"\r\n \t " + TEXT.encode(),
        b"From: payer\nSubject: ERA\n\n" + TEXT.encode(),
        TEXT.encode() + b"\x1a",
        TEXT.encode() + b"\n\n\n",
        TEXT.replace("~\n", "\n").encode(),
        TEXT.replace("~\n", "\r\n").encode(),
        TEXT.replace("JANE", "JOSÉ").encode(),
        TEXT.replace("JANE", "JOSÉ").encode("latin-1"),
        TEXT.replace("SENDER         ", "SENDER").encode(),
        TEXT.rstrip().rstrip("~").encode(),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_a_file_in_any_dress_gives_its_claims(data: bytes) -> None:
    assert claims_of(data) == ["A1", "A2"]


@pytest.mark.parametrize("marks", ["*:~^", "|>\x1d\x1e", "\x1d\x1f\x1c\x1e", "!@#$", "\t:\n^"])
def test_any_delimiters(marks: str) -> None:
    chosen = Delimiters(marks[0], marks[1], marks[2], marks[3])
    assert claims_of(wire(sound_payment(), delimiters=chosen).encode()) == ["A1", "A2"]


def test_letters_beyond_ascii_mean_what_they_meant() -> None:
    for encoding in ("utf-8", "latin-1"):
        reading = reread(TEXT.replace("JANE", "JOSÉ").encode(encoding))
        payment = next(reading.transactions())
        assert isinstance(payment, Remittance835)
        assert payment.claims[0].patient is not None
        assert payment.claims[0].patient.first == "JOSÉ"


def test_interchanges_with_other_delimiters_in_one_file() -> None:
    other = wire(sound_payment(), delimiters=Delimiters("|", ">", "\n", "^"))
    assert claims_of((TEXT + other + TEXT).encode()) == ["A1", "A2"] * 3


@given(st.integers(3, 400))
def test_chunks_may_end_anywhere(size: int) -> None:
    before, source.CHUNK = source.CHUNK, size
    try:
        assert claims_of((TEXT + TEXT.replace("\n", "")).encode()) == ["A1", "A2"] * 2
    finally:
        source.CHUNK = before


def test_a_patient_called_isa_begins_no_interchange() -> None:
    text = TEXT.replace("DOE*JANE", "LISA*ISA")
    assert claims_of(text.encode()) == ["A1", "A2"]


def test_a_bare_st_is_read_and_said_to_lack_its_envelope() -> None:
    start, end = TEXT.index("ST*835"), TEXT.index("GE*")
    reading = reread(TEXT[start:end])
    assert [type(tx).__name__ for tx in reading.transactions()] == ["Remittance835"]
    assert {"isa_missing", "group_missing"} <= {finding.code for finding in reading.diagnostics}


@pytest.mark.parametrize("data", [b"", b"\n", b"%PDF-1.7", b"patient,amount\nST. JOHN,5\n", bytes(range(256)) * 40])
def test_what_is_not_x12_is_said_to_be_none(data: bytes) -> None:
    reading = read(data)
    assert list(reading.transactions()) == []
    assert not reading.is_x12
    assert [finding.code for finding in reading.diagnostics] == ["not_x12"]
    assert reading.reemit() == data


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("SE*", "SE*9", "segment_count"),
        ("GE*1*", "GE*7*", "ge_count"),
        ("IEA*1*", "IEA*2*", "iea_count"),
        ("GE*1*101", "GE*1*999", "ge_control_number"),
        ("IEA*1*000000101", "IEA*1*000000909", "iea_control_number"),
        ("005010X221A1", "005010X221", "other_version"),
    ],
)
def test_a_wrong_envelope_is_a_warning_and_the_claims_are_there(old: str, new: str, code: str) -> None:
    reading = reread(TEXT.replace(old, new))
    [payment] = reading.transactions()
    assert code in {finding.code for finding in (*reading.diagnostics, *payment.diagnostics)}
    assert isinstance(payment, Remittance835)
    assert [claim.set_aside for claim in payment.claims] == [False, False]


def test_a_truncated_file_says_so_and_gives_what_it_has() -> None:
    cut = TEXT.index("CLP*A2") + 10
    [payment] = reread(TEXT[:cut]).transactions()
    assert isinstance(payment, Remittance835)
    assert [claim.claim_id for claim in payment.claims] == ["A1", "A2"]
    assert [claim.set_aside for claim in payment.claims] == [False, True]
    assert "transaction_truncated" in {finding.code for finding in payment.diagnostics}


def test_what_streams_is_what_loads() -> None:
    loaded = next(read(TEXT.encode()).transactions())
    reading = read(TEXT.encode(), stream=True)
    for streamed in reading.transactions():
        assert isinstance(streamed, Remittance835)
        streamed.claims = list(streamed.claims)
        assert streamed == loaded
        assert streamed.content_hash == loaded.content_hash


def test_the_hash_knows_segments_and_not_their_dress() -> None:
    plain = next(reread(TEXT).transactions()).content_hash
    dressed = wire(sound_payment(), delimiters=Delimiters("|", ">", "\n", "^"))
    assert next(reread(dressed).transactions()).content_hash == plain
    assert next(reread(TEXT.replace("SVC*HC:99213", "SVC*HC:99214")).transactions()).content_hash != plain
    assert LINES.line_end == "\n"
