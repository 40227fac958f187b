"""The look at each open denial: is its way over, is it done, what comes next."""

from datetime import date, timedelta

from schemas.directory import PayerDirectory
from schemas.events.denials import DenialClosed, DenialOpened, WayChosen
from schemas.events.envelope import EventData
from services.denial_triage.domain.choose import Desk, appeal_running_out, candidates, choose, priority, wished
from services.denial_triage.domain.decided import closed
from services.denial_triage.domain.encounter import EncounterFacts
from services.denial_triage.domain.findings import papers
from services.denial_triage.domain.model import ENDS, RESENDS, ClaimDenials, Denial, Denials, OpenWay
from services.denial_triage.domain.opening import preventable
from services.denial_triage.domain.person import comes_later, wanted


def desk_of(state: Denials, claim: ClaimDenials, directory: PayerDirectory, today: date) -> Desk | None:
    """What decisions about a claim stand on; None where the payer's rules are unknown: then a person decides."""
    profile = directory.get(claim.payer_id)
    if profile is None:
        return None
    facts = state.encounter.morning(today) if state.encounter else None
    return Desk(profile, facts or EncounterFacts(revision=0), today, directory)


def announced(denial: Denial, claim: ClaimDenials, desk: Desk | None) -> tuple[Denial, DenialOpened]:
    """A new denial with its worth and last day, and the event that tells of it."""
    if desk is not None:
        worth_a_day, deadline = priority(denial, claim, desk)
        denial = denial.model_copy(update={"priority": worth_a_day, "deadline": deadline})
    ways = tuple(dict.fromkeys(way.way for way in candidates(denial, claim, desk))) if desk else ()
    event = DenialOpened(
        denial_id=denial.denial_id,
        claim_id=claim.claim_id,
        payer_id=claim.payer_id,
        denied=denial.amounts,
        cents=denial.cents,
        category=denial.category,
        preventable=preventable(denial.category, denial.denied_on),
        first_answer=denial.first_answer,
        ways=ways,
        priority=denial.priority,
        deadline=denial.deadline,
    )
    return denial, event


def review(claim: ClaimDenials, desk: Desk | None, today: date) -> tuple[ClaimDenials, list[EventData]]:
    """Go over a claim's open denials in their order; the ways chosen, and what a person is asked."""
    sent_off: list[EventData] = []
    for denial in (d for d in claim.denials if d.open):
        denial, event = _reviewed(denial, claim, desk, today)
        claim = claim.replace(denial)
        sent_off += [event] if event else []
    return claim, sent_off


def _reviewed(denial: Denial, claim: ClaimDenials, desk: Desk | None, today: date) -> tuple[Denial, EventData | None]:
    if not denial.amounts:
        return closed(denial, "recovered" if denial.recovered.total > 0 else "adjusted", today), None
    if claim.reversed:
        return denial, None
    if denial.wish:
        denial = ended(denial)
        return taken(denial, claim, desk, wished(denial, claim, desk, today))
    further = _next_level(denial, claim, desk, today)
    if denial.way is not None and further is None and not is_over(denial, claim, desk, today):
        return wanted(denial, claim, desk, today) if unpaid(denial.way, desk, today) else (denial, None)
    denial = ended(denial)
    way = further or (None if desk is None else choose(denial, claim, desk))
    if way is not None:
        return taken(denial, claim, desk, way)
    if comes_later(denial, claim, desk):
        return denial.model_copy(update={"for_person": False}), None
    return wanted(denial, claim, desk, today)


def taken(denial: Denial, claim: ClaimDenials, desk: Desk | None, way: OpenWay) -> tuple[Denial, WayChosen]:
    """The denial with its new way, and the event that sends it off."""
    if way.way in ENDS:
        way = way.model_copy(update={"denied": denial.amounts})
    changes = {"way": way, "attempts": way.attempt, "for_person": False, "wish": "", "deadline": way.last_day}
    denial = denial.model_copy(update={**changes, "wanted_until": None, "asked": 0})
    event = WayChosen(
        denial_id=denial.denial_id,
        claim_id=claim.claim_id,
        payer_id=claim.payer_id,
        way=way.way,
        attempt=way.attempt,
        cents=denial.cents,
        denied=denial.amounts,
        category=denial.category,
        deadline=way.last_day,
        denied_on=denial.denied_on,
        level=way.level,
        payer_control_number=claim.payer_control_number,
        accepted_on=claim.accepted_on,
        evidence=papers(denial, claim, desk.profile, desk.facts) if desk else (),
        chosen_by="person" if way.by_person else "triage",
    )
    return denial, event


def is_over(denial: Denial, claim: ClaimDenials, desk: Desk | None, today: date) -> bool:
    """Whether nothing more is to be expected of the open way; one that was won stays open for its money."""
    way = denial.way
    assert way is not None
    if way.failed or way.answered or (way.decision and not way.won):
        return True
    if way.won:
        return way.paid
    if way.give_up_on <= today:
        return True
    unsent = way.way in RESENDS and not way.sent and desk is not None
    return unsent and desk is not None and appeal_running_out(ended(denial), claim, desk) is not None


def unpaid(way: OpenWay, desk: Desk | None, today: date) -> bool:
    """Whether the payer granted it and its money is overdue: a person must call, for nothing is given up that was won."""
    return way.won and not way.paid and _money_due(way, desk) <= today


def _next_level(denial: Denial, claim: ClaimDenials, desk: Desk | None, today: date) -> OpenWay | None:
    """The appeal to press what the payer granted and does not pay; no other step of the table, for it was won."""
    way = denial.way
    if desk is None or way is None or way.failed or way.answered or not unpaid(way, desk, today):
        return None
    return choose(ended(denial), claim, desk, only="appeal")


def ended(denial: Denial) -> Denial:
    """The denial with its way, if it had one, behind it."""
    way = denial.way
    if way is None:
        return denial
    tried = (*denial.tried, f"{denial.category}:{way.step}:{way.level}")
    changes: dict[str, object] = {"way": None, "last_way": way.way, "tried": tried}
    if way.way in ("appeal", "reconsideration") and way.decision:
        changes["appeal_level"] = way.level
        changes["appeals_over"] = denial.appeals_over or way.decision == "dismissed"
    return denial.model_copy(update=changes)


def next_look(claim: ClaimDenials, desk: Desk | None, today: date) -> date | None:
    """The next morning on which an open denial of the claim needs a decision without any news."""
    if claim.reversed:
        return None
    days = [day for denial in claim.denials if denial.open for day in _looks(denial, claim, desk, today)]
    return min((day for day in days if day > today), default=None)


def _looks(denial: Denial, claim: ClaimDenials, desk: Desk | None, today: date) -> list[date]:
    way = denial.way
    if way is None:
        asked_until = denial.wanted_until if denial.for_person else None
        return [asked_until or today + timedelta(days=1)]
    if way.won:
        return [denial.wanted_until or _money_due(way, desk)]
    if desk is None or way.way not in RESENDS or way.sent:
        return [way.give_up_on]
    margin = timedelta(days=desk.policy.urgent_days + desk.policy.transit_days)
    appeals = (found for found in candidates(ended(denial), claim, desk) if found.way == "appeal")
    return [way.give_up_on, *(found.last_day - margin for found in appeals)]


def _money_due(way: OpenWay, desk: Desk | None) -> date:
    wait = desk.policy.payment_days if desk else 0
    return (way.decided_on or way.chosen_on) + timedelta(days=wait)


def closing(denial: Denial, claim: ClaimDenials) -> DenialClosed:
    """The event that tells of a denial's end."""
    assert denial.closed_on is not None
    return DenialClosed(
        denial_id=denial.denial_id,
        claim_id=claim.claim_id,
        payer_id=claim.payer_id,
        how=denial.closed,
        way=denial.last_way,
        recovered=denial.recovered.total,
        closed_on=denial.closed_on,
    )
