"""What triage reads of an accepted encounter, and keeps: papers at hand, authorisations, a signed notice."""

from typing import ClassVar

from schemas.events.encounters import EncounterAccepted
from schemas.events.envelope import EventView
from schemas.events.values import Document, Value


class AuthorizedCoverage(Value):
    """A coverage's payer, and the number of its prior authorisation where it gave one."""

    payer_id: str
    authorization: str | None = None


class EncounterFacts(EventView):
    """The part of EncounterAccepted that bears on a denial; no PHI."""

    TYPE: ClassVar[str] = EncounterAccepted.TYPE
    TOPIC: ClassVar[str] = EncounterAccepted.TOPIC

    revision: int
    coverages: tuple[AuthorizedCoverage, ...] = ()
    advance_notice_signed: bool = False
    documents: tuple[Document, ...] = ()

    def authorized(self, payer_id: str) -> bool:
        """Whether the coverage of this payer bears an authorisation number."""
        return any(coverage.authorization for coverage in self.coverages if coverage.payer_id == payer_id)
