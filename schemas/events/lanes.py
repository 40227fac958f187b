"""clearinghouse.lanes.v1: the clearinghouse's own hop to a lane: answers that concern it whole, by its key and partition; what a
payer's file is answered with, by the file's sha256."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.events.envelope import EventData
from schemas.events.values import Value


class SetVerdict(Value):
    """999 AK2/IK5 of one ST."""

    set_control: str
    """AK202: our ST02."""
    verdict: str
    """IK501: A, E, R, M, W, X."""
    codes: tuple[str, ...] = ()


class GroupAcknowledged(EventData):
    """A 999 (or a TA1 that refuses the interchange) about a group that a lane sent."""

    TYPE: ClassVar[str] = "overturn.clearinghouse.group_acknowledged.v1"
    TOPIC: ClassVar[str] = "clearinghouse.lanes.v1"

    group_control: str
    """AK102: our GS06."""
    group_verdict: str
    """AK901: A, E, P, R."""
    sets: tuple[SetVerdict, ...]
    answered_on: date


class ElementNote(Value):
    """999 IK4: what is wrong with one element, never what stands in it."""

    element: int
    """IK401-1: its place in the segment."""
    code: str
    """IK403."""


class SegmentNote(Value):
    """999 IK3: what is wrong with one segment."""

    segment: str
    position: int
    """IK302: its place in the set, ST = 1."""
    loop: str = ""
    code: str = ""
    """IK304."""
    elements: tuple[ElementNote, ...] = ()


class SetReceived(Value):
    """999 AK2 and IK5 of one ST that a payer sent."""

    set_id: str
    control: str
    """ST02."""
    version: str = ""
    verdict: str = Field(pattern=r"^[AER]$")
    reasons: tuple[str, ...] = ()
    """IK502 to IK506."""
    segments: tuple[SegmentNote, ...] = ()


class GroupReceived(EventData):
    """A functional group of a payer that wants a 999 for it: what the 999 says."""

    TYPE: ClassVar[str] = "overturn.clearinghouse.group_received.v1"
    TOPIC: ClassVar[str] = "clearinghouse.lanes.v1"

    payer_id: str
    functional_id: str
    """AK101: their GS01."""
    group_control: str
    """AK102: their GS06."""
    version: str
    """AK103: their GS08."""
    verdict: str = Field(pattern=r"^[AEPR]$")
    included: int
    received: int
    accepted: int
    reasons: tuple[str, ...] = ()
    """AK905 to AK909."""
    sets: tuple[SetReceived, ...] = ()


class InterchangeReceived(EventData):
    """An interchange of a payer that asks for a TA1 (ISA14 = 1), or that cannot be used: what the TA1 says."""

    TYPE: ClassVar[str] = "overturn.clearinghouse.interchange_received.v1"
    TOPIC: ClassVar[str] = "clearinghouse.lanes.v1"

    payer_id: str
    control_number: str = Field(pattern=r"^[0-9]{9}$")
    """TA101: their ISA13."""
    made_on: date
    """TA102: their ISA09; the day of reading where that is no date."""
    made_at: str = Field(pattern=r"^[0-9]{4}$")
    """TA103: their ISA10."""
    verdict: str = Field(pattern=r"^[AER]$")
    note: str = Field(pattern=r"^[0-9]{3}$")
    """TA105."""
