"""Interchange (ISA), functional group (GS) and interchange acknowledgement (TA1)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from schemas.x12.records.base import TransactionSet


@dataclass(slots=True, frozen=True)
class InterchangeAck:
    """TA1: the answer to one interchange; code A accepted, E accepted with errors, R rejected; note 000-031."""

    control_number: str
    date: dt.date | None = None
    time: str = ""
    code: str = "A"
    note: str = "000"
    position: int = field(default=0, compare=False)


@dataclass(slots=True)
class Group:
    """GS to GE. Empty `functional_id`, `version`, `sender`, `receiver`, `date` and `time` are taken by the writer from the
    transactions and from the interchange. `control_number` is GS06. `said` is the count of GE01 as it came, None without one."""

    control_number: str = ""
    transactions: list[TransactionSet] = field(default_factory=list)
    functional_id: str = ""
    sender: str = ""
    receiver: str = ""
    date: dt.date | None = None
    time: str = ""
    agency: str = "X"
    version: str = ""
    position: int = field(default=0, compare=False)
    said: int | None = field(default=None, compare=False)


@dataclass(slots=True)
class Interchange:
    """ISA to IEA. `control_number` is ISA13 (nine digits), `usage` P or T, `time` HHMM, ids at most 15 characters."""

    sender: str
    receiver: str
    control_number: str
    date: dt.date | None = None
    time: str = "0000"
    usage: str = "P"
    version: str = "00501"
    groups: list[Group] = field(default_factory=list)
    acks: list[InterchangeAck] = field(default_factory=list)
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    ack_requested: str = "0"
    authorization_qualifier: str = "00"
    authorization: str = ""
    security_qualifier: str = "00"
    security: str = ""
    position: int = field(default=0, compare=False)
