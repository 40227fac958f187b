"""What a payer has in hand on one day."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from deploy.local.payers.answers.files import Outbox
from deploy.local.payers.answers.remittance import Answered, Check
from deploy.local.payers.deciding.claim import ClaimFacts
from deploy.local.payers.deciding.context import Context, PastLine
from deploy.local.payers.deciding.members import Member, Members
from deploy.local.payers.deciding.pricing import Purse
from deploy.local.payers.desk.store import ANSWERED, Row, Store
from deploy.local.payers.model.base import covers
from deploy.local.payers.model.clocks import WEEKDAYS
from deploy.local.payers.model.payer import PayerModel


@dataclass(slots=True)
class Desk:
    """One payer, one day."""

    payer: PayerModel
    members: Members
    store: Store
    day: date
    seed: int
    out: Outbox
    checks: dict[str, Check] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The payer's id."""
        return self.payer.payer_id

    def member(self, facts: ClaimFacts) -> Member | None:
        """The member that a claim names."""
        return self.members.find(self.id, facts.member_id, facts.patient)

    def member_key(self, facts: ClaimFacts) -> str:
        """Under which number a member's history is kept."""
        found = self.member(facts)
        return found.member_id if found else facts.member_id

    def context(self, facts: ClaimFacts, without: frozenset[int] = frozenset()) -> Context:
        """A claim in front of the edits, with the member's history but for some rows."""
        history: list[PastLine] = []
        for row in self.history(facts, without):
            history += past_lines(row)
        return Context(self.payer, facts, self.member(facts), tuple(history))

    def history(self, facts: ClaimFacts, without: frozenset[int]) -> list[Row]:
        """The member's answers that stand."""
        rows = self.store.claims(self.id, "member_key = ? AND state = ?", self.member_key(facts), ANSWERED)
        return [row for row in rows if row.id not in without]

    def purse(self, facts: ClaimFacts, without: frozenset[int]) -> Purse:
        """What the member has used of the year of the claim's first service."""
        purse = Purse()
        plan = self.payer.benefits.plan(self.context_plan(facts))
        for row in self.history(facts, without):
            if row.decision is None or row.facts.service_date.year != facts.service_date.year:
                continue
            purse.deductible += row.decision.deductible
            purse.out_of_pocket += row.decision.out_of_pocket
            for at, limit in enumerate(plan.maximums):
                paid = sum(line.paid for line in row.decision.lines if covers(limit.procedures, line.procedure))
                purse.maximums[at] = purse.maximums.get(at, 0) + paid
        return purse

    def context_plan(self, facts: ClaimFacts) -> str:
        """The name of the member's plan, empty where the member is unknown."""
        found = self.member(facts)
        return found.plan if found else ""

    def pay(self, one: Answered) -> None:
        """Put an answer on its payee's check of the day."""
        facts = one.facts
        check = self.check(facts)
        check.claims.append(one)
        if one.interest:
            check.levels.append(("L6", one.control, -one.interest))

    def check(self, facts: ClaimFacts) -> Check:
        """The day's check of a claim's billing provider."""
        name = facts.billing_name or "PROVIDER"
        return self.checks.setdefault(facts.billing_npi, Check(facts.billing_npi, name, facts.billing_tax_id))

    def payday(self, earliest: date) -> date:
        """The first day from `earliest` on which this payer pays."""
        days = self.payer.clocks.payment_weekdays
        while days and WEEKDAYS[earliest.weekday()] not in days:
            earliest += timedelta(days=1)
        return earliest

    def control(self, received_on: date) -> str:
        """The next payer claim control number of a day."""
        day = f"{received_on:%y%j}"
        last = self.store.last_control(self.id, day)
        return f"{day}{int(last[len(day) :] or 0) + 1:06d}"


def past_lines(row: Row) -> list[PastLine]:
    """The lines of an answer that were allowed."""
    if row.decision is None:
        return []
    facts = row.facts
    return [
        PastLine(
            claim_id=row.claim_id,
            procedure=line.procedure,
            modifiers=line.modifiers,
            service_date=line.service_date,
            rendering_npi=facts.rendering_npi or facts.billing_npi,
            units=line.units,
            authorization=facts.authorization,
            paid=line.paid,
        )
        for line in row.decision.lines
        if not line.rule
    ]
