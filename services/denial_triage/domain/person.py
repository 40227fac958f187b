"""Denials that wait for a person: what is asked of them, by when, and again when nobody answers."""

from datetime import date, timedelta

from schemas.codes.triage_policy import triage_policy
from schemas.events.denials import DecisionWanted
from services.denial_triage.domain.choose import Desk, candidates, must_wait, too_much_to_write_off
from services.denial_triage.domain.model import ClaimDenials, Denial


def comes_later(denial: Denial, claim: ClaimDenials, desk: Desk | None) -> bool:
    """Whether the table still has a way that another way on the claim holds up: nobody needs to choose yet."""
    if desk is None or denial.attempts >= desk.policy.max_attempts:
        return False
    way = next(candidates(denial, claim, desk), None)
    return way is not None and must_wait(denial, claim, way, desk)


def wanted(denial: Denial, claim: ClaimDenials, desk: Desk | None, today: date) -> tuple[Denial, DecisionWanted | None]:
    """The denial left to a person; the question, unless it was asked and may still be answered."""
    denial = denial.model_copy(update={"for_person": True})
    if denial.wanted_until is not None and today < denial.wanted_until:
        return denial, None
    until = today + timedelta(days=triage_policy(today).person_days)
    denial = denial.model_copy(update={"wanted_until": until, "asked": denial.asked + 1})
    return denial, DecisionWanted(
        denial_id=denial.denial_id,
        claim_id=claim.claim_id,
        payer_id=claim.payer_id,
        category=denial.category,
        cents=denial.cents,
        proposed=_proposed(denial, claim, desk),
        asked=denial.asked,
        answer_by=until,
    )


def _proposed(denial: Denial, claim: ClaimDenials, desk: Desk | None) -> str:
    way = next(candidates(denial, claim, desk), None) if desk and denial.way is None else None
    return "write_off" if way is not None and desk is not None and too_much_to_write_off(denial, way, desk) else ""
