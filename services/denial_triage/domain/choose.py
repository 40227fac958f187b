"""Which way to take next: the first step of the table that fits, is still in time and is worth its cost."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from schemas.codes.denial_ways import Step, denial_ways
from schemas.codes.triage_policy import TriagePolicy, triage_policy
from schemas.codes.win_rates import win_rates
from schemas.directory import PayerDirectory, PayerProfile
from schemas.events.values import Cents
from services.denial_triage.domain.encounter import EncounterFacts
from services.denial_triage.domain.findings import findings
from services.denial_triage.domain.model import ENDS, PACKETS, RESENDS, ClaimDenials, Denial, OpenWay
from services.denial_triage.domain.ways import Candidate, asked_for, candidate, give_up_on


@dataclass(frozen=True, slots=True)
class Desk:
    """What a decision stands on besides the denial itself."""

    profile: PayerProfile
    facts: EncounterFacts
    today: date
    directory: PayerDirectory

    @property
    def policy(self) -> TriagePolicy:
        """The house's policy of the day."""
        return triage_policy(self.today)


def candidates(denial: Denial, claim: ClaimDenials, desk: Desk) -> Iterator[Candidate]:
    """The ways that fit, in the table's order, that are not tried, in time and worth it."""
    found = findings(denial, claim, desk.profile, desk.facts)
    for step in denial_ways(denial.denied_on).categories[denial.category]:
        if not step.fits(desk.profile.kind, found):
            continue
        way = _way(step, denial, claim, desk)
        if way is None or _tried(denial, way) or way.last_day < _arrival(way, desk):
            continue
        if way.way in ENDS or worth(denial, way, found, desk) > 0:
            yield way


def worth(denial: Denial, way: Candidate, found: frozenset[str], desk: Desk) -> Cents:
    """Expected cents of going this way now, its cost taken off."""
    percent = win_rates(denial.denied_on).percent(way.way, denial.category, found, way.level)
    return denial.cents * percent // 100 - desk.policy.cost(way.way, way.level)


def priority(denial: Denial, claim: ClaimDenials, desk: Desk) -> tuple[int, date]:
    """Expected cents per day left of the best way to go now, and its last day; (0, today) where there is none."""
    found = findings(denial, claim, desk.profile, desk.facts)
    way = next(candidates(denial, claim, desk), None)
    if way is None or way.way in ENDS:
        return 0, desk.today if way is None else way.last_day
    return max(0, worth(denial, way, found, desk)) // max(1, (way.last_day - desk.today).days), way.last_day


def choose(denial: Denial, claim: ClaimDenials, desk: Desk, only: str = "") -> OpenWay | None:
    """The way to open now (of one kind where `only` says so); None where none is left to the table, or where another way
    on the claim comes first."""
    if denial.attempts >= desk.policy.max_attempts:
        return None
    way = next((found for found in candidates(denial, claim, desk) if only in ("", found.way)), None)
    if way is not None and way.way in RESENDS:
        way = appeal_running_out(denial, claim, desk) or way
    if way is None or must_wait(denial, claim, way, desk) or too_much_to_write_off(denial, way, desk):
        return None
    return open_way(denial, claim, way, desk)


def too_much_to_write_off(denial: Denial, way: Candidate, desk: Desk) -> bool:
    """Whether giving it up needs a person's yes."""
    return way.way == "write_off" and denial.cents > desk.policy.write_off_alone_cents


def appeal_running_out(denial: Denial, claim: ClaimDenials, desk: Desk) -> Candidate | None:
    """An appeal whose last day is near: a correction does not stop its clock (DOMAIN §6)."""
    near = desk.today + timedelta(days=desk.policy.urgent_days + desk.policy.transit_days)
    appeals = (way for way in candidates(denial, claim, desk) if way.way == "appeal" and way.last_day <= near)
    return next(appeals, None)


def open_way(denial: Denial, claim: ClaimDenials, way: Candidate, desk: Desk) -> OpenWay:
    """The way as the denial keeps it."""
    return OpenWay(
        way=way.way,
        level=way.level,
        step=way.step,
        attempt=denial.attempts + 1,
        chosen_on=desk.today,
        last_day=way.last_day,
        give_up_on=give_up_on(way, desk.profile, desk.policy, desk.today),
        version=claim.version,
    )


def wished(denial: Denial, claim: ClaimDenials, desk: Desk | None, today: date) -> OpenWay:
    """The way that a person asked for, with this payer's last day where we know its rules."""
    policy = triage_policy(today)
    found = asked_for(denial.wish, denial, claim, desk.profile) if desk else None
    found = found or Candidate(denial.wish, denial.wish, today + timedelta(days=policy.ledger_days))
    until = give_up_on(found, desk.profile, policy, today) if desk else found.last_day
    return OpenWay(
        way=found.way,
        level=found.level,
        step=found.step,
        attempt=denial.attempts + 1,
        chosen_on=today,
        last_day=found.last_day,
        give_up_on=until,
        version=claim.version,
        by_person=True,
    )


def must_wait(denial: Denial, claim: ClaimDenials, way: Candidate, desk: Desk) -> bool:
    """A corrected claim answers every line again: it runs alone on a claim, unless the last day is near."""
    others = [d.way.way for d in claim.denials if d.open and d.way and d.denial_id != denial.denial_id]
    near = desk.today + timedelta(days=desk.policy.urgent_days + desk.policy.transit_days)
    if way.way not in ENDS and way.last_day <= near:
        return False
    if way.way in RESENDS:
        return any(other in RESENDS or other in PACKETS for other in others)
    return any(other in RESENDS for other in others)


def _way(step: Step, denial: Denial, claim: ClaimDenials, desk: Desk) -> Candidate | None:
    """The step as a way. A claim that belongs to another payer is in time while any payer still takes a new one: who it is
    the partner tells, and that payer's own limit is kept when it is sent."""
    way = candidate(step, denial, claim, desk.profile, desk.policy, desk.today)
    if way is None or step.way != "new_claim" or claim.service_date is None:
        return way
    return replace(way, last_day=desk.directory.last_filing_day(claim.service_date))


def _tried(denial: Denial, way: Candidate) -> bool:
    return f"{denial.category}:{way.key}" in denial.tried


def _arrival(way: Candidate, desk: Desk) -> date:
    return desk.today + timedelta(days=0 if way.way in ENDS else desk.policy.transit_days)
