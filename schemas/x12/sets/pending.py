"""277 pending, 005010X228: a payer's unasked word on claims it has not decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from schemas.x12.description import SetDescription, add, seg, spread
from schemas.x12.records.status import ClaimStatus, PendingStatus277, StatusAnswer
from schemas.x12.segments import BHT, STC
from schemas.x12.sets.patients import claim, leaves, tree
from schemas.x12.sets.status_common import line, subject


@dataclass(slots=True)
class Patient(StatusAnswer):
    """A patient's HL while reading."""

    below: list[Any] = field(default_factory=list)


def flatten(record: Any) -> None:
    """From the HL tree to one answer per patient, who is its `subscriber`."""
    subjects = []
    for source, receiver, provider, patient in leaves(record.subjects):
        found = subject(StatusAnswer, patient)
        found.source, found.receiver, found.provider = source, receiver, provider
        subjects.append(found)
    record.subjects = subjects


LINE = line("D", seg(STC, add("statuses"), "R"))
PENDING = SetDescription(
    "277",
    PendingStatus277.VERSION,
    PendingStatus277,
    (
        seg(BHT, spread(), "R", 1),
        tree("subjects", Patient, "subscriber", claim(ClaimStatus, "claims", LINE), lambda record: record.below),
    ),
    finish=flatten,
)
