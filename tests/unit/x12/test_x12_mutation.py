"""However a file is bent: never a crash, never a byte lost, and every claim that is there is read or set aside."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.x12 import Adjustment, Claims837, Claims837P, Remittance835, read
from tests.unit.x12.x12_examples import answer, batch, claim, payment, service, wire
from tests.unit.x12.x12_grammar import DESCRIPTIONS, interchange

PAYMENT = wire(payment(*(answer(f"A{n}", service(10000, Adjustment("CO", "45", 2500))) for n in range(5)))).encode()
BATCH = wire(batch(*(claim(f"A{n}") for n in range(5)))).encode()


def delete(data: bytes, chance: random.Random) -> bytes:
    """Takes some bytes out."""
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randint(1, 40) :]


def swap(data: bytes, chance: random.Random) -> bytes:
    """Exchanges two segments."""
    parts = data.split(b"~")
    one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    return b"~".join(parts)


def truncate(data: bytes, chance: random.Random) -> bytes:
    """Cuts the end off."""
    return data[: chance.randrange(len(data))]


def flip(data: bytes, chance: random.Random) -> bytes:
    """Changes a few bytes to any others."""
    bent = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        bent[chance.randrange(len(bent))] = chance.randrange(256)
    return bytes(bent)


BEND: list[Callable[[bytes, random.Random], bytes]] = [delete, swap, truncate, flip]


def looked_into(data: bytes) -> int:
    """Reads everything, looks into every field, and counts the claims; the bytes must come back."""
    reading = read(data)
    transactions = list(reading.transactions())
    assert reading.reemit() == data
    for transaction in transactions:
        repr(transaction)
        assert all(finding.message and finding.code for finding in transaction.diagnostics)
    streamed = read(data, stream=True)
    kinds = (Remittance835, Claims837)
    count = sum(sum(1 for _ in item.claims) for item in streamed.transactions() if isinstance(item, kinds))
    assert count == reading.claims_read == sum(len(item.claims) for item in transactions if isinstance(item, kinds))
    assert streamed.segments == reading.segments
    return count


@given(st.sampled_from([PAYMENT, BATCH]), st.sampled_from(BEND), st.integers(0, 2**32), st.integers(1, 3))
@settings(max_examples=250, deadline=None)
def test_a_bent_file_is_survived(
    data: bytes, bend: Callable[[bytes, random.Random], bytes], seed: int, times: int
) -> None:
    chance = random.Random(seed)
    for _ in range(times):
        data = bend(data, chance) or b" "
    looked_into(data)


@pytest.mark.parametrize("name", sorted(DESCRIPTIONS))
@given(seed=st.integers(0, 2**32))
@settings(max_examples=8, deadline=None)
def test_every_set_is_survived_when_bent(name: str, seed: int) -> None:
    chance = random.Random(seed)
    looked_into(chance.choice(BEND)(interchange(name, seed).encode(), chance))


@given(st.sampled_from([PAYMENT, BATCH]), st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_claims_read_and_set_aside_are_the_claims_present(data: bytes, seed: int) -> None:
    """Elements are bent, segments dropped, doubled and moved; the header segment of a claim always makes a claim."""
    chance = random.Random(seed)
    segments = data.decode().split("~\n")
    first = next(n for n, text in enumerate(segments) if text.startswith(("CLP", "CLM")))
    body, tail = segments[first:-4], segments[-4:]
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(body))
        kind = chance.choice(("drop", "twice", "shuffle", "element"))
        if kind == "drop" and len(body) > 1:
            del body[place]
        elif kind == "twice":
            body.insert(place, body[place])
        elif kind == "shuffle":
            body.insert(chance.randrange(len(body)), body.pop(place))
        else:
            elements = body[place].split("*")
            elements[chance.randrange(1, len(elements))] = chance.choice(("", "X", "-1", "9" * 50, "20260230"))
            body[place] = "*".join(elements)
    text = "~\n".join([*segments[:first], *body, *tail])
    present = sum(item.startswith(("CLP*", "CLM*")) for item in body)
    [transaction] = read(text.encode()).transactions()
    assert isinstance(transaction, (Remittance835, Claims837P))
    sound = [item for item in transaction.claims if not item.set_aside]
    aside = [item for item in transaction.claims if item.set_aside]
    assert len(sound) + len(aside) == present
    if isinstance(transaction, Remittance835):
        assert all(_adds_up(item.charge, item.paid, [a.cents for a in item.all_adjustments]) for item in sound)


def _adds_up(charge: int, paid: int, adjustments: list[int]) -> bool:
    return charge - sum(adjustments) == paid
