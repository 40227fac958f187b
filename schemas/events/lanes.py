"""clearinghouse.lanes.v1: the clearinghouse's own hop: answers that concern a whole lane. Key: lane; its partition."""

from datetime import date
from typing import ClassVar

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
