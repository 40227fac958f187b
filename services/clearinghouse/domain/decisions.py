"""Decision letters: `<name>.decision.json` in the payer's folder."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.events.payer_inbound import AppealDecided
from services.clearinghouse.domain.drafts import KEY_LENGTH, Draft, Origin, own_claim


class UnreadableDecision(ValueError):
    """The letter is no JSON, or a field of it is missing or wrong; the text names the field, never its value."""


class Letter(BaseModel):
    """What a letter must say; other fields are ignored."""

    model_config = ConfigDict(frozen=True)

    appeal_id: str = Field(min_length=1, max_length=80)
    claim_id: str
    decision: str = Field(pattern=r"^(overturned|overturned_in_part|upheld|dismissed)$")
    reason: str = Field(default="not_given", max_length=80)
    decided_on: date


def draft(content: bytes, origin: Origin) -> Draft:
    """The decision of one letter; raises UnreadableDecision."""
    try:
        letter = Letter.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise UnreadableDecision(f"{where} ({first['type']})") from None
    ours = own_claim(letter.claim_id)
    if ours is None:
        raise UnreadableDecision("claim_id (not a claim number of ours)")
    data = AppealDecided(
        appeal_id=letter.appeal_id,
        claim_id=ours,
        payer_id=origin.payer_id,
        decision=letter.decision,
        reason=letter.reason,
        decided_on=letter.decided_on,
    )
    return Draft("decision", ours[:KEY_LENGTH], data)
