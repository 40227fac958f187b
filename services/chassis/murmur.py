"""Murmur2 as Kafka's own partitioner computes it: whoever writes a key must find the partition that all others find."""

import struct

SEED = 0x9747B28C
MIX = 0x5BD1E995
WORD = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """The hash of a key, 32 bits without a sign."""
    found = SEED ^ len(data)
    for word in struct.unpack_from(f"<{len(data) // 4}I", data):
        word = word * MIX & WORD
        found = (found * MIX & WORD) ^ ((word ^ word >> 24) * MIX & WORD)
    rest = len(data) % 4
    if rest:
        found = (found ^ int.from_bytes(data[-rest:], "little")) * MIX & WORD
    found = (found ^ found >> 13) * MIX & WORD
    return found ^ found >> 15
