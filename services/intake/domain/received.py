"""What intake's second hop reads of its first: the encounter, not the people in it."""

from typing import ClassVar

from schemas.document import Phi, Unread
from schemas.events.encounters import EncounterAccepted, EncounterReceived
from schemas.events.envelope import EventView


class ReceivedEncounter(EventView):
    """EncounterReceived, its PHI on the way to EncounterAccepted as it is."""

    TYPE: ClassVar[str] = EncounterReceived.TYPE
    TOPIC: ClassVar[str] = EncounterReceived.TOPIC
    PHI: ClassVar[type[Phi] | None] = Unread

    encounter: EncounterAccepted
    topic_partition: int = 0
    topic_offset: int = 0
