"""What the sieve calls sound by its text alone, the full reader finds nothing to say of; a set is refused as if it were read whole."""

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.x12 import Claims837P, Delimiters, Inquiry270, Party, TransactionSet, read
from schemas.x12.catalogue import for_version
from schemas.x12.joining import joined
from schemas.x12.records.base import Composed
from schemas.x12.records.claim import Patient
from schemas.x12.sieve import Sieve
from schemas.x12.writer import check, compose, write_set
from tests.unit.x12.x12_bends import bend
from tests.unit.x12.x12_examples import batch, claim, subscriber
from tests.unit.x12.x12_grammar import interchange

PLAIN = Delimiters()
HEADINGS = {
    Claims837P: compose(batch()).segments,
    Inquiry270: ["BHT*0022*13*Q1*20260105*1200"],
}
VALUES = ("", "X", "1", "18", "01", "P", "S", "Y", "-1", "QQ", "20260301", "19500101", "PO BOX 7", "11:B:7", "ABF:J020")


def sieve(kind: type[TransactionSet]) -> Sieve:
    found = for_version(kind.VERSION, kind.SET_ID).sieve(PLAIN)
    assert found is not None
    found._pieces.begin(HEADINGS[kind][0])
    return found


def of_a_child() -> str:
    one = claim("C1")
    one.subscriber = subscriber()
    one.subscriber.relationship = ""
    home = {"street": "2 ELM", "city": "TROY", "state": "NY", "zip": "12180"}
    one.patient = Patient("19", person=Party("QC", "1", "DOE", "TIM", birth_date=dt.date(2010, 1, 2), sex="M", **home))
    return text(batch(one))


def text(made: TransactionSet) -> str:
    return "~".join(compose(made).segments)


def question() -> str:
    lines = "HL*1**20*1 NM1*PR*2*ACME*****PI*60054 HL*2*1*21*1 NM1*1P*2*CLINIC*****XX*1234567893"
    below = "HL*3*2*22*0 TRN*1*T1*9OVERTURN0 NM1*IL*1*DOE*JANE****MI*M1 DMG*D8*19800102*F DTP*291*D8*20260105 EQ*30"
    return "~".join(["BHT*0022*13", *lines.split(), *below.split()])


def drawn(seed: int) -> list[tuple[type[TransactionSet], str]]:
    """Rich items, of sets drawn from the descriptions."""
    found: list[tuple[type[TransactionSet], str]] = []
    for made in read(interchange("PROFESSIONAL", seed).encode()).transactions():
        if isinstance(made, Claims837P):
            found += [(Claims837P, text(Claims837P(claims=[one]))) for one in made.claims[:2]]
    for made in read(interchange("INQUIRY", seed).encode()).transactions():
        if isinstance(made, Inquiry270):
            found += [(Inquiry270, text(Inquiry270(subjects=[one]))) for one in made.subjects[:2]]
    return found


def changed(item: str, chance: random.Random) -> str:
    """One element holds another value, or one segment is gone or stands twice."""
    segments = item.split("~")
    place = chance.randrange(1, len(segments))
    kind = chance.choice(("value", "value", "drop", "twice"))
    if kind == "value":
        elements = segments[place].split("*")
        elements[chance.randrange(len(elements))] = chance.choice(VALUES)
        segments[place] = "*".join(elements)
    elif kind == "drop":
        del segments[place]
    else:
        segments.insert(place, segments[place])
    return "~".join(segments)


ITEMS = [(Claims837P, text(batch(claim("A1")))), (Claims837P, of_a_child()), (Inquiry270, question())]


@pytest.mark.parametrize(("kind", "item"), ITEMS, ids=["a claim", "a child's claim", "a question"])
def test_what_is_sent_every_day_is_not_in_doubt(kind: type[TransactionSet], item: str) -> None:
    assert sieve(kind).sound(item)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_of_what_is_sound_alone_the_full_reader_says_nothing(seed: int) -> None:
    chance = random.Random(seed)
    for kind, item in [*ITEMS, *drawn(seed)] * 4:
        bent = bend(item, chance, 1) if chance.random() < 0.2 else changed(item, chance)
        if not sieve(kind).sound(bent):
            continue
        grammar = for_version(kind.VERSION, kind.SET_ID)
        lines = joined(HEADINGS[kind], [bent], PLAIN)
        assert check(lines, grammar, PLAIN, grammar.description.record(), quick=False) == [], bent


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("SBR*P*18*", "SBR*Z*18*", "code_unknown"),
        ("~N3*2 ELM", "", "subscriber_detail_missing"),
        ("CLM*A3*150", "CLM*A3*151", "claim_charge_not_lines"),
        ("N3*1 MAIN ST", "N3*P O BOX 1", "street_is_post_box"),
        ("XX*1234567893", "XX*1234567890", "npi_check_digit"),
    ],
)
def test_one_wrong_claim_among_sound_ones_is_told_as_by_the_full_reader(old: str, new: str, code: str) -> None:
    texts = [text(batch(claim(f"A{number}"))) for number in range(5)]
    assert old in texts[3]
    texts[3] = texts[3].replace(old, new, 1)
    lines = joined(HEADINGS[Claims837P], texts, PLAIN)
    findings = [
        write_set(Composed(kind=Claims837P, segments=lines, texts=some), PLAIN)[1] for some in (texts, list[str]())
    ]
    assert findings[0] == findings[1] and code in {finding.code for finding in findings[0]}


def test_a_wrong_heading_is_told_though_all_claims_are_sound() -> None:
    texts = [text(batch(claim(f"A{number}"))) for number in range(3)]
    lines = joined([line for line in HEADINGS[Claims837P] if not line.startswith("PER")], texts, PLAIN)
    (finding,) = write_set(Composed(kind=Claims837P, segments=lines, texts=texts), PLAIN)[1]
    assert (finding.code, finding.element) == ("missing_segment", "PER")
