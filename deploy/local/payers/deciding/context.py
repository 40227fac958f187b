"""What an edit looks at, and what it finds."""

from dataclasses import dataclass, field
from datetime import date

from deploy.local.payers.deciding.claim import ClaimFacts, LineFacts
from deploy.local.payers.deciding.members import Member, Service
from deploy.local.payers.model.base import Denial, Scope, covers
from deploy.local.payers.model.payer import PayerModel


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line that the payer has allowed on an earlier claim of the member and not taken back."""

    claim_id: str
    procedure: str
    modifiers: tuple[str, ...]
    service_date: date
    rendering_npi: str
    units: int
    authorization: str = ""
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """An edit denies a line (its position in the claim)."""

    line: int
    rule: str
    cause: str
    denial: Denial


@dataclass(frozen=True, slots=True)
class Context:
    """A claim in front of a payer's edits. `waived`: (line control, rule id) that an appeal has set aside."""

    payer: PayerModel
    claim: ClaimFacts
    member: Member | None
    history: tuple[PastLine, ...] = ()
    waived: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @property
    def plan(self) -> str:
        """The name of the member's plan."""
        return self.payer.benefits.plan(self.member.plan if self.member else "").name

    def service(self, line: LineFacts) -> Service:
        """Hidden facts of the care on the line's day."""
        return self.member.service(line.service_date) if self.member else Service(service_date=line.service_date)

    def lines(self, scope: Scope) -> list[tuple[int, LineFacts]]:
        """The lines that a rule looks at, with their positions."""
        if scope.plans and self.plan not in scope.plans:
            return []
        return [
            (at, line)
            for at, line in enumerate(self.claim.lines)
            if (not scope.procedures or covers(scope.procedures, line.procedure))
            and (not scope.places or line.place in scope.places)
        ]

    def limit_days(self) -> int:
        """The true filing limit of this member, days from the service."""
        limit = self.payer.rules.filing_limit
        return limit.plans.get(self.plan, limit.days or self.payer.published.filing_days)
