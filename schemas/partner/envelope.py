"""The envelope of a partner's event: CloudEvents 1.0, structured JSON, one record an event."""

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from schemas.events.envelope import EventData
from schemas.events.partner import EncounterCancelled, EncounterSubmitted

PARTNER_EVENTS: dict[str, type[EventData]] = {cls.TYPE: cls for cls in (EncounterSubmitted, EncounterCancelled)}
"""What a partner may publish on `partner.<id>.encounters.v1`, by CloudEvents type."""


MAX_BYTES = 900_000
"""Of one event; below the topic's own limit, so that an oversized event is seen and answered."""


class PartnerEnvelope(BaseModel):
    """The CloudEvents attributes that a partner must send; other (extension) attributes are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = Field(description="CloudEvents version")
    id: str = Field(min_length=1, max_length=128, description="Unique for ever; sent again only with the same content")
    source: str = Field(pattern=r"^/partners/[A-Za-z0-9_-]{1,40}$", description="`/partners/<your partner id>`")
    type: str = Field(min_length=1, max_length=128, description="One of the contract's event types")
    subject: str = Field(
        min_length=1,
        max_length=128,
        description="Your key of the encounter and the Kafka key: keeps its events in order",
    )
    time: AwareDatetime = Field(description="When it happened, with a zone; the broker's timestamp decides deadlines")
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, Any]


def partner_source(partner: str) -> str:
    """The only `source` that a partner's topic may carry."""
    return f"/partners/{partner}"
