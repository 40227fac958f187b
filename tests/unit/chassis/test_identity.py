"""Keyed hashes: stable, framed, and useless without the key."""

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


def test_parts_are_framed() -> None:
    identity = Identity(b"k" * 32)
    assert (
        len({identity.key("a", "bc"), identity.key("ab", "c"), identity.key("a", "b", "c"), identity.key("abc")}) == 4
    )
