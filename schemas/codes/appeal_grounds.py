"""On what grounds a denial is appealed, with the argument that goes into the packet; and the house's limits."""

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.codes.editions import Edition, edition_on
from schemas.events.values import Document


class Ground(BaseModel):
    """An argument; `statement` holds no PHI."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    statement: str


class GroundChoice(BaseModel):
    """A ground of a category, and what the evidence must show for it; empty: nothing in particular."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ground: str
    shows: tuple[str, ...] = ()


class AppealGrounds(Edition):
    """Grounds, and the limits within which appeals are filed."""

    approval_above_cents: int = Field(ge=0)
    """An appeal about more than this waits for a person."""
    approval_days: int = Field(ge=1)
    """Then it is filed without an answer."""
    transit_days: int = Field(ge=0)
    """From filing until the payer has it."""
    decision_grace_days: int = Field(ge=0)
    """Beyond the payer's own time to decide, before an appeal counts as undecided."""
    grounds: dict[str, Ground]
    categories: dict[str, tuple[GroundChoice, ...]]
    otherwise: str

    @model_validator(mode="after")
    def _grounds_exist(self) -> Self:
        used = {choice.ground for choices in self.categories.values() for choice in choices} | {self.otherwise}
        if missing := used - set(self.grounds):
            raise ValueError(f"grounds {sorted(missing)} are used but not described; add them under `grounds`")
        return self

    def choose(self, category: str, packet: tuple[Document, ...]) -> str:
        """Code of the ground for a category with these documents."""
        shown = {support for document in packet for support in document.supports}
        choices = self.categories.get(category, ())
        fitting = [choice.ground for choice in choices if not choice.shows or shown.intersection(choice.shows)]
        return fitting[0] if fitting else self.otherwise

    def statement(self, ground: str, codes: tuple[str, ...]) -> str:
        """The argument of a ground about these denial codes."""
        return self.grounds[ground].statement.format(codes=", ".join(codes))


def appeal_grounds(day: date) -> AppealGrounds:
    """The table in force on a day."""
    return edition_on("appeal_grounds.yaml", AppealGrounds, day)
