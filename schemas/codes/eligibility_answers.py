"""What the codes of a 271 say of a coverage."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from schemas.codes.editions import Edition, edition_on

CoverageStatus = Literal["active", "inactive", "not_found", "payer_unavailable", "other_payer"]


class AnswerCode(BaseModel):
    """One EB01 or AAA03 value and the status of the coverage that it stands for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: CoverageStatus
    about: str


class EligibilityAnswers(Edition):
    """EB01 values (`benefits`) and AAA03 values (`rejects`)."""

    benefits: dict[str, AnswerCode]
    rejects: dict[str, AnswerCode]


def eligibility_answers(day: date) -> EligibilityAnswers:
    """The table in force on a day; raises TableError."""
    return edition_on("eligibility_answers.yaml", EligibilityAnswers, day)
