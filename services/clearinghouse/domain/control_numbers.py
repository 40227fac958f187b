"""Control numbers that name their lane: partition (2 digits), day (4), batch (3), as ISA13 and GS06.

A 999 gives back GS06 (AK102), a TA1 gives back ISA13 (TA101): so an acknowledgement finds its lane without a query.
The four digits of the day are days since 1970-01-01 modulo 10,000; they repeat after 27 years.
"""

from dataclasses import dataclass
from datetime import date, timedelta

EPOCH = date(1970, 1, 1)
DAY_SPAN = 10_000
MAX_PARTITION = 99
MAX_BATCH = 999


class ControlNumberError(ValueError):
    """A number that no lane of ours can have made, or a lane that cannot have a number."""


@dataclass(frozen=True, slots=True)
class ControlNumber:
    """What a control number says: which partition, which day, which file of that lane."""

    partition: int
    day: date
    batch: int

    @property
    def isa13(self) -> str:
        """Nine digits, leading zeros kept (ISA13 has a fixed length)."""
        return f"{self.partition:02d}{(self.day - EPOCH).days % DAY_SPAN:04d}{self.batch:03d}"

    @property
    def gs06(self) -> str:
        """The same number without leading zeros (GS06 is N0, X12.6 suppresses them)."""
        return str(int(self.isa13))


def control_number(partition: int, day: date, batch: int) -> ControlNumber:
    """The number of a lane's file; raises ControlNumberError beyond 99 partitions or 999 files a lane and day."""
    if not 0 <= partition <= MAX_PARTITION:
        raise ControlNumberError(f"partition {partition} does not fit two digits")
    if not 1 <= batch <= MAX_BATCH:
        raise ControlNumberError(f"file {batch} of a lane does not fit three digits")
    return ControlNumber(partition, day, batch)


def read_control_number(text: str, answered_on: date) -> ControlNumber:
    """Decode AK102 or TA101; of the possible days it takes the latest one not after the day of the answer.

    Raises ControlNumberError for what is no number of ours.
    """
    digits = text.strip().zfill(9)
    if not (digits.isascii() and digits.isdigit()) or len(digits) != 9 or digits.endswith("000"):
        raise ControlNumberError("not a control number of ours")
    behind = ((answered_on - EPOCH).days - int(digits[2:6])) % DAY_SPAN
    return ControlNumber(int(digits[:2]), answered_on - timedelta(days=behind), int(digits[6:]))
