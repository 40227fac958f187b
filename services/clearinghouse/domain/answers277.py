"""277 (005010X212): where a claim stands, found by the trace of our 276 or its REF*EJ."""

from collections.abc import Iterator

from schemas.events.payer_inbound import ClaimStatusAnswered
from schemas.x12 import ClaimStatus, Status, StatusAnswer, StatusResponse277
from services.clearinghouse.domain.answers277ca import composites
from services.clearinghouse.domain.drafts import KEY_LENGTH, Draft, Origin, own_claim


def drafts(answer: StatusResponse277, st: int, origin: Origin) -> Iterator[Draft]:
    """One ClaimStatusAnswered a claim of ours."""
    number = 0
    for subject in answer.subjects:
        for claim in subject.claims:
            number += 1
            ours = claim_of(claim)
            statuses = [*claim.statuses, *_above(subject)]
            if ours is None or not statuses:
                continue
            data = ClaimStatusAnswered(
                claim_id=ours,
                payer_id=origin.payer_id,
                statuses=tuple(text for status in statuses for text in composites(status)),
                answered_on=next((status.date for status in statuses if status.date), origin.recorded_on),
            )
            yield Draft(f"{st}/{number}", ours[:KEY_LENGTH], data)


def claim_of(claim: ClaimStatus) -> str | None:
    """Our CLM01: REF*EJ, else the beginning of our trace."""
    numbers = [ref.value for ref in claim.references if ref.qualifier == "EJ"]
    if claim.trace:
        numbers.append(claim.trace.number.strip()[: KEY_LENGTH + 2])
    return next((ours for number in numbers if (ours := own_claim(number))), None)


def _above(subject: StatusAnswer) -> list[Status]:
    return [*subject.receiver_statuses, *subject.provider_statuses]
