"""ISA, GS and TA1 to records and back."""

from __future__ import annotations

import datetime as dt

from schemas.x12.delimiters import Delimiters
from schemas.x12.records.envelope import Group, Interchange, InterchangeAck
from schemas.x12.values import format_date, parse_date


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def read_interchange(texts: list[str], position: int, delimiters: Delimiters) -> Interchange:
    """ISA elements to a record, padding taken off."""
    e = [*texts, *[""] * 17]
    return Interchange(
        sender=e[6].strip(),
        receiver=e[8].strip(),
        control_number=e[13].strip(),
        date=_day(e[9]),
        time=e[10],
        usage=e[15],
        version=e[12],
        sender_qualifier=e[5],
        receiver_qualifier=e[7],
        ack_requested=e[14],
        authorization_qualifier=e[1],
        authorization=e[2].strip(),
        security_qualifier=e[3],
        security=e[4].strip(),
        position=position,
    )


def read_group(texts: list[str], position: int) -> Group:
    """GS elements to a record."""
    e = [*texts, *[""] * 9]
    return Group(e[6], [], e[1], e[2], e[3], _day(e[4]), e[5], e[7], e[8], position)


def read_ack(texts: list[str], position: int) -> InterchangeAck:
    """TA1 elements to a record."""
    e = [*texts, *[""] * 6]
    return InterchangeAck(e[1], _day(e[2]), e[3], e[4], e[5], position)


def interchange_texts(item: Interchange, delimiters: Delimiters) -> list[str]:
    """A record to the sixteen fixed-length elements of ISA."""
    day = format_date(item.date)[2:] if item.date else "000101"
    repetition = delimiters.repetition if item.version >= "00402" else "U"
    return [
        "ISA",
        item.authorization_qualifier,
        item.authorization.ljust(10),
        item.security_qualifier,
        item.security.ljust(10),
        item.sender_qualifier,
        item.sender.ljust(15),
        item.receiver_qualifier,
        item.receiver.ljust(15),
        day,
        item.time[:4].ljust(4, "0"),
        repetition,
        item.version,
        item.control_number.rjust(9, "0"),
        item.ack_requested,
        item.usage,
        delimiters.component,
    ]


def group_texts(group: Group) -> list[str]:
    """A complete group record to GS."""
    day = format_date(group.date) if group.date else ""
    return [
        "GS",
        group.functional_id,
        group.sender,
        group.receiver,
        day,
        group.time,
        group.control_number,
        group.agency,
        group.version,
    ]


def ack_texts(ack: InterchangeAck) -> list[str]:
    """A record to TA1 (the day as YYMMDD)."""
    day = format_date(ack.date)[2:] if ack.date else ""
    return ["TA1", ack.control_number, day, ack.time, ack.code, ack.note]
