"""What one 835 transaction does to the check that it names (DOMAIN §4): posted, parked, or a repeat.

The record of a check is written once a reading, guarded by its version: two files with one check cannot both post.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from schemas.events.values import Value

POSTED, PARKED, REPEATED = "posted", "parked", "repeated"
POST, PARK, KEEP_OUT, REPEAT = "p", "k", "n", "r"
"""What becomes of one CLP: posted, parked, never posted by its status (CLP02 23, 25), already posted before."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something is parked: a diagnostic code, the segment (for example `seg 14 BPR`), and the sums in words."""

    reason: str
    place: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class AssessedClaim:
    """One CLP, judged alone."""

    content: str
    fault: Fault | None = None
    not_posted: Fault | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """One ST, judged alone. `head` hashes what stands above and below the claims (payment and PLB)."""

    head: str
    claims: tuple[AssessedClaim, ...]
    fault: Fault | None = None


class Reading(Value):
    """What one reading of the check came to; `places` holds a letter a CLP."""

    disposition: str
    reason: str = ""
    place: str = ""
    places: str = ""
    supersedes: bool = False
    known: bool = False
    """Parked, and the same bytes were parked before: reported again, told to nobody again."""


class CheckRecord(Value):
    """What is known of a check identity; document of the collection `checks`."""

    check_id: str
    posted: bool
    head: str
    claims: tuple[str, ...]
    """Content of each CLP of the reading that holds."""
    places: str
    readings: Mapping[str, Reading] = Field(default_factory=dict)
    """By source (file, ST, delivery): the same source always gets the same answer."""


def decide(record: CheckRecord | None, check_id: str, source: str, found: Assessment) -> tuple[Reading, CheckRecord]:
    """The reading of `found` and the record that holds it. A source that was read before gets its first answer again.

    A source is file, ST and delivery, joined by `-`.
    """
    if record is not None and source in record.readings:
        return record.readings[source], record
    reading, holds = _judge(record, found)
    if record is not None and reading.disposition == PARKED and _parked_before(record, source):
        reading = reading.model_copy(update={"known": True})
    readings = {**(record.readings if record else {}), source: reading}
    if record is not None and not holds:
        return reading, record.model_copy(update={"readings": readings})
    new = CheckRecord(
        check_id=check_id,
        posted=reading.disposition != PARKED,
        head=found.head,
        claims=tuple(claim.content for claim in found.claims),
        places=_merged(record, reading),
        readings=readings,
    )
    return reading, new


def _parked_before(record: CheckRecord, source: str) -> bool:
    same_bytes = source.rsplit("-", 1)[0] + "-"
    return any(name.startswith(same_bytes) and old.disposition == PARKED for name, old in record.readings.items())


def _judge(record: CheckRecord | None, found: Assessment) -> tuple[Reading, bool]:
    """The reading, and whether its content becomes the check's."""
    if found.fault is not None:
        return _parked(found, found.fault), record is None or not _holds_money(record)
    places = "".join(_place(claim) for claim in found.claims)
    if record is None:
        return Reading(disposition=POSTED, places=places), True
    if not record.posted:
        return Reading(disposition=POSTED, places=places, supersedes=True), True
    if _same(record, found):
        return Reading(disposition=REPEATED, places=_repeated(record.places)), False
    if not _mends(record, found):
        return _parked(found, Fault("same_check_differs", "BPR")), False
    if not _holds_money(record):
        return Reading(disposition=POSTED, places=places, supersedes=True), True
    mended = "".join(new if old == PARK else _repeated(old) for old, new in zip(record.places, places, strict=True))
    return Reading(disposition=REPEATED, places=mended), True


def _place(claim: AssessedClaim) -> str:
    if claim.not_posted is not None:
        return KEEP_OUT
    return PARK if claim.fault is not None else POST


def _parked(found: Assessment, fault: Fault) -> Reading:
    return Reading(disposition=PARKED, reason=fault.reason, place=fault.place, places=PARK * len(found.claims))


def _holds_money(record: CheckRecord) -> bool:
    """Whether anything of the check was posted, so that it stays."""
    return record.posted and POST in record.places


def _same(record: CheckRecord, found: Assessment) -> bool:
    return record.head == found.head and record.claims == tuple(claim.content for claim in found.claims)


def _mends(record: CheckRecord, found: Assessment) -> bool:
    """Whether only claims that were parked have changed: the payer sent the check again, put right."""
    return (
        record.head == found.head
        and len(record.claims) == len(found.claims)
        and all(
            place == PARK or before == now.content
            for place, before, now in zip(record.places, record.claims, found.claims, strict=True)
        )
    )


def _repeated(places: str) -> str:
    """A claim that is still parked is parked again; all others are repeats."""
    return "".join(PARK if place == PARK else REPEAT for place in places)


def _merged(record: CheckRecord | None, reading: Reading) -> str:
    """The places that hold after the reading: repeats keep what they were."""
    if record is None or REPEAT not in reading.places:
        return reading.places
    return "".join(old if new == REPEAT else new for old, new in zip(record.places, reading.places, strict=True))
