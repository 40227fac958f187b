"""Draws that are a hash of what they are about, never a stream: the same question has the same answer in every run."""

from hashlib import blake2b


def unit(*parts: object) -> float:
    """A number in [0, 1) that depends on `parts` alone."""
    return number(*parts) / 2**64


def number(*parts: object) -> int:
    """A 64-bit number that depends on `parts` alone."""
    digest = blake2b(digest_size=8)
    for part in parts:
        data = str(part).encode()
        digest.update(len(data).to_bytes(4, "big") + data)
    return int.from_bytes(digest.digest(), "big")


def between(least: int, most: int, *parts: object) -> int:
    """An integer from least to most, both possible."""
    return least + number(*parts) % (most - least + 1)


def happens(share: float, *parts: object) -> bool:
    """Whether an event of this share happens."""
    return share > 0 and unit(*parts) < share
