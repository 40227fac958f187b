"""What is turned away before adjudication: whole sets by the 999, claims by the 277CA."""

from typing import Literal

from pydantic import Field

from deploy.local.payers.model.base import RULE_ID, Part, Scope, Status

Element = Literal["referring_provider", "taxonomy", "ndc", "group_number", "diagnosis_pointer_2"]
"""Elements of a professional claim that a payer may insist on: NM1*DN, PRV03 of the rendering provider, LIN03,
SBR03, a second diagnosis pointer."""


class SetRule(Scope):
    """A 999 for the whole ST that holds such a line: E accepts with errors, R rejects every claim of the set."""

    id: str = Field(pattern=RULE_ID)
    code: Literal["E", "R"]
    segment: str = Field(pattern=r"^[A-Z][A-Z0-9]{1,2}$")
    error: str = Field(default="8", pattern=r"^[0-9I]{1,3}$")
    """IK304."""


class RejectMissing(Scope):
    """Lines that must carry an element; without it the claim is rejected."""

    id: str = Field(pattern=RULE_ID)
    element: Element
    status: Status


class RejectRetired(Part):
    """Procedure codes that are no longer valid, with what replaces them."""

    id: str = Field(pattern=RULE_ID)
    codes: dict[str, str] = Field(min_length=1)
    status: Status


class RejectUnspecific(Part):
    """Diagnosis codes that are not specific enough, with what the record would support."""

    id: str = Field(pattern=RULE_ID)
    codes: dict[str, str] = Field(min_length=1)
    status: Status


class FrontEnd(Part):
    """The front end's rules, in the order in which they are looked at."""

    unknown_member: Status | None = None
    """Absent: a claim of an unknown member is taken in and denied (`members.not_found`)."""
    missing: tuple[RejectMissing, ...] = ()
    retired: tuple[RejectRetired, ...] = ()
    unspecific: tuple[RejectUnspecific, ...] = ()
    sets: tuple[SetRule, ...] = ()
