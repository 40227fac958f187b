"""One encounter as one or more professional claims: at most 50 lines and 12 diagnoses each (X12 005010X222A1, 2400, 2300 HI)."""

from typing import NamedTuple

from schemas.events.encounters import BilledLine, EncounterAccepted

MOST_LINES = 50
MOST_DIAGNOSES = 12


class Part(NamedTuple):
    """The lines of one claim and its diagnoses; the lines' pointers count in these."""

    lines: tuple[BilledLine, ...]
    diagnoses: tuple[str, ...]

    @property
    def charge(self) -> int:
        """All lines, in cents."""
        return sum([line.charge for line in self.lines])


def parts(encounter: EncounterAccepted) -> tuple[Part, ...]:
    """The encounter's lines in order, cut where a claim is full. No line is lost or split.

    A pointer that points nowhere is kept: the scrubber holds such a claim.
    """
    if len(encounter.lines) <= MOST_LINES and len(encounter.diagnoses) <= MOST_DIAGNOSES:
        return (Part(encounter.lines, encounter.diagnoses),)
    groups: list[list[BilledLine]] = []
    pointed: set[int] = set()
    for line in encounter.lines:
        wanted = pointed | set(line.diagnosis_pointers)
        if not groups or len(groups[-1]) == MOST_LINES or len(wanted) > MOST_DIAGNOSES:
            groups.append([])
            wanted = set(line.diagnosis_pointers)
        groups[-1].append(line)
        pointed = wanted
    return tuple(_part(encounter, group) for group in groups)


def _part(encounter: EncounterAccepted, lines: list[BilledLine]) -> Part:
    known = range(1, len(encounter.diagnoses) + 1)
    used = sorted({pointer for line in lines for pointer in line.diagnosis_pointers if pointer in known})
    place = {pointer: index for index, pointer in enumerate(used, 1)}
    moved = tuple(
        line.model_copy(
            update={"diagnosis_pointers": tuple(place.get(pointer, 99) for pointer in line.diagnosis_pointers)}
        )
        for line in lines
    )
    return Part(moved, tuple(encounter.diagnoses[pointer - 1] for pointer in used))
