"""How triage spends effort and time; amounts in cents, times in days."""

from datetime import date

from pydantic import Field

from schemas.codes.editions import Edition, edition_on


class TriagePolicy(Edition):
    """Limits of one edition."""

    costs: dict[str, int]
    """What a way costs us; a way that is not listed costs nothing."""
    further_level_cost: int = Field(ge=0)
    """Of an appeal at level 2 or higher."""
    transit_days: int = Field(ge=0)
    """From our decision until the payer has it."""
    correction_days: int = Field(ge=1)
    """A partner's time to answer a request for a correction."""
    payment_days: int = Field(ge=1)
    """From a decision in our favour until its money must be here."""
    decision_grace_days: int = Field(ge=0)
    """Beyond the payer's own time to decide, before we stop waiting."""
    urgent_days: int = Field(ge=0)
    """A last day that is this near does not wait for another way on the same claim."""
    ledger_days: int = Field(ge=1)
    """Until a release to the patient or a write-off must stand in the claim's ledger."""
    max_attempts: int = Field(ge=1)
    """Ways tried for one denial; then a person decides."""
    write_off_alone_cents: int = Field(ge=0)
    """A denial of more than this is written off only when a person says so."""
    person_days: int = Field(ge=1)
    """By when a person must choose; then they are asked again."""

    def cost(self, way: str, level: int) -> int:
        """Cents that going this way costs us."""
        kind = "correction" if way in ("new_claim", "replacement", "reopening") else way
        return self.further_level_cost if kind == "appeal" and level > 1 else self.costs.get(kind, 0)


def triage_policy(day: date) -> TriagePolicy:
    """The policy in force on a day."""
    return edition_on("triage_policy.yaml", TriagePolicy, day)
