"""The payer's edits: families of rules, each an entry with an id, what it looks at, and how it denies."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from deploy.local.payers.model.base import RULE_ID, CodeRange, Denial, Modifier, Part, Scope
from deploy.local.payers.model.front_end import Element


class Rule(Scope):
    """One edit: id and denial."""

    id: str = Field(pattern=RULE_ID)
    denial: Denial


class Missing(Rule):
    """Lines that must carry an element."""

    element: Element


class Retired(Part):
    """Procedure codes no longer valid on the date of service, with what replaces them."""

    id: str = Field(pattern=RULE_ID)
    denial: Denial
    codes: dict[str, str] = Field(min_length=1)


class Unspecific(Part):
    """Diagnosis codes that are not specific enough, with what the record would support."""

    id: str = Field(pattern=RULE_ID)
    denial: Denial
    codes: dict[str, str] = Field(min_length=1)


class Modifiers(Rule):
    """Lines that need one of these modifiers, always or only beside another procedure on the same day."""

    needs: tuple[Modifier, ...] = Field(min_length=1)
    beside: tuple[CodeRange, ...] = ()


class Places(Rule):
    """Procedures that may only be done at some places of service."""

    allowed: tuple[str, ...] = Field(min_length=1)


class Patients(Rule):
    """Procedures for one sex, or for an age in full years on the date of service."""

    sex: Literal["F", "M"] | None = None
    least_age: int = Field(default=0, ge=0)
    most_age: int = Field(default=150, ge=0)


class Diagnoses(Rule):
    """Procedures that need a diagnosis from a list (local coverage policy, or plain consistency).

    `record_decides`: the coded diagnosis falls short, yet the medical record may meet the policy: an appeal with the
    record wins where the hidden fact says so. False: only a better code helps.
    """

    covered: tuple[str, ...] = Field(min_length=1)
    """Prefixes of ICD-10-CM codes without the dot."""
    record_decides: bool = False


class Authorization(Rule):
    """Procedures that need an authorisation that the payer has on file."""

    retro_days: int = Field(default=0, ge=0)
    """From the service: an authorisation given afterwards still counts."""
    emergency_exempt: bool = True
    wrong_number: Denial | None = None
    """The number on the claim is not on file, or is for another service; absent: the same as missing."""
    units_used_up: Denial | None = None


class Referral(Rule):
    """Procedures that need a referral number (REF*9F)."""


class Bundle(Rule):
    """A PTP pair: `procedures` (column 2) is not paid beside `column_one` on the same day.

    Indicator 0: never. Indicator 1: paid with one of the modifiers.
    """

    column_one: tuple[CodeRange, ...] = Field(min_length=1)
    indicator: int = Field(default=1, ge=0, le=1)
    modifiers: tuple[Modifier, ...] = ("59", "XS", "XU", "XP", "XE")


class Units(Part):
    """Medically unlikely edits: the most units a line (MAI 1) or a day (MAI 2, 3)."""

    id: str = Field(pattern=RULE_ID)
    denial: Denial
    most: dict[str, Annotated[int, Field(ge=0)]] = Field(min_length=1)
    by_day: bool = False


class GlobalPeriod(Rule):
    """Visits within the days after a procedure belong to it, unless a modifier says otherwise."""

    surgeries: tuple[CodeRange, ...] = Field(min_length=1)
    days: int = Field(ge=1, le=90)
    modifiers: tuple[Modifier, ...] = ("24", "25", "57", "79")


class Frequency(Rule):
    """A service paid so often within so many days is not paid again."""

    times: int = Field(ge=1)
    days: int = Field(ge=1)


class Excluded(Rule):
    """Services that the plan does not cover."""


class Documents(Rule):
    """Services that wait for a record: denied with a request unless the claim announces an attachment (PWK)."""

    kinds: tuple[str, ...] = Field(min_length=1)


class ProviderTypes(Rule):
    """Services that only some kinds of provider may bill: taxonomy prefixes of the rendering provider."""

    taxonomies: tuple[str, ...] = Field(min_length=1)


class FilingLimit(Part):
    """When a claim is late. `days` is the payer's true limit, by plan where `plans` says so."""

    days: int | None = Field(default=None, ge=1)
    """Absent: `published.filing_days`."""
    plans: dict[str, int] = Field(default_factory=dict)
    denial: Denial = Denial(carc="29")


class Rules(Part):
    """All edits. They are tried in this order; the first one that speaks denies the line."""

    filing_limit: FilingLimit = FilingLimit()
    duplicates: Denial = Denial(group="OA", carc="18", rarcs=("N522",))
    retired: tuple[Retired, ...] = ()
    unspecific: tuple[Unspecific, ...] = ()
    missing: tuple[Missing, ...] = ()
    modifiers: tuple[Modifiers, ...] = ()
    places: tuple[Places, ...] = ()
    patients: tuple[Patients, ...] = ()
    provider_types: tuple[ProviderTypes, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    authorization: tuple[Authorization, ...] = ()
    referral: tuple[Referral, ...] = ()
    units: tuple[Units, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    global_periods: tuple[GlobalPeriod, ...] = ()
    frequency: tuple[Frequency, ...] = ()
    diagnoses: tuple[Diagnoses, ...] = ()
    documents: tuple[Documents, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        seen: set[str] = set()
        for name in type(self).model_fields:
            family = getattr(self, name)
            for rule in family if isinstance(family, tuple) else ():
                if rule.id in seen:
                    raise ValueError(f"the rule id {rule.id} stands twice; give each rule its own")
                seen.add(rule.id)
        return self
