"""How long a payer takes. A file is received on its ISA09 date; all days count from there."""

from typing import Literal, Self

from pydantic import Field, model_validator

from deploy.local.payers.model.base import Days, Part, Pended, Scope, Share

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Interest(Part):
    """Simple interest on claims that are paid late: AMT*I on the claim, PLB L6 on the payment."""

    after_days: int = Field(ge=1, le=365)
    annual_percent: float = Field(gt=0, le=30)


class Pend(Scope):
    """Claims that wait longer before they are decided; a 276 meanwhile is answered with `status`."""

    charge_at_least_cents: int = Field(default=0, ge=0)
    days: int = Field(ge=1, le=365)
    status: Pended = "P1:46"


class Clocks(Part):
    """All of a payer's clocks, in days."""

    answer_271_days: int = Field(default=1, ge=1, le=30)
    ack_999_days: int = Field(default=1, ge=1, le=30)
    ack_277ca_days: int = Field(default=1, ge=1, le=30)
    answer_277_days: int = Field(default=1, ge=1, le=30)
    adjudication_days: Days = Days(least=7, most=14)
    payment_floor_days: int = Field(default=0, ge=0, le=60)
    payment_weekdays: tuple[Weekday, ...] = ()
    pends: tuple[Pend, ...] = ()
    lost_share: Share = 0.0
    late_share: Share = 0.0
    late_days: int = Field(default=0, ge=0, le=180)
    interest: Interest | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.ack_277ca_days < self.ack_999_days:
            raise ValueError("ack_277ca_days is below ack_999_days; a claim is acknowledged after its file")
        if self.adjudication_days.least < self.ack_277ca_days:
            raise ValueError("adjudication_days.least is below ack_277ca_days; raise it")
        if self.adjudication_days.most < self.adjudication_days.least:
            raise ValueError("adjudication_days.most is below least; exchange them")
        if bool(self.late_share) != bool(self.late_days):
            raise ValueError("late_share and late_days work together; give both or none")
        return self
