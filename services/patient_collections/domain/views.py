"""What patient collections reads of others' events: who answers for an encounter and what it charges, a claim's money."""

from datetime import date
from typing import ClassVar

from schemas.document import Phi
from schemas.events.claims import ClaimAdjudicated, ClaimSubmitted
from schemas.events.encounters import EncounterAccepted
from schemas.events.envelope import EventView
from schemas.events.patients import GuarantorPhi
from schemas.events.values import Cents, Ledger, Value


class Charge(Value):
    """What one service cost, and when it took place."""

    charge: Cents
    service_date: date


class ChargedEncounter(EventView):
    """The part of EncounterAccepted that tells whom to ask, and for what where nobody is insured."""

    TYPE: ClassVar[str] = EncounterAccepted.TYPE
    TOPIC: ClassVar[str] = EncounterAccepted.TOPIC
    PHI: ClassVar[type[Phi] | None] = GuarantorPhi

    revision: int
    guarantor_key: str
    lines: tuple[Charge, ...]
    no_claim: str | None = None


class SubmittedClaim(EventView):
    """The part of ClaimSubmitted that tells that a claim is under way."""

    TYPE: ClassVar[str] = ClaimSubmitted.TYPE
    TOPIC: ClassVar[str] = ClaimSubmitted.TOPIC

    claim_id: str


class AnsweredClaim(EventView):
    """The part of ClaimAdjudicated that tells where the claim's money is now."""

    TYPE: ClassVar[str] = ClaimAdjudicated.TYPE
    TOPIC: ClassVar[str] = ClaimAdjudicated.TOPIC

    claim_id: str
    ledger: Ledger
    ledger_version: int
