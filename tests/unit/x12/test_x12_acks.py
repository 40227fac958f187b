"""999, TA1 and 277CA: what we answer, what we are answered, and which of our sets it is about."""

import pytest

from schemas.x12 import (
    Ack999,
    ClaimAck277CA,
    ClaimStatusCA,
    Contact,
    Dated,
    Group,
    Interchange,
    Party,
    ProviderAck,
    Quantity,
    ReceiverAck,
    Reference,
    SetAck,
    SourceAck,
    Status,
    Trace,
    answers_group,
    make999,
    make_ta1,
    verdict,
    write,
)
from tests.unit.x12.x12_examples import DAY, batch, claim, envelope, reread, sound_payment, wire

SOUND = wire(batch(claim("A1"), claim("A2", 5000)))


def ack(text: str) -> Ack999:
    """Our 999 for a text, after a journey as bytes."""
    [made] = make999(reread(text))
    [transaction] = reread(wire(made)).transactions()
    assert isinstance(transaction, Ack999)
    assert transaction == made
    return transaction


def test_a_sound_batch_is_accepted() -> None:
    made = ack(SOUND)
    assert (made.code, made.received, made.accepted) == ("A", 1, 1)
    assert made.sets == [SetAck("837", "0001", "005010X222A1")]
    assert answers_group(made, envelope(batch(claim())).groups[0]) is False
    assert answers_group(made, Group("101", functional_id="HC"))


@pytest.mark.parametrize(
    ("old", "new", "code", "segment", "error", "element"),
    [
        ("SV1*HC:99213*100*UN", "SV1*HC:99213*ten*UN", "R", "SV1", "8", "6"),
        ("CLM*A1*150*", "CLM**150*", "R", "CLM", "8", "1"),
        ("REF*EI*123456789~\n", "", "E", "REF", "3", ""),
        ("HI*ABK:J020~", "HI*ABK:J020~\nZZZ*1~", "E", "ZZZ", "1", ""),
        ("NM1*40*2*HOUSE", "NM1*40*2*" + "H" * 61, "E", "NM1", "8", "5"),
    ],
)
def test_what_is_wrong_is_named_by_segment_and_element(
    old: str, new: str, code: str, segment: str, error: str, element: str
) -> None:
    assert old in SOUND
    [answer] = ack(SOUND.replace(old, new, 1)).sets
    assert answer.code == code
    assert answer.accepted is (code == "E")
    named = next(item for item in answer.segments if item.segment_id == segment)
    assert named.code == error
    assert [item.code for item in named.elements] == ([element] if element else [])


def test_the_segment_position_counts_from_st() -> None:
    text = SOUND.replace("SV1*HC:99213*100*UN", "SV1*HC:99213*ten*UN", 1)
    lines = text[text.index("ST*") :].split("\n")
    named = ack(text).sets[0].segments[0]
    assert lines[named.segment_position - 1].startswith("SV1*HC:99213*ten")


def test_balance_is_not_the_999s_business() -> None:
    assert ack(SOUND.replace("CLM*A1*150*", "CLM*A1*151*")).code == "A"


def test_a_999_is_never_answered_by_a_999() -> None:
    assert make999(reread(wire(*make999(reread(SOUND))))) == []
    assert make999(reread("")) == []


def test_a_group_with_one_bad_set_is_partly_accepted() -> None:
    text = wire(batch(claim("A1")), batch(claim("A2"))).replace("CLM*A2*150*", "CLM**150*")
    made = ack(text)
    assert (made.code, made.received, made.accepted) == ("P", 2, 1)
    assert verdict(made, "0001").accepted
    assert not verdict(made, "0002").accepted
    assert verdict(Ack999(code="R"), "0007").code == "R"


def test_a_set_that_nobody_here_knows_is_refused_as_such() -> None:
    text = SOUND.replace("ST*837*0001*005010X222A1", "ST*834*0001*005010X220A1").replace("GS*HC", "GS*BE")
    [answer] = ack(text).sets
    assert (answer.set_id, answer.code, answer.reasons[0]) == ("834", "R", "1")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [("GE*1*101", "GE*1*7", "4"), ("GE*1*101", "GE*2*101", "5"), ("GE*1*101~\n", "", "3")],
)
def test_a_wrong_group_trailer_is_told_and_rejects_nothing(old: str, new: str, reason: str) -> None:
    made = ack(SOUND.replace(old, new))
    assert (made.code, made.reasons, made.sets[0].code) == ("E", (reason,), "A")


def test_each_group_of_each_interchange_gets_its_own_answer() -> None:
    text = SOUND + wire(sound_payment()).replace("GE*1*101", "GE*9*101") + wire(*make999(reread(SOUND)))
    assert [(item.functional_id, item.code) for item in make999(reread(text))] == [("HC", "A"), ("HP", "E")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (SOUND[SOUND.index("GS*") :], "", [("R", "023")]),
        ("*0*P*:", "*0*P*:", []),
        ("*0*P*:", "*1*P*:", [("A", "000")]),
        ("IEA*1*000000101", "IEA*3*000000101", []),
    ],
)
def test_ta1_is_sent_when_asked_for(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    made = make_ta1(reread(SOUND.replace(old, new)))
    assert [(item.code, item.note) for item in made] == expected


def test_ta1_tells_wrong_counts_and_comes_back() -> None:
    made = make_ta1(reread(SOUND.replace("*0*P*:", "*1*P*:").replace("IEA*1*", "IEA*3*")))
    assert [(item.control_number, item.code, item.note) for item in made] == [("000000101", "E", "021")]
    reading = reread(write(Interchange("B", "A", "7", DAY, acks=made)))
    assert reading.interchanges[0].acks[0].code == "E"


def acknowledged(*claims: ClaimStatusCA, statuses: list[Status] | None = None) -> ClaimAck277CA:
    """A 277CA of one batch and one provider."""
    provider = ProviderAck(
        provider=Party("85", "2", "CLINIC", id_qualifier="XX", id="1234567893"),
        traces=[Trace("1", "0")],
        claims=list(claims),
    )
    receiver = ReceiverAck(
        receiver=Party("41", "2", "BILLCO", id_qualifier="46", id="S1"),
        traces=[Trace("2", "B1")],
        statuses=statuses or [Status("A1", "19", "PR", date=DAY, action="WQ", cents=15000)],
        quantities=[Quantity("90", _one())],
        providers=[provider],
    )
    source = SourceAck(
        source=Party("PR", "2", "ACME", id_qualifier="PI", id="60054"),
        traces=[Trace("1", "X1")],
        dates=[Dated("050", DAY), Dated("009", DAY)],
        receivers=[receiver],
    )
    return ClaimAck277CA(reference_id="X1", date=DAY, time="1200", sources=[source])


def _one() -> object:
    from decimal import Decimal

    return Decimal(1)


def status_of(claim_id: str, *codes: tuple[str, str, str]) -> ClaimStatusCA:
    """A claim's acknowledgement."""
    first, *more = codes
    return ClaimStatusCA(
        patient=Party("QC", "1", "DOE", "JANE", id_qualifier="MI", id="M1"),
        traces=[Trace("2", claim_id)],
        statuses=[Status(*first, date=DAY, action="WQ", cents=15000, more=tuple(more))],
        references=[Reference("1K", f"P{claim_id}"), Reference("D9", "T1")],
        dates=[Dated("472", DAY)],
    )


def test_a_277ca_gives_each_claims_verdict_with_its_parents() -> None:
    sent = acknowledged(status_of("A1", ("A2", "20", "PR")), status_of("A2", ("A7", "562", "85"), ("A7", "164", "QC")))
    [found] = reread(wire(sent)).transactions()
    assert isinstance(found, ClaimAck277CA)
    assert found == sent
    pairs = [(item.claim_id, item.statuses[0].category, item.payer_control_number) for *_, item in found.claims]
    assert pairs == [("A1", "A2", "PA1"), ("A2", "A7", "PA2")]
    [*_, refused] = [item for *_, item in found.claims]
    assert refused.statuses[0].more == (("A7", "164", "QC"),)
    assert refused.clearinghouse_trace == "T1"
    source, receiver, provider, _ = next(found.claims)
    assert (source.dates[0].date, receiver.traces[0].number) == (DAY, "B1")
    assert provider.provider is not None


def test_a_batch_refused_at_receiver_level_has_no_claims() -> None:
    sent = acknowledged(statuses=[Status("A3", "24", "41", date=DAY, action="U", cents=15000)])
    sent.sources[0].receivers[0].providers = []
    [found] = reread(wire(sent)).transactions()
    assert isinstance(found, ClaimAck277CA)
    assert list(found.claims) == []
    assert found.sources[0].receivers[0].statuses[0].category == "A3"


def test_one_broken_status_hurts_one_claim() -> None:
    text = wire(acknowledged(status_of("A1", ("A2", "20", "PR")), status_of("A2", ("A2", "20", "PR"))))
    broken = text.replace("STC*A2:20:PR*20260105*WQ*150", "STC**20260105*WQ*150", 1)
    assert broken != text
    [found] = reread(broken).transactions()
    assert isinstance(found, ClaimAck277CA)
    assert [item.set_aside for *_, item in found.claims] == [True, False]


def test_an_835_may_be_answered_too() -> None:
    assert make999(reread(wire(sound_payment())))[0].functional_id == "HP"
    assert Contact("IC").numbers == ()
