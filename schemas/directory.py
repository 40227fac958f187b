"""The payer directory: what a billing company knows of its payers from contracts and provider manuals.

One YAML file, named by `OVERTURN_DIRECTORY`; services read it at start. It holds what a payer publishes, never how a
payer decides. All limits are days; a limit counts from the date its docstring names.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

MOST_DAYS = 36_500
"""A century: a longer limit is a slip of the pen, and no date can bear it."""
CORRECTED_ANSWER_DAYS = 14
"""Where nothing is known of the payer: its next weekly payment cycle and the mail."""


if TYPE_CHECKING:
    from schemas.x12.companion import Guide

SENT_SETS = ("837", "270", "276")
AnswerSet = Literal["271", "277", "277CA", "835"]
"""What payers send that a 999 can answer."""


class DirectoryError(ValueError):
    """The directory file cannot be used; the message names file, place and remedy."""


class AppealLevel(BaseModel):
    """One level of appeal, in the payer's own words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: int = Field(ge=1, le=5)
    name: str
    addressee: str
    """Where this level must be sent; another addressee is dismissed."""
    days_to_file: int = Field(ge=1, le=MOST_DAYS)
    """From the denial (level 1) or from the decision before."""
    decision_days: int = Field(ge=1, le=MOST_DAYS)
    """From filing: when a decision is due."""


class PayerProfile(BaseModel):
    """One payer's published rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    payer_id: str = Field(pattern=r"^[A-Z0-9_]{2,30}$")
    name: str = Field(min_length=1, max_length=60)
    kind: str = Field(pattern=r"^(medicare|medicaid|commercial)$")
    filing_indicator: str = Field(min_length=2, max_length=2)
    """SBR09: MB, MC, CI, BL, HM …"""
    interchange_id: str = Field(min_length=2, max_length=15)
    """ISA08 of what we send, ISA06 of what they send."""
    filing_days: int = Field(ge=1, le=MOST_DAYS)
    """From the date of service: new claims (frequency 1)."""
    accepts_frequencies: tuple[str, ...] = ("1", "7", "8")
    corrected_claim_days: int = Field(default=180, ge=0, le=MOST_DAYS)
    """From the remittance: replacement (7) and void (8)."""
    reopening_days: int = Field(default=0, ge=0, le=MOST_DAYS)
    """From the remittance: clerical-error reopening; 0 where the payer knows none (42 CFR 405.980 for Medicare)."""
    documents_days: int = Field(default=45, ge=0, le=MOST_DAYS)
    """From the request: documents asked for by CARC 252, 226, 227, 163."""
    acknowledgement_days: int = Field(default=5, ge=1, le=MOST_DAYS)
    """From sending: 277CA expected."""
    adjudication_days: int = Field(default=45, ge=1, le=MOST_DAYS)
    """From acceptance: 835 expected; then a 276 is due."""
    corrected_answer_days: int = Field(default=CORRECTED_ANSWER_DAYS, ge=1, le=MOST_DAYS)
    """From a reversal (835 CLP02 22) whose correction was not beside it: the corrected answer expected."""
    follow_up_days: int = Field(default=14, ge=1, le=MOST_DAYS)
    """From the day on which a claim waits for staff (no answer, lost, not corrected …): worked by then, then again.

    The house's own rule for this payer; two weeks is common practice in follow-up of receivables.
    """
    appeal_levels: tuple[AppealLevel, ...] = ()
    companion_guides: tuple[str, ...] = ()
    """Files with their companion guides (SNIP 7, format: schemas/x12/README.md) for what we send: 837, 270, 276. A relative
    name is beside the file that names it."""
    acknowledged_sets: tuple[AnswerSet, ...] = ()
    """Sets of theirs for which they want our 999 (005010X231A1); a TA1 they ask for in the interchange (ISA14).

    None unless the trading partner agreement says so: CAQH CORE 350 asks for 999s of the 835, but 45 CFR 162.1603(a)(6)
    adopts it without its acknowledgements (162.1403(b) likewise of claim status), and many payers take none.
    """

    def last_filing_day(self, first_service: date) -> date:
        """Last day on which it takes a new claim (frequency 1), counted from the first day of service."""
        return first_service + min(timedelta(days=self.filing_days), date.max - first_service)


class PayerDirectory(BaseModel):
    """All payers by id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    submitter_id: str = Field(default="OVERTURN", min_length=2, max_length=15)
    """ISA06 of what we send."""
    submitter_name: str = "OVERTURN BILLING"
    payers: tuple[PayerProfile, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [payer.payer_id for payer in self.payers]
        if len(ids) != len(set(ids)):
            raise ValueError("payer_id stands twice; give each payer its own")
        return self

    def get(self, payer_id: str) -> PayerProfile | None:
        """The profile of a payer, None where we have no contract or manual of it."""
        return self._by_id.get(payer_id)

    @cached_property
    def _by_id(self) -> dict[str, PayerProfile]:
        return {payer.payer_id: payer for payer in self.payers}

    def last_filing_day(self, first_service: date) -> date:
        """Last day on which any of them takes a new claim: for a claim that belongs to another payer, not known yet."""
        return max((payer.last_filing_day(first_service) for payer in self.payers), default=first_service)


def load_directory(path: Path) -> PayerDirectory:
    """Read and check the directory file; raises DirectoryError."""
    try:
        return PayerDirectory.model_validate(yaml.safe_load(path.read_text("utf-8")) or {})
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise DirectoryError(
            f"{path}: cannot be read as YAML: {error}; set OVERTURN_DIRECTORY to a payer directory"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "file"
        raise DirectoryError(f"{path}: {place}: {first['msg']}") from error


def load_guides(directory: PayerDirectory, folder: Path) -> dict[str, tuple["Guide", ...]]:
    """Every payer's companion guides, by payer id; relative names are below `folder`. Raises DirectoryError."""
    return {payer.payer_id: tuple(guides_of(payer, folder)) for payer in directory.payers if payer.companion_guides}


def guides_of(payer: PayerProfile, folder: Path) -> Iterator["Guide"]:
    """One payer's companion guides; raises DirectoryError with file, rule and remedy."""
    from schemas.x12.companion import GuideError, load_guide

    for name in payer.companion_guides:
        try:
            guide = load_guide(folder / name)
        except GuideError as error:
            raise DirectoryError(f"{payer.payer_id}: companion_guides: {error}") from None
        if guide.set_id not in SENT_SETS:
            raise DirectoryError(
                f"{payer.payer_id}: companion_guides: {name} is about the {guide.set_id}, which we do not send; "
                f"leave it out (we send {', '.join(SENT_SETS)})"
            )
        yield guide
