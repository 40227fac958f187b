"""Keyed hashes: identities that join a patient's records without telling who the patient is."""

import hashlib
from itertools import product

LENGTH = 16
"""Characters; 80 bits: with 10 million accounts a collision has a chance of about 4 in 10 billion."""
PAIRS = tuple(map("".join, product("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", repeat=2)))
"""Base32 of ten bits each: a key is made several times for every encounter."""

BLOCK = 64
"""Bytes that SHA-256 takes at a time."""


class Identity:
    """Names accounts, patients and other keys by HMAC-SHA256 with the identity key, base32 (A-Z, 2-7).

    The two hashes of an HMAC (RFC 2104) begin with the key: that part is computed once. Raises ValueError for a key
    longer than a block.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) > BLOCK:
            raise ValueError(f"an identity key has at most {BLOCK} bytes")
        padded = key.ljust(BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(octet ^ 0x36 for octet in padded))
        self._outer = hashlib.sha256(bytes(octet ^ 0x5C for octet in padded))

    def account_id(self, partner: str, encounter_number: str) -> str:
        """The account of a partner's encounter: the first 16 characters of its CLM01 (DESIGN §4)."""
        return self.key("account", partner, encounter_number)

    def key(self, kind: str, *parts: str) -> str:
        """The key of `kind` for `parts`; parts are framed by their length, so ("ab", "c") is not ("a", "bc")."""
        inner, outer = self._inner.copy(), self._outer.copy()
        for part in (kind, *parts):
            data = part.encode()
            inner.update(len(data).to_bytes(4, "big") + data)
        outer.update(inner.digest())
        number = int.from_bytes(outer.digest()[:10], "big")
        return "".join([PAIRS[number >> shift & 1023] for shift in range(70, -10, -10)])
