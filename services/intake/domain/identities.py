"""What intake needs of the keyed hashes; the chassis' Identity is one."""

from typing import Protocol


class Identities(Protocol):
    """Names things by a keyed hash, so that a key tells nothing about a patient."""

    def account_id(self, partner: str, encounter_number: str) -> str:
        """The account of a partner's encounter, 16 characters A-Z 2-7."""

    def key(self, kind: str, *parts: str) -> str:
        """The key of `kind` for `parts`."""
