"""Which ways out of a denial to try, in order (DOMAIN §6), by category and kind of payer."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from schemas.codes.editions import Edition, edition_on

Finding = Literal["patient_liable", "authorization_on_claim", "notice_signed", "evidence", "supported"]
StepWay = Literal[
    "correction", "new_claim", "documents", "reconsideration", "appeal", "next_payer", "bill_patient", "write_off"
]
PayerKind = Literal["medicare", "medicaid", "commercial"]


class Step(BaseModel):
    """One way to try, and when it makes sense."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    way: StepWay
    """`correction` stands for the form of corrected claim that the payer takes."""
    when: tuple[Finding, ...] = ()
    unless: tuple[Finding, ...] = ()
    payers: tuple[PayerKind, ...] = ()
    """Empty: every kind."""

    def fits(self, kind: str, findings: frozenset[str]) -> bool:
        """Whether this step makes sense for a payer of this kind with what was found."""
        if self.payers and kind not in self.payers:
            return False
        return findings.issuperset(self.when) and findings.isdisjoint(self.unless)


class DenialWays(Edition):
    """The steps of each category."""

    categories: dict[str, tuple[Step, ...]]


def denial_ways(day: date) -> DenialWays:
    """The table in force on a day."""
    return edition_on("denial_ways.yaml", DenialWays, day)
