"""277: where a claim stands (X212, or unasked X228), found by our 276's trace or REF*EJ; what is asked about it (277RFAI)."""

from collections.abc import Iterator

from schemas.events.payer_inbound import ClaimStatusAnswered
from schemas.x12 import ClaimStatus, InformationRequest277, Status, StatusAnswer, StatusResponse277
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


def questions(asked: InformationRequest277, st: int, origin: Origin) -> Iterator[Draft]:
    """One ClaimStatusAnswered a claim of ours that the payer wants documents for: categories R, LOINC codes as STC has them."""
    for number, request in enumerate(asked.requests, 1):
        ours = own_claim(request.claim_id)
        if ours is None or request.set_aside or not request.questions:
            continue
        data = ClaimStatusAnswered(
            claim_id=ours,
            payer_id=origin.payer_id,
            statuses=tuple(text for status in request.questions for text in composites(status)),
            answered_on=asked.date or origin.recorded_on,
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
