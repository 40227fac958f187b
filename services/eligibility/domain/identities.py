"""What eligibility needs of the keyed hashes; the chassis' Identity is one."""

from typing import Protocol


class Identities(Protocol):
    """Names things by a keyed hash, so that a key tells nothing about a patient."""

    def key(self, kind: str, *parts: str) -> str:
        """The key of `kind` for `parts`, 16 characters A-Z 2-7."""
