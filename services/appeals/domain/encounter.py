"""What appeals reads of an accepted encounter: who the patient is, and a member of which payers."""

from typing import ClassVar

from schemas.document import Phi
from schemas.events.encounters import EncounterAccepted, Member
from schemas.events.envelope import EventView
from schemas.events.values import Person, Value


class Membership(Value):
    """A coverage's payer."""

    payer_id: str


class MembersPhi(Phi):
    """The patient and the members, in the order of `coverages`."""

    patient: Person
    members: tuple[Member, ...] = ()


class InsuredEncounter(EventView):
    """The part of EncounterAccepted that a packet needs."""

    TYPE: ClassVar[str] = EncounterAccepted.TYPE
    TOPIC: ClassVar[str] = EncounterAccepted.TOPIC
    PHI: ClassVar[type[Phi] | None] = MembersPhi

    revision: int
    coverages: tuple[Membership, ...]
    no_claim: str | None = None
