"""A lost HL or LX hurts the claims that need it and no other, and no claim is ever given to somebody else's patient."""

import dataclasses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.x12 import Claim837P, Claims837P, Patient, Remittance835
from tests.unit.x12.x12_examples import batch, claim, reread, sound_payment, subscriber, wire


def own(number: int) -> Claim837P:
    """A claim of a subscriber who is the patient."""
    made = claim(f"A{number}")
    person = dataclasses.replace(subscriber().person, last=f"A{number}", id=f"MA{number}")  # type: ignore[type-var]
    made.subscriber = dataclasses.replace(subscriber(), person=person)
    return made


def child(number: int, insured: Claim837P) -> Claim837P:
    """A claim of a child of the subscriber of another claim."""
    made = claim(f"A{number}")
    made.subscriber = dataclasses.replace(insured.subscriber, relationship="")
    person = dataclasses.replace(subscriber().person, entity="QC", last=f"A{number}", id="", id_qualifier="")  # type: ignore[type-var]
    made.patient = Patient("19", person=person)
    return made


FAMILY = [own(1), own(2), child(3, own(9)), child(4, own(9)), child(5, own(8)), own(6), own(7)]
TEXT = wire(batch(*FAMILY))
LINES = TEXT.rstrip("\n").split("\n")
LEVELS = [number for number, line in enumerate(LINES) if line.startswith("HL*")]
BODY = range(LINES.index(next(line for line in LINES if line.startswith("HL*"))), len(LINES) - 3)


def without(first: int, count: int = 1) -> list[Claim837P]:
    """The claims of the file that lost these lines; each that is not set aside must have its own patient's name."""
    text = "\n".join([*LINES[:first], *LINES[first + count :]])
    [found] = reread(text).transactions()
    assert isinstance(found, Claims837P)
    for item in found.claims:
        name = item.patient_person.last if item.patient_person else ""
        assert item.set_aside or name in ("", item.claim_id), LINES[first : first + count]
    return found.claims


def test_all_are_sound_when_nothing_is_lost() -> None:
    assert [(item.set_aside, item.patient_person) for item in without(0, 0)] == [
        (False, made.patient_person) for made in FAMILY
    ]


@pytest.mark.parametrize("lost", [number for number in LEVELS if "*23*" in LINES[number]])
def test_a_lost_patients_level_hurts_that_patients_claim_alone(lost: int) -> None:
    after = next(line for line in LINES[lost:] if line.startswith("CLM*")).split("*")[1]
    assert [item.claim_id for item in without(lost) if item.set_aside] == [after]


@pytest.mark.parametrize("lost", [number for number in LEVELS if "*22*" in LINES[number]])
def test_a_lost_subscribers_level_hurts_its_neighbours_at_most(lost: int) -> None:
    ids = [item.claim_id for item in FAMILY]
    after = next(line for line in LINES[lost:] if line.startswith("CLM*")).split("*")[1]
    hurt = [ids.index(item.claim_id) for item in without(lost) if item.set_aside]
    assert ids.index(after) in hurt
    assert set(hurt) <= set(range(ids.index(after) - 1, ids.index(after) + 2))


@given(st.sampled_from(BODY), st.integers(1, 2))
@settings(max_examples=300, deadline=None)
@example(LEVELS[2], 1)
@example(LEVELS[2], 2)
def test_no_claim_goes_to_another_patient(first: int, count: int) -> None:
    without(first, count)


def test_a_lost_billing_level_hurts_all_its_claims() -> None:
    assert all(item.set_aside for item in without(LEVELS[0]))


def test_a_payments_claim_needs_no_lx() -> None:
    """LX only numbers the claims of an 835: what is paid is posted, with a warning."""
    text = wire(sound_payment()).replace("LX*1~\n", "")
    [found] = reread(text).transactions()
    assert isinstance(found, Remittance835)
    assert [item.set_aside for item in found.claims] == [False, False]
    assert found.claims == [dataclasses.replace(item, summary=None) for item in sound_payment().claims]
    assert {item.severity for item in found.diagnostics if item.code == "claim_outside_loop"} == {"warning"}
