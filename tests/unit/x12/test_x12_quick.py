"""The quick pass never says of a claim what the full reader would not: same findings, same fields, same sums."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.x12 import (
    Adjustment,
    Amount,
    ClaimPayment835,
    Claims837P,
    ProviderSummary,
    Remittance835,
    TransactionSet,
    read,
)
from schemas.x12.grammar import Grammar
from schemas.x12.scan import RUN
from schemas.x12.summary import summarise
from tests.unit.x12.x12_examples import answer, batch, claim, payment, service, subscriber, wire
from tests.unit.x12.x12_grammar import interchange

groups = st.sampled_from(["CO", "PR", "OA", "PI"])
adjustments = st.lists(
    st.builds(Adjustment, groups, st.sampled_from(["59", "1", "2", "97", "253"]), st.integers(-500, 9000))
)
lines = st.lists(st.tuples(st.integers(0, 100000), adjustments), max_size=4)


def both_ways(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[TransactionSet], list[TransactionSet]]:
    """The transactions by the quick pass where it may, and by the full reader alone."""
    quick = list(read(text.encode()).transactions())
    with monkeypatch.context() as patch:
        patch.setattr(Grammar, "scanner", lambda self, delimiters: None)
        full = list(read(text.encode()).transactions())
    return quick, full


def same(quick: list[TransactionSet], full: list[TransactionSet]) -> None:
    """Equal records at equal places with equal findings."""
    assert [item.diagnostics for item in quick] == [item.diagnostics for item in full]
    assert [item.content_hash for item in quick] == [item.content_hash for item in full]
    for one, other in zip(quick, full, strict=True):
        places = [(item.position, item.ordinal, item.set_aside, item.raw) for item in getattr(one, "claims", ())]
        assert places == [
            (item.position, item.ordinal, item.set_aside, item.raw) for item in getattr(other, "claims", ())
        ]
    assert quick == full


@given(st.lists(lines, min_size=1, max_size=4))
def test_sound_payments_pass_quickly_and_fill_when_looked_into(drawn: list[list[tuple[int, list[Adjustment]]]]) -> None:
    claims = [answer(f"C{n}", *(service(charge, *items) for charge, items in one)) for n, one in enumerate(drawn)]
    sent = payment(*claims)
    if sent.amount < 0:
        return
    [found] = read(wire(sent).encode()).transactions()
    assert isinstance(found, Remittance835)
    assert all(item.pending for item in found.claims)
    assert found.claims == claims
    assert not any(item.pending for item in found.claims)


def test_a_lazy_claim_keeps_what_was_set_on_it() -> None:
    [found] = read(wire(payment(answer("A1", service(100)))).encode()).transactions()
    assert isinstance(found, Remittance835)
    [lazy] = found.claims
    lazy.charge = 7
    assert lazy.lines[0].charge == 100
    assert lazy.charge == 7


@pytest.mark.parametrize("name", ["REMITTANCE", "PROFESSIONAL"])
@given(seed=st.integers(0, 2**32))
@settings(max_examples=10, deadline=None)
def test_random_sets_are_judged_alike(name: str, seed: int) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        same(*both_ways(interchange(name, seed), monkeypatch))


def odd_one(kind: str, number: int) -> ClaimPayment835:
    """A claim that the full reader must see, or one of several adjustments and remarks that it need not."""
    one = answer(f"C{number}", service(5000, Adjustment("CO", "45", 700), Adjustment("PR", "2", 300)), service(100))
    if kind == "off":
        one.lines[0].paid += 1
    elif kind == "code":
        one.lines[0].adjustments[0] = Adjustment("CO", "9X9", 700)
    elif kind == "status":
        one.status = "77"
    elif kind == "interest":
        one.amounts = [Amount("I", 150)]
    elif kind == "several":
        one.lines[0].adjustments = [
            Adjustment("CO", "45", 600),
            Adjustment("CO", "59", 100),
            Adjustment("PR", "2", 300),
        ]
        one.lines[0].remarks = ["M15"]
    return one


@given(
    st.lists(st.sampled_from(["", "", "", "", "off", "code", "status", "interest", "several"]), max_size=2 * RUN + 3)
)
@settings(max_examples=40, deadline=None)
def test_a_claim_in_doubt_among_many_is_judged_alone(kinds: list[str]) -> None:
    claims = [odd_one(kind, number) for number, kind in enumerate(kinds)]
    for number, one in enumerate(claims):
        one.summary = ProviderSummary(str(number // 3 + 1))
    text = wire(payment(*claims), unchecked=True)
    with pytest.MonkeyPatch.context() as monkeypatch:
        same(*both_ways(text, monkeypatch))
        counted = summarise(text.encode()).as_json()
        monkeypatch.setattr(Grammar, "scanner", lambda self, delimiters: None)
        assert counted == summarise(text.encode()).as_json()
    [found] = read(text.encode()).transactions()
    assert isinstance(found, Remittance835)
    assert [item.pending for item in found.claims] == [kind in ("", "several") for kind in kinds]


def of_four(old: str, new: str) -> str:
    """Four claims, each with its own subscriber, the third of which was changed so."""
    claims = [claim(f"A{number}", 100, 200) for number in range(4)]
    for number, one in enumerate(claims):
        one.subscriber = subscriber()
        assert one.subscriber.person is not None
        one.subscriber.person.last = f"DOE{number}"
    before, mark, behind = wire(batch(*claims)).partition("HL*4*")
    assert old in behind
    return before + mark + behind.replace(old, new, 1)


ODD_SUBSCRIBERS = {
    "another payer first": ("SBR*P*18*", "SBR*S*18*"),
    "no relationship": ("SBR*P*18*", "SBR*P**"),
    "a spouse": ("SBR*P*18*", "SBR*P*01*"),
    "no street": ("N3*2 ELM~\n", ""),
    "no number of the house": ("N3*2 ELM~\n", "N3**APT 2~\n"),
    "born after the service": ("DMG*D8*19800102*F", "DMG*D8*20260301*F"),
    "no sex": ("DMG*D8*19800102*F", "DMG*D8*19800102"),
    "neither birth nor sex": ("DMG*D8*19800102*F~\n", ""),
    "pregnant": ("NM1*IL*", "PAT*********Y~\nNM1*IL*"),
}
SOUND_SUBSCRIBERS = {
    "as they are": ("DOE2", "DOE2"),
    "their weight": ("NM1*IL*", "PAT*******01*70~\nNM1*IL*"),
    "a group": ("SBR*P*18*", "SBR*P*18*G1"),
    "a second line": ("N3*2 ELM", "N3*2 ELM*APT 2"),
}


@pytest.mark.parametrize("change", ODD_SUBSCRIBERS.values(), ids=ODD_SUBSCRIBERS)
def test_a_claim_under_an_odd_subscriber_is_for_the_full_reader(
    change: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = of_four(*change)
    [found] = read(text.encode()).transactions()
    assert isinstance(found, Claims837P)
    assert [item.pending for item in found.claims][2:] == [False, True]
    same(*both_ways(text, monkeypatch))


@pytest.mark.parametrize("change", SOUND_SUBSCRIBERS.values(), ids=SOUND_SUBSCRIBERS)
def test_claims_under_sound_subscribers_pass_quickly(change: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    text = of_four(*change)
    [found] = read(text.encode()).transactions()
    assert isinstance(found, Claims837P)
    assert [item.pending for item in found.claims][1:] == [True] * 3
    same(*both_ways(text, monkeypatch))


def test_a_code_that_nobody_knows_above_a_claim_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    quick, full = both_ways(of_four("*CI~", "*QQ~"), monkeypatch)
    assert [finding.element for finding in quick[0].diagnostics] == ["SBR09"]
    same(quick, full)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_bent_sets_are_judged_alike(seed: int) -> None:
    chance = random.Random(seed)
    texts = (
        wire(payment(*(answer(f"A{n}", service(10000, Adjustment("PR", "1", 10))) for n in range(4)))),
        wire(batch(*(claim(f"A{n}", 100, 200) for n in range(4)))),
    )
    text = chance.choice(texts)
    segments = text.split("\n")
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(3, len(segments) - 3)
        kind = chance.choice(("drop", "twice", "swap", "letter"))
        if kind == "drop":
            del segments[place]
        elif kind == "twice":
            segments.insert(place, segments[place])
        elif kind == "swap":
            segments[place], segments[place - 1] = segments[place - 1], segments[place]
        else:
            letters = list(segments[place])
            letters[chance.randrange(len(letters))] = chance.choice("*:~A1-. ")
            segments[place] = "".join(letters)
    with pytest.MonkeyPatch.context() as monkeypatch:
        same(*both_ways("\n".join(segments), monkeypatch))


def test_claims_behind_what_should_follow_them_are_told_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    text = wire(payment(*(answer(f"C{n}", service(100)) for n in range(2))))
    second = text.replace("CLP*C1*", "LX*2~CLP*C1*", 1)
    late = second.replace("LX*1~", "PLB*1*20261231*CV:X*0~LX*1~", 1)
    assert late.count("LX*") == 2 and "PLB*" in late
    quick, full = both_ways(late, monkeypatch)
    same(quick, full)
    told = [item.element for item in quick[0].diagnostics if item.code == "segment_order"]
    assert told.count("LX") == 2
