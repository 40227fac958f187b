"""One transaction set that came, whatever it is → its events. The 835 is apart: it needs the check's record first."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.x12 import (
    Ack999,
    ClaimAck277CA,
    InformationRequest277,
    Interchange,
    Response271,
    StatusResponse277,
    TransactionSet,
)
from services.clearinghouse.domain import answers271, answers277, answers277ca, answers999
from services.clearinghouse.domain.drafts import Draft, Origin


@dataclass(frozen=True, slots=True)
class Answers:
    """The events of a set, and how many of its answers are about nothing of ours."""

    drafts: tuple[Draft, ...]
    unmatched: int = 0


def answers(found: TransactionSet, st: int, origin: Origin) -> Answers | None:
    """The events of a 999, 277CA, 277, 277RFAI or 271 from a payer; None for a set that has no business at this door."""
    if not origin.payer_id:
        return None
    if isinstance(found, Ack999):
        drafts = tuple(answers999.drafts(found, st, origin))
        return Answers(drafts, unmatched=not drafts)
    if isinstance(found, ClaimAck277CA):
        return Answers(tuple(answers277ca.drafts(found, st, origin)), answers277ca.unmatched(found))
    if isinstance(found, Response271):
        drafts = tuple(answers271.drafts(found, st, origin))
        return Answers(drafts, len(found.subjects) - len(drafts))
    if isinstance(found, StatusResponse277):
        drafts = tuple(answers277.drafts(found, st, origin))
        return Answers(drafts, sum(len(subject.claims) for subject in found.subjects) - len(drafts))
    if isinstance(found, InformationRequest277):
        drafts = tuple(answers277.questions(found, st, origin))
        return Answers(drafts, len(found.requests) - len(drafts))
    return None


def interchange_answers(interchanges: list[Interchange], origin: Origin) -> Iterator[Draft]:
    """The events of the file's TA1 segments."""
    acks = [ack for interchange in interchanges for ack in interchange.acks]
    if origin.payer_id:
        for number, ack in enumerate(acks, 1):
            yield from answers999.interchange_drafts(ack, number, origin)
