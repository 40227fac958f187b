"""A partner's event id: what content came under it, and what we made of it."""

from schemas.document import Aggregate

MAX_CONTENTS = 64
"""Contents remembered under one id; beyond that each is answered again."""


class PartnerEvent(Aggregate):
    """One event id of one partner; its key is a keyed hash of both."""

    partner: str
    contents: tuple[str, ...] = ()
    """Keyed hashes of the contents that came under the id; the first is what the id stands for."""
    accepted: bool = False
    """Whether the first content was valid by the contract (its account may still refuse it)."""
    refused: int = 0
    """Refusals answered for this id."""
    codes: tuple[str, ...] = ()
    """All codes of those refusals, sorted."""

    def knows(self, digest: str) -> bool:
        """Whether this content came before: a repeat, which changes nothing."""
        return digest in self.contents

    def received(self, digest: str, codes: tuple[str, ...]) -> "PartnerEvent":
        """After a content that is not a repeat; no codes: it is valid."""
        return self.model_copy(
            update={
                "contents": (*self.contents, digest)[:MAX_CONTENTS],
                "accepted": self.accepted or not codes,
                "refused": self.refused + bool(codes),
                "codes": tuple(sorted({*self.codes, *codes})),
            }
        )
