"""Keyed hashes: identities that join a patient's records without telling who the patient is."""

import hmac
from itertools import product

LENGTH = 16
"""Characters; 80 bits: with 10 million accounts a collision has a chance of about 4 in 10 billion."""
PAIRS = tuple(map("".join, product("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", repeat=2)))
"""Base32 of ten bits each: a key is made several times for every encounter."""


class Identity:
    """Names accounts, patients and other keys by HMAC-SHA256 with the identity key, base32 (A-Z, 2-7)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def account_id(self, partner: str, encounter_number: str) -> str:
        """The account of a partner's encounter: the first 16 characters of its CLM01 (DESIGN §4)."""
        return self.key("account", partner, encounter_number)

    def key(self, kind: str, *parts: str) -> str:
        """The key of `kind` for `parts`; parts are framed by their length, so ("ab", "c") is not ("a", "bc")."""
        framed = b"".join(len(data).to_bytes(4, "big") + data for data in (part.encode() for part in (kind, *parts)))
        number = int.from_bytes(hmac.digest(self._key, framed, "sha256")[:10], "big")
        return "".join([PAIRS[number >> shift & 1023] for shift in range(70, -10, -10)])
