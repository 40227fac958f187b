"""What a service is worth to a payer, and what the member pays of it."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from deploy.local.payers.model.base import CodeRange, Denial, Part, Share

Cents = Annotated[int, Field(ge=0)]
Year = Annotated[int, Field(ge=1966, le=2100)]


class Copay(Part):
    """A fixed amount a line (PR-3); the first that covers the procedure counts."""

    procedures: tuple[CodeRange, ...] = Field(min_length=1)
    cents: int = Field(gt=0)


class Maximum(Part):
    """What the plan pays at most in a calendar year for these procedures; the rest is denied."""

    procedures: tuple[CodeRange, ...] = Field(min_length=1)
    cents: int = Field(gt=0)
    denial: Denial = Denial(group="PR", carc="119")


class Plan(Part):
    """One benefit plan; members belong to one. Deductible and out-of-pocket count by member and calendar year."""

    name: str = Field(pattern=r"^[A-Z][A-Z0-9_]{1,19}$")
    share: float = Field(gt=0)
    deductible_cents: Cents = 0
    deductible_by_year: dict[Year, Cents] = Field(default_factory=dict)
    """Instead, where it changes: by the first calendar year in which it holds."""
    out_of_pocket_cents: int | None = Field(default=None, ge=0)
    coinsurance: Share = 0.0
    copays: tuple[Copay, ...] = ()
    no_deductible: tuple[CodeRange, ...] = ()
    maximums: tuple[Maximum, ...] = ()

    @model_validator(mode="after")
    def _one_deductible(self) -> Self:
        if self.deductible_cents and self.deductible_by_year:
            raise ValueError("deductible_cents stands beside deductible_by_year; keep one of them")
        return self

    def deductible(self, year: int) -> int:
        """Cents of a calendar year: the newest figure that holds by then; before the first, that one."""
        if not self.deductible_by_year:
            return self.deductible_cents
        began = [first for first in self.deductible_by_year if first <= year]
        return self.deductible_by_year[max(began, default=min(self.deductible_by_year))]


class MultipleProcedures(Part):
    """Of several such lines on a day the dearest is paid in full, each next one by its percent (CO-59)."""

    procedures: tuple[CodeRange, ...] = Field(min_length=1)
    percents: tuple[int, ...] = Field(min_length=2)


class Underpayment(Part):
    """The payer's own error: some lines are allowed too little."""

    share: Share
    percent: int = Field(gt=0, lt=100)


class Price(Part):
    """Fee schedule in cents a unit; codes that it lacks are allowed a percent of the charge."""

    fees: dict[str, int] = Field(default_factory=dict)
    default_percent: int = Field(default=60, ge=1, le=150)
    lesser_of_charge: bool = True
    multiple_procedures: MultipleProcedures | None = None
    sequestration_percent: float = Field(default=0.0, ge=0, le=20)
    capitated: tuple[CodeRange, ...] = ()
    underpayment: Underpayment | None = None


class Benefits(Part):
    """The plans that a payer sells."""

    plans: tuple[Plan, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [plan.name for plan in self.plans]
        if len(names) != len(set(names)):
            raise ValueError("a plan's name stands twice; give each its own")
        return self

    def plan(self, name: str) -> Plan:
        """The plan of that name, else the first."""
        return next((plan for plan in self.plans if plan.name == name), self.plans[0])
