"""277RFAI and 275: a payer asks for documents, and gets them byte for byte, whatever bytes they are made of."""

import datetime as dt
import time
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.x12 import (
    AdditionalInformation275,
    AdditionalInformation275v5010,
    Attachment,
    Contact,
    Dated,
    Delimiters,
    Enclosure,
    InformationRequest,
    InformationRequest277,
    InformationRequest277v5010,
    Party,
    PendingStatus277,
    Procedure,
    Reference,
    RequestedLine,
    ResponseAddress,
    Status,
    StatusResponse277,
    SubmittedDocument,
    Trace,
    X12WriteError,
    enclose,
    enclosed,
    make999,
    read,
    source,
    write,
)
from tests.unit.x12.x12_examples import DAY, envelope, reread, wire

PAYER = Party(
    "PR", "2", "ACME", id_qualifier="PI", id="60054", contacts=[Contact("IC", "REVIEW", (("TE", "8005551212"),))]
)
HOUSE = Party("41", "2", "BILLCO", id_qualifier="46", id="S1")
CLINIC = Party("1P", "2", "CLINIC", id_qualifier="XX", id="1234567893")
PATIENT = Party("QC", "1", "DOE", "JANE", id_qualifier="MI", id="M1")
CDA = b'<?xml version="1.0"?>\r\n<ClinicalDocument xmlns="urn:hl7-org:v3"><!-- ~SE*9*0001~ST*275* ^:|> --></ClinicalDocument>\n'
EMBEDDED = b"ISA*00*          *00*          *ZZ*A*ZZ*B*260105*1200*^*00501*1*0*P*:~GS*HC*A*B*20260105~ST*837*1~CLM*X*1~IEA*1*1~"
BYTES = bytes(range(256)) * 3
KINDS = [AdditionalInformation275, AdditionalInformation275v5010]


def question(code: str, *modifiers: str) -> Status:
    """A LOINC question of a claim or line."""
    return Status("R4", code, code_list="LOI", date=DAY, more=tuple(("R4", item, "", "LOI") for item in modifiers))


def asked(claim_id: str, *lines: RequestedLine) -> InformationRequest:
    """A request about one claim."""
    return InformationRequest(
        PAYER,
        HOUSE,
        CLINIC,
        PATIENT,
        Trace("1", f"P{claim_id}"),
        [question("18842-5", "18805-2")],
        [Reference("EJ", claim_id), Reference("BLT", "131")],
        [Dated("472", DAY), Dated("106", DAY + dt.timedelta(45))],
        [ResponseAddress(Attachment("OZ", "EL"), [Contact("IC", "", (("FX", "8005551213"),))])],
        list(lines),
    )


def documents(kind: type[AdditionalInformation275], *contents: bytes, claim_id: str = "A1") -> AdditionalInformation275:
    """A 275 that answers with one document a content."""
    old = kind is AdditionalInformation275v5010
    found = kind(reference_id="R1", date=DAY, payer=PAYER, submitter=HOUSE, patient=PATIENT)
    found.provider = Party("1P", "2", "CLINIC", id_qualifier="XX", id="1234567893", street="1 MAIN ST", city="TROY")
    found.patient = Party("QC", "1", "DOE", "JANE", references=[Reference("EJ", claim_id)], dates=[Dated("472", DAY)])
    for number, content in enumerate(contents, 1):
        item = SubmittedDocument(str(number), Trace("2", "PA1"), [question("18842-5")], dates=[Dated("368", DAY)])
        item.content, item.security = content, "05" if old else ""
        if not old:
            item.object_id, item.object_type, item.object_name, item.filter = "1", "47", "ATTACHMENT", "ASC"
        found.documents.append(item)
    return found


def answers(data: bytes) -> list[AdditionalInformation275]:
    """The 275s of data that must come back as they were, also when streamed."""
    reading = read(data)
    found = [item for item in reading.transactions() if isinstance(item, AdditionalInformation275)]
    assert reading.reemit() == data
    assert list(read(data, stream=True).transactions()) == list(reading.transactions())
    return found


@pytest.mark.parametrize("kind", [InformationRequest277, InformationRequest277v5010])
def test_a_request_comes_back_with_its_questions(kind: type[InformationRequest277]) -> None:
    line = RequestedLine(
        Procedure("HC", "70551"),
        90000,
        statuses=[question("18745-0")],
        references=[Reference("FJ", "L1")],
        attachments=[Attachment("OZ", "EL")],
    )
    sent = kind(reference_id="Q1", date=DAY, time="1200", requests=[asked("A1", line), asked("A2")])
    text = wire(sent)
    assert f"ST*277*0001*{kind.VERSION}~" in text
    assert "STC*R4:18842-5::LOI*20260105********R4:18805-2::LOI~" in text
    [found] = reread(text).transactions()
    assert type(found) is kind
    assert found == sent
    assert found.diagnostics == []
    first = found.requests[0]
    assert (first.claim_id, first.due, first.patient) == ("A1", DAY + dt.timedelta(45), PATIENT)
    assert [item.code for item in first.questions] == ["18842-5", "18745-0"]


def test_a_broken_question_hurts_one_claim() -> None:
    text = wire(InformationRequest277(reference_id="Q1", date=DAY, time="1200", requests=[asked("A1"), asked("A2")]))
    [found] = reread(text.replace("STC*R4:18842-5::LOI", "STC*", 1)).transactions()
    assert isinstance(found, InformationRequest277)
    assert [item.set_aside for item in found.requests] == [True, False]
    assert "transaction" not in {item.unit for item in found.diagnostics}


def test_a_pending_277_is_a_status_answer() -> None:
    text = wire(InformationRequest277v5010(reference_id="Q1", date=DAY, time="1200", requests=[asked("A1")]))
    [found] = reread(
        text.replace("005010X213", "005010X228").replace("PWK*OZ*EL~\n", "").replace("PER*IC**", "X*")
    ).transactions()
    assert isinstance(found, PendingStatus277)
    assert isinstance(found, StatusResponse277)
    [subject] = found.subjects
    assert (subject.subscriber, subject.provider) == (PATIENT, CLINIC)
    assert [ref.value for ref in subject.claims[0].references] == ["A1", "131"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", ["~", "\n"])
@pytest.mark.parametrize("content", [CDA, EMBEDDED, BYTES, b"~", b"*", "é ~ ü".encode(), b"a~SE*3*0001~GE*1*1~\r\n"])
def test_a_document_of_any_bytes_comes_back(kind: type[AdditionalInformation275], content: bytes, end: str) -> None:
    sent = documents(kind, content, b"second")
    data = write(envelope(sent), Delimiters(segment=end))
    tag = b"BIN*" if kind is AdditionalInformation275v5010 else b"BDS*ASC*"
    assert b"%s%d*%s%s" % (tag, len(content), content, end.encode()) in data
    [found] = answers(data)
    assert found == sent
    assert found.diagnostics == []
    assert (found.claim_id, found.documents[0].submitted) == ("A1", DAY)
    assert repr(content) not in repr(found)


@given(st.integers(3, 700), st.binary(min_size=1, max_size=3000))
@settings(max_examples=60, deadline=None)
def test_chunks_may_end_anywhere_in_a_document(size: int, content: bytes) -> None:
    sent = [documents(AdditionalInformation275, content, CDA), documents(AdditionalInformation275, EMBEDDED)]
    before, source.CHUNK = source.CHUNK, size
    try:
        assert answers(write(envelope(*sent)) * 2) == sent * 2
    finally:
        source.CHUNK = before


def test_base64_is_taken_off() -> None:
    item = SubmittedDocument(filter="B64", content=b"JVBE\r\nRi0=")
    assert item.document == b"%PDF-"
    item.content = b"no/base64!"
    assert item.document is None
    assert SubmittedDocument(content=b"x").document == b"x"


@pytest.mark.parametrize(
    ("said", "code"),
    [("60", "binary_longer"), ("0", "binary_longer"), ("", "binary_longer"), ("seven", "binary_longer")]
    + [
        ("70", "binary_shorter"),
        ("4000", "binary_shorter"),
        ("9999999999", "binary_shorter"),
        ("9" * 40, "binary_longer"),
    ],
)
def test_a_wrong_length_sets_one_document_aside(said: str, code: str) -> None:
    content = b"<ClinicalDocument>a ~ b * c ~ d" + b"." * 30
    sent = [documents(AdditionalInformation275, content, b"second"), documents(AdditionalInformation275, b"third")]
    data = write(envelope(*sent)).replace(b"BDS*ASC*%d*" % len(content), b"BDS*ASC*%s*" % said.encode(), 1)
    one, two = answers(data)
    assert [item.set_aside for item in one.documents] == [True, False]
    [finding] = [item for item in one.diagnostics if item.severity == "error"]
    assert (finding.code, finding.element, finding.unit, finding.loop) == (code, "BDS02", "claim", "2000A")
    assert one.documents[0].content == content
    assert one.documents[1].content == b"second"
    assert two == sent[1]
    assert "ClinicalDocument" not in finding.message
    [ack] = make999(read(data))
    assert [item.code for item in ack.sets] == ["R", "A"]
    assert ack.sets[0].segments[0].elements[0].code == ("5" if code == "binary_longer" else "4")


def test_what_is_no_base64_is_refused_and_set_aside() -> None:
    sent = documents(AdditionalInformation275, b"a2V5", b"second")
    sent.documents[0].filter = "B64"
    data = write(envelope(sent))
    assert answers(data)[0].documents[0].document == b"key"
    [found] = answers(data.replace(b"a2V5", b"a2V*"))
    assert [item.set_aside for item in found.documents] == [True, False]
    sent.documents[0].content = b"key!"
    with pytest.raises(X12WriteError, match="BDS03"):
        write(envelope(sent))


@given(st.binary(max_size=400), st.sampled_from(["B64", "ASC"]))
def test_a_document_in_its_mime_entity_comes_back(data: bytes, form: str) -> None:
    entity = enclose(Enclosure(data, "application/pdf", "op note.pdf"))
    sent = documents(AdditionalInformation275, b64encode(entity) if form == "B64" else entity)
    sent.documents[0].filter = form
    [found] = answers(write(envelope(sent)))
    assert found.documents[0].enclosure == Enclosure(data, "application/pdf", "op note.pdf")


def test_a_bare_document_is_its_own_enclosure() -> None:
    for content in (
        CDA,
        BYTES,
        b"",
        b"<html><meta http-equiv='Content-Type: x'>\n\n</html>",
        b"Content-Type: multipart/mixed\n\nx",
    ):
        assert enclosed(content) == Enclosure(content)
    with pytest.raises(ValueError, match="plain text"):
        enclose(Enclosure(b"x", "text/xml", 'a"\r\nb'))


@pytest.mark.parametrize("name", ["", "a*b", "a~b", "BASE64", "é64"])
def test_a_filter_that_is_none_is_refused_and_set_aside(name: str) -> None:
    sent = documents(AdditionalInformation275, b"x", b"second")
    sent.documents[0].filter = name
    with pytest.raises(X12WriteError, match="BDS01"):
        write(envelope(sent))
    data = write(envelope(documents(AdditionalInformation275, b"x", b"second"))).replace(b"BDS*ASC*1", b"BDS*6*1")
    [found] = answers(data)
    assert [item.set_aside for item in found.documents] == [True, False]


def test_a_document_cut_off_is_set_aside() -> None:
    data = write(envelope(documents(AdditionalInformation275, b"first", CDA)))
    [found] = answers(data[: data.index(b"ClinicalDocument") + 5])
    assert [item.set_aside for item in found.documents] == [False, True]
    assert {"binary_shorter", "transaction_truncated"} <= {item.code for item in found.diagnostics}


def test_what_the_guide_requires_must_be_there() -> None:
    sent = documents(AdditionalInformation275, b"")
    with pytest.raises(X12WriteError, match="BDS03"):
        write(envelope(sent))
    sent = documents(AdditionalInformation275, b"x")
    sent.documents[0].trace = None
    with pytest.raises(X12WriteError, match="missing_segment"):
        write(envelope(sent))


def test_lies_about_lengths_cost_no_more_than_their_bytes() -> None:
    """Twelve times as many lies take about twelve times as long: each looks far ahead, none copies what it saw."""
    few, many = _seconds(2500), _seconds(30000)
    assert many < 36 * few


def _seconds(count: int) -> float:
    text = wire(documents(AdditionalInformation275v5010, b"x"), delimiters=Delimiters())
    data = text.replace("BIN*1*x~", "".join(f"BIN*{1000 + n}000*x~" for n in range(count))).encode()
    reading = read(data, stream=True)
    start = time.process_time()
    assert len(list(reading.transactions())) == 1
    assert reading.segments > count
    return time.process_time() - start
