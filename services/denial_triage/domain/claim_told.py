"""What triage reads of a claim's answers and sends; its notes keep no more."""

from datetime import date
from typing import ClassVar

from schemas.events.claims import ClaimAdjudicated, ClaimSubmitted, DeniedAmount
from schemas.events.envelope import EventView
from schemas.events.values import Cents, Value


class Paid(Value):
    """Of the claim's ledger: what payers paid, and what no answer stands for."""

    payer_paid: Cents = 0
    unanswered: Cents = 0


class AnsweredClaim(EventView):
    """The part of ClaimAdjudicated that says what stands denied, since when, and what was paid."""

    TYPE: ClassVar[str] = ClaimAdjudicated.TYPE
    TOPIC: ClassVar[str] = ClaimAdjudicated.TOPIC

    claim_id: str
    version: int
    payer_id: str
    first_answer: bool
    first_denied: Cents | None = None
    reversal: bool = False
    awaits_correction: bool | None = None
    denied: tuple[DeniedAmount, ...] = ()
    paid_change: Cents = 0
    payer_control_number: str = ""
    adjudicated_on: date
    service_date: date | None
    accepted_on: date | None = None
    ledger: Paid
    ledger_version: int

    @property
    def denied_first(self) -> bool:
        """Whether the frozen first answer of the first payer denied something, as far as it has come."""
        return self.first_answer if self.first_denied is None else self.first_denied > 0

    @property
    def held(self) -> bool:
        """Whether the claim is held as it stood before a payer took its answer back."""
        if self.awaits_correction is None:
            return self.reversal and self.ledger.unanswered > 0
        return self.awaits_correction


class SentClaim(EventView):
    """The part of ClaimSubmitted that says which version went out."""

    TYPE: ClassVar[str] = ClaimSubmitted.TYPE
    TOPIC: ClassVar[str] = ClaimSubmitted.TOPIC

    claim_id: str
    version: int
