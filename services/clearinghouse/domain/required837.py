"""What the 837P guide (005010X222A1) requires of a claim, checked before it joins a lane.

A claim that lacks it would come back as a 999 for its whole set; refused here, it hurts no other.
"""

from collections.abc import Iterator

from schemas.events.payer_outbound import BillPhi, ClaimBill
from schemas.events.values import Person, Provider
from services.clearinghouse.domain.parties import SELF, relationship_code
from services.clearinghouse.domain.text import clean

MAX_LINES, MAX_DIAGNOSES, MAX_POINTERS, MAX_MODIFIERS = 50, 12, 4, 4


def missing(bill: ClaimBill, people: BillPhi | None) -> tuple[str, ...]:
    """Loop and segment or element of everything that is lacking or out of bounds; no values."""
    return tuple(place for place, fine in _checks(bill, people) if not fine)


def _checks(bill: ClaimBill, people: BillPhi | None) -> Iterator[tuple[str, object]]:
    yield from _billing(bill.billing_provider)
    yield "2000B SBR", bill.coverages and people is not None and len(people.members) == len(bill.coverages)
    if bill.coverages and people is not None and people.members:
        yield from _person("2010BA", people.members[0].subscriber)
        yield "2010BA NM109", clean(people.members[0].member_id, 80)
        if relationship_code(bill.coverages[0].relationship) != SELF:
            yield from _person("2010CA", people.patient)
    yield "2300 CLM02", bill.charge == sum(line.charge for line in bill.lines)
    yield "2300 REF F8", bill.frequency == "1" or bill.payer_control_number
    yield "2300 HI", 1 <= len(bill.diagnoses) <= MAX_DIAGNOSES
    yield "2400 LX", 1 <= len(bill.lines) <= MAX_LINES
    yield "2400 SV101", all(line.procedure and len(line.modifiers) <= MAX_MODIFIERS for line in bill.lines)
    yield "2400 SV107", all(_pointed(line.diagnosis_pointers, len(bill.diagnoses)) for line in bill.lines)


def _billing(billing: Provider) -> Iterator[tuple[str, object]]:
    yield "2010AA NM103", clean(billing.name, 60)
    yield "2010AA N301", clean(billing.line1, 55)
    yield "2010AA N401", clean(billing.city, 30)
    yield "2010AA N402", clean(billing.state, 2)
    yield "2010AA N403", clean(billing.postal_code, 15)
    yield "2010AA REF EI", billing.tax_id


def _person(loop: str, who: Person) -> Iterator[tuple[str, object]]:
    yield f"{loop} NM103", clean(who.last_name, 60)
    yield f"{loop} N301", clean(who.address.line1, 55)
    yield f"{loop} N401", clean(who.address.city, 30)


def _pointed(pointers: tuple[int, ...], diagnoses: int) -> bool:
    return 1 <= len(pointers) <= MAX_POINTERS and all(1 <= pointer <= diagnoses for pointer in pointers)
