"""Keyed hashes: stable, framed, and useless without the key."""

import base64
import hmac
import re

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.identity import Identity


@given(st.text(max_size=30), st.text(max_size=30))
def test_an_account_id_is_sixteen_safe_characters(partner: str, number: str) -> None:
    account = Identity(b"k" * 32).account_id(partner, number)
    assert re.fullmatch("[A-Z2-7]{16}", account)
    assert account == Identity(b"k" * 32).account_id(partner, number)
    assert account != Identity(b"l" * 32).account_id(partner, number)


@given(st.binary(min_size=32, max_size=32), st.text(max_size=30))
def test_a_key_is_the_base32_of_the_first_eighty_bits(secret: bytes, part: str) -> None:
    framed = b"\0\0\0\1x" + len(part.encode()).to_bytes(4, "big") + part.encode()
    assert Identity(secret).key("x", part) == base64.b32encode(hmac.digest(secret, framed, "sha256")[:10]).decode()


def test_parts_are_framed() -> None:
    identity = Identity(b"k" * 32)
    assert (
        len({identity.key("a", "bc"), identity.key("ab", "c"), identity.key("a", "b", "c"), identity.key("abc")}) == 4
    )
