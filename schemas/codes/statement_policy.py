"""When patients are asked for money and when asking stops; amounts in cents, times in days."""

from datetime import date

from pydantic import Field

from schemas.codes.dated import remembered
from schemas.codes.editions import Edition, edition_on


class StatementPolicy(Edition):
    """Limits of one edition."""

    days_between: int = Field(ge=1)
    """Between two statements to one guarantor."""
    max_statements: int = Field(ge=1)
    """That ask for one account."""
    days_after_last: int = Field(ge=1)
    """From an account's last statement until its balance is bad debt."""
    minimum_cents: int = Field(ge=0)
    """A smaller sum is not asked for; it is forgiven."""
    days_to_pay: int = Field(ge=1)
    """From a statement until its due date."""


@remembered(most=366)
def statement_policy(day: date) -> StatementPolicy:
    """The policy in force on a day."""
    return edition_on("statement_policy.yaml", StatementPolicy, day)
