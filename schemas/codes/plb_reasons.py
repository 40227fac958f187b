"""Whose money a provider adjustment (835 PLB) moves."""

from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.codes.dated import CodeTable, Row, remembered
from schemas.codes.editions import Edition, edition_on, editions

PlbClass = Literal["owed_to_payers", "provider_level", "unapplied"]


class PlbReason(BaseModel):
    """One value of PLB03-1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plb_class: PlbClass = Field(alias="class")
    about: str
    takes_back: bool = False
    """Whether, naming a claim, it takes back or returns what was paid on that claim (DOMAIN §5, second kind)."""


class PlbReasons(Edition):
    """PLB03-1 values."""

    reasons: dict[str, PlbReason]


def plb_class(reason: str, day: date) -> PlbClass:
    """The class of a PLB reason on a day; `unapplied` for a reason that the table does not know. Raises TableError."""
    known = _known(reason, day)
    return known.plb_class if known else "unapplied"


def takes_back(reason: str, day: date) -> bool:
    """Whether the reason takes back or returns what was paid on the claim that PLB03-2 names. Raises TableError."""
    known = _known(reason, day)
    return known is not None and known.takes_back


@remembered()
def plb_table() -> CodeTable:
    """The reasons as a code table by date: the oldest edition reaches back for ever. Raises TableError."""
    every = editions("plb_reasons.yaml", PlbReasons)
    ends = [edition.effective_from - timedelta(1) for edition in every[1:]] + [date.max]
    begins = [date.min] + [edition.effective_from for edition in every[1:]]
    rows = [
        Row({"code": code, "meaning": reason.about}, since, until)
        for edition, since, until in zip(every, begins, ends, strict=True)
        for code, reason in edition.reasons.items()
    ]
    return CodeTable("plb_reasons.yaml", rows)


def _known(reason: str, day: date) -> PlbReason | None:
    return edition_on("plb_reasons.yaml", PlbReasons, day).reasons.get(reason)
