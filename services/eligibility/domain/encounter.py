"""What eligibility reads of an accepted encounter: the coverages to verify, and on which day."""

from datetime import date
from typing import ClassVar

from schemas.document import Phi
from schemas.events.eligibility import CoveragePhi
from schemas.events.encounters import EncounterAccepted, PayerCoverage
from schemas.events.envelope import EventView
from schemas.events.values import Provider, Value


class ServedLine(Value):
    """When a service took place."""

    service_date: date


class CoveredEncounter(EventView):
    """The part of EncounterAccepted that a 270 is made of."""

    TYPE: ClassVar[str] = EncounterAccepted.TYPE
    TOPIC: ClassVar[str] = EncounterAccepted.TOPIC
    PHI: ClassVar[type[Phi] | None] = CoveragePhi

    partner: str
    revision: int
    patient_key: str
    coverages: tuple[PayerCoverage, ...]
    billing_provider: Provider
    lines: tuple[ServedLine, ...]
    no_claim: str | None = None
