"""Values that many parts of a payer's policy share."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from deploy.local.payers.model.listed import CARCS, LISTED_STATUS, RARCS, listed


def _forwards(codes: str) -> str:
    low, _, high = codes.partition("-")
    if high and high < low:
        raise ValueError("the range ends before it begins; exchange its ends")
    return codes


CodeRange = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{5}(-[A-Z0-9]{5})?$"), AfterValidator(_forwards)]
"""A HCPCS or CPT code, or a range of them with both ends in it: `99202-99215`."""
Carc = Annotated[str, StringConstraints(pattern=r"^[A-Z]{0,2}[0-9]{1,3}$"), listed("CARC", CARCS)]
Rarc = Annotated[str, StringConstraints(pattern=r"^(M|MA|N)[0-9]{1,4}$"), listed("RARC", RARCS)]
Status = Annotated[str, StringConstraints(pattern=r"^A[3678]:[0-9]{1,3}(:[A-Z0-9]{2,3})?$"), LISTED_STATUS]
"""STC01 of a 277CA that rejects: category, claim status code, entity (`A7:562:85`)."""
Pended = Annotated[str, StringConstraints(pattern=r"^P[0-9]:[0-9]{1,3}$"), LISTED_STATUS]
"""STC01 of a 277 about a claim that waits: category, claim status code (`P1:46`)."""
Share = Annotated[float, Field(ge=0, le=1)]
Modifier = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2}$")]
RULE_ID = r"^[a-z][a-z0-9_]{1,39}$"

CAUSES = (
    "registration",
    "claim_data",
    "authorization",
    "not_covered",
    "documents",
    "necessity",
    "late",
    "coding",
    "provider",
    "other",
)
"""The ten rows of the mix of initial denials (DOMAIN §8)."""


class Part(BaseModel):
    """A part of a policy: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Denial(Part):
    """How a denial is said: CAS group, CARC, RARCs (MA-codes go to MOA, the others to LQ*HE of the line)."""

    group: str = Field(default="CO", pattern=r"^(CO|PR|OA|PI)$")
    carc: Carc
    rarcs: tuple[Rarc, ...] = Field(default=(), max_length=4)
    notice_group: str | None = Field(default=None, pattern=r"^PR$")
    """The group where the line carries modifier GA (the patient signed a notice of non-coverage)."""


class Days(Part):
    """A span drawn for each claim, both ends in it."""

    least: int = Field(ge=1, le=365)
    most: int = Field(ge=1, le=365)


class Scope(Part):
    """Which service lines a rule looks at; an empty list means all."""

    procedures: tuple[CodeRange, ...] = ()
    places: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()


def covers(ranges: tuple[str, ...], code: str) -> bool:
    """Whether `code` is in one of the ranges; an empty tuple covers nothing."""
    for entry in ranges:
        low, _, high = entry.partition("-")
        if low <= code <= (high or low):
            return True
    return False


def starts_with(prefixes: tuple[str, ...], code: str) -> bool:
    """Whether an ICD-10-CM code (no dot) begins with one of the prefixes."""
    return any(code.startswith(prefix) for prefix in prefixes)


def valid_pattern(text: str) -> str:
    """Check a regular expression of a policy; raises ValueError."""
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    return text
