"""What a payer is told of its files: a 999 where it wants one, a TA1 where it asks, and never an answer to an answer."""

from collections.abc import Callable, Container
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.directory import PayerDirectory, PayerProfile
from schemas.events.envelope import Event
from schemas.events.lanes import GroupReceived, InterchangeReceived
from schemas.x12 import Ack999, answers_group, read
from services.clearinghouse.domain.carry import item_of, sender_of
from services.clearinghouse.domain.drafts import Origin
from services.clearinghouse.domain.facts import facts
from services.clearinghouse.domain.files import file_name, remade
from services.clearinghouse.domain.lane import Lane, add, close
from services.clearinghouse.domain.receipts import receipts
from services.clearinghouse.domain.text import clean

SET = """ST*835*{control}
BPR*I*{paid}*C*ACH*CCP*01*111000025*DA*1*1999999999**01*111000025*DA*2*20260120
TRN*1*T{control}*1999999999
DTM*405*20260119
N1*PR*NORTHSTAR HEALTH
N3*1 HIGH STREET
N4*DAYTON*OH*45402
PER*BL*DESK*TE*8005551212
N1*PE*RIVERSIDE CLINIC*XX*1234567893
LX*1
CLP*ABCDEFGHIJKLMNOP01*1*100*{paid}**CI*PCN1*11*1
CAS*CO*45*20
NM1*QC*1*TAMBLYN*ORLA****MI*MBR1
DTM*232*20260103
SE*15*{control}"""


def file(*paid: str, asks: str = "0", gs06: str = "204620003") -> bytes:
    """An interchange of one group with a payment for each amount; 80 adds up."""
    sets = "\n".join(SET.format(control=f"{number:04d}", paid=amount) for number, amount in enumerate(paid, 1))
    text = f"""ISA*00*          *00*          *ZZ*NORTHSTAR      *ZZ*OVERTURN       *260120*0600*^*00501*204620003*{asks}*P*:
GS*HP*NORTHSTAR*OVERTURN*20260120*0600*{gs06}*X*005010X221A1
{sets}
GE*{len(paid)}*{gs06}
IEA*1*204620003"""
    return "~\n".join(text.split("\n")).encode() + b"~\n"


@pytest.fixture
def wants(directory: PayerDirectory) -> PayerProfile:
    return directory.payers[0].model_copy(update={"acknowledged_sets": ("835",)})


@pytest.fixture
def answer(origin: Callable[..., Origin], wants: PayerProfile) -> Callable[..., list[Any]]:
    def make(content: bytes, profile: PayerProfile = wants, taken: Container[int] = ()) -> list[Any]:
        reading = read(content)
        list(reading.transactions())
        return [draft.data for draft in receipts(reading, taken, profile, origin())]

    return make


def test_a_sound_group_is_accepted_and_each_set_told(answer: Callable[..., list[Any]]) -> None:
    (group,) = answer(file("80", "80"))
    assert isinstance(group, GroupReceived)
    assert (group.functional_id, group.group_control, group.verdict) == ("HP", "204620003", "A")
    assert [(one.control, one.verdict) for one in group.sets] == [("0001", "A"), ("0002", "A")]


def test_a_payer_that_wants_none_gets_none(answer: Callable[..., list[Any]], directory: PayerDirectory) -> None:
    assert answer(file("80"), directory.payers[0]) == []
    only_271 = directory.payers[0].model_copy(update={"acknowledged_sets": ("271", "277CA")})
    assert answer(file("80"), only_271) == []


def test_a_broken_set_is_refused_unless_something_of_it_was_booked(answer: Callable[..., list[Any]]) -> None:
    broken = file("80", "80").replace(b"CLP*ABCDEFGHIJKLMNOP01*1*100*80", b"CLP*ABCDEFGHIJKLMNOP01*1**80", 1)
    (group,) = answer(broken)
    assert group.verdict == "P" and [one.verdict for one in group.sets] == ["R", "A"]
    (note,) = [segment for segment in group.sets[0].segments if segment.segment == "CLP"]
    assert (note.position, [fault.element for fault in note.elements]) == (11, [3])
    reading = read(broken)
    first = next(iter(reading.transactions())).position
    (group,) = answer(broken, taken={first})
    assert group.verdict == "E" and [one.verdict for one in group.sets] == ["E", "A"]


def test_many_hurt_sets_make_a_receipt_that_fits(answer: Callable[..., list[Any]]) -> None:
    hurt = "CAS*CO" + "*45*2A*3B" * 6 + "\nDTM*232*2026\nAMT*AU*1A"
    content = file(*["80"] * 60).replace(b"CAS*CO*45*20", "~\n".join([*hurt.split("\n")] * 8).encode())
    (group,) = answer(content)
    assert len(group.sets) == 60 and {one.verdict for one in group.sets} == {"R"}
    told = [len(one.segments) for one in group.sets]
    assert min(told) == max(told) == 8, "all sets have their share of 500 notes"
    assert len(group.model_dump_json()) < 200_000


def test_a_ta1_comes_only_when_asked_for_or_refusing(
    answer: Callable[..., list[Any]], directory: PayerDirectory
) -> None:
    plain = directory.payers[0]
    (told,) = answer(file("80", asks="1"), plain)
    assert isinstance(told, InterchangeReceived)
    assert (told.control_number, told.made_on, told.made_at) == ("204620003", date(2026, 1, 20), "0600")
    assert (told.verdict, told.note) == ("A", "000")
    (told,) = answer(file("80").partition(b"GS*")[0], plain)
    assert (told.verdict, told.note) == ("R", "023")
    stray = file("80").replace(b"GE*1*", b"CLP*X*1*1*1~\nGE*1*")
    assert [(told.verdict, told.note) for told in answer(stray, plain)] == [("R", "024")]
    assert answer(stray, plain, taken=range(99)) == [], "what was booked is not refused"


def test_no_answer_is_answered(
    answer: Callable[..., list[Any]], wants: PayerProfile, sent: Callable[..., list[tuple[str, bytes]]]
) -> None:
    files = sent(*answer(file("80", asks="1")))
    for _, content in files:
        asked = content[:100] + content[100:].replace(b"*0*P*", b"*1*P*", 1)
        every = wants.model_copy(update={"acknowledged_sets": ("271", "277", "277CA", "835")})
        assert not [told for told in answer(asked, every) if isinstance(told, GroupReceived)]
    (only_ta1,) = [content for name, content in files if name.endswith("TA1")]
    assert answer(only_ta1.replace(b"*0*P*", b"*1*P*"), wants) == []


def test_what_has_no_number_cannot_be_answered(answer: Callable[..., list[Any]]) -> None:
    bare = file("80").partition(b"ST*")[2].partition(b"GE*")[0]
    assert answer(b"ST*" + bare) == []


@pytest.fixture
def sent(
    directory: PayerDirectory, event: Callable[..., Event[Any, Any]], now: datetime
) -> Callable[..., list[tuple[str, bytes]]]:
    def make(*owed: Any) -> list[tuple[str, bytes]]:
        lane = Lane(payer_id="NORTHSTAR", partition=2, day=date(2026, 1, 9))
        sender = sender_of(directory, directory.payers[0])
        for number, data in enumerate(owed):
            lane = add(lane, item_of(event(data, id=f"e{number}"), sender), now)
        lane, batches = close(lane, sender, now)
        assert facts("k", lane) == [], "a receipt is about files, which are no facts"
        return [(file_name(lane, batch), remade(lane, batch).content) for batch in batches]

    return make


def test_the_999_names_their_group_and_reads_without_a_finding(
    answer: Callable[..., list[Any]], sent: Callable[..., list[tuple[str, bytes]]]
) -> None:
    content = file("80", "80")
    other = content.replace(b"204620003", b"204620004").replace(b"BPR*I*80", b"BPR*Q*80")
    ((name, made),) = sent(*answer(other), *answer(content))
    assert name == "020462001.999"
    acks = [one for one in read(made).transactions() if isinstance(one, Ack999)]
    assert not [finding for ack in acks for finding in ack.diagnostics]
    assert [ack.group_control_number for ack in acks] == ["204620003", "204620004"]
    assert [ack.control_number for ack in acks] == ["0001", "0002"]
    reading = read(content)
    assert answers_group(acks[0], reading.interchanges[0].groups[0])


def test_ta1s_of_a_day_go_in_one_interchange(
    answer: Callable[..., list[Any]], sent: Callable[..., list[tuple[str, bytes]]], directory: PayerDirectory
) -> None:
    owed = [
        *answer(file("80", asks="1"), directory.payers[0]),
        *answer(file("80").partition(b"GS*")[0], directory.payers[0]),
    ]
    ((name, made),) = sent(*owed)
    (interchange,) = read(made).interchanges
    assert name == "020462001.TA1" and interchange.ack_requested == "0" and not interchange.groups
    assert [(ack.control_number, ack.code) for ack in interchange.acks] == [("204620003", "A"), ("204620003", "R")]


@given(st.text(max_size=60), st.integers(1, 40))
def test_clean_text_holds_no_delimiter_and_stays_as_it_is(text: str, limit: int) -> None:
    once = clean(text, limit)
    assert len(once) <= limit and once.isascii() and (once.isprintable() or not once)
    assert not set("*~:^") & set(once) and once == " ".join(once.split())
    assert clean(once, limit) == once
    words = [word for word in text.split(" ") if word]
    if limit >= len(text) and all(word.isascii() and word.isalnum() for word in words):
        assert once == " ".join(words)
