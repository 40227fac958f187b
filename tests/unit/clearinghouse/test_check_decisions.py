"""One check, however often and in whatever copies it comes: its money posts at most once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clearinghouse.domain.checks import (
    PARK,
    PARKED,
    POST,
    POSTED,
    REPEAT,
    REPEATED,
    AssessedClaim,
    Assessment,
    CheckRecord,
    Fault,
    Reading,
    decide,
)

BROKEN = Fault("claim_out_of_balance", "seg 9 CLP04")
UNBALANCED = Fault("payment_out_of_balance", "seg 3 BPR02")


def check(*claims: str, fault: Fault | None = None, head: str = "h") -> Assessment:
    """`a` is a sound claim, `a!` a faulty one, `a-` one that its status keeps from posting."""
    judged = tuple(
        AssessedClaim(
            name,
            fault=BROKEN if name.endswith("!") else None,
            not_posted=Fault("predetermination", "CLP") if name.endswith("-") else None,
        )
        for name in claims
    )
    return Assessment(head, judged, fault)


def read(*found: Assessment, sources: list[str] | None = None) -> tuple[list[Reading], CheckRecord]:
    record: CheckRecord | None = None
    readings = []
    names = sources or [f"file{number}-1-1" for number in range(len(found))]
    for name, assessment in zip(names, found, strict=True):
        reading, record = decide(record, "C", name, assessment)
        readings.append(reading)
    assert record is not None
    return readings, record


def test_a_new_check_posts_and_keeps_back_what_is_broken() -> None:
    (reading,), _ = read(check("a", "b!", "c-"))
    assert (reading.disposition, reading.places) == (POSTED, "pkn")


def test_a_repeat_posts_nothing() -> None:
    (_, again), _ = read(check("a", "b"), check("a", "b"))
    assert (again.disposition, again.places) == (REPEATED, "rr")


def test_a_claim_still_parked_is_reported_parked_again() -> None:
    (_, again), _ = read(check("a", "b!"), check("a", "b!"))
    assert (again.disposition, again.places) == (REPEATED, "rk")


def test_a_parked_check_is_superseded_by_one_that_balances() -> None:
    (first, second, third), _ = read(check("a", fault=UNBALANCED), check("a", "b"), check("a", "b"))
    assert (first.disposition, first.reason) == (PARKED, "payment_out_of_balance")
    assert (second.disposition, second.supersedes) == (POSTED, True)
    assert third.disposition == REPEATED


def test_a_posted_check_stays_and_the_one_that_differs_is_parked() -> None:
    (_, second, third), record = read(check("a"), check("x"), check("a"))
    assert (second.disposition, second.reason, second.places) == (PARKED, "same_check_differs", "k")
    assert third.disposition == REPEATED
    assert record.claims == ("a",)


def test_an_unbalanced_copy_of_a_posted_check_does_not_take_its_place() -> None:
    (_, second, third), _ = read(check("a"), check("a", fault=UNBALANCED), check("a"))
    assert second.disposition == PARKED
    assert third.disposition == REPEATED


def test_a_check_of_which_nothing_was_posted_is_superseded_whole() -> None:
    (_, second), record = read(check("a!"), check("a"))
    assert (second.disposition, second.places, second.supersedes) == (POSTED, "p", True)
    assert record.places == "p"


def test_a_copy_put_right_posts_only_what_was_parked() -> None:
    (_, second, third), record = read(check("a", "b!", "c"), check("a", "b", "c"), check("a", "b", "c"))
    assert (second.disposition, second.places) == (REPEATED, "rpr")
    assert (third.disposition, third.places) == (REPEATED, "rrr")
    assert record.places == "ppp"


def test_a_copy_that_also_changes_a_posted_claim_is_parked() -> None:
    (_, second), _ = read(check("a", "b!"), check("x", "b"))
    assert second.reason == "same_check_differs"


def test_other_provider_adjustments_are_other_content() -> None:
    (_, second), _ = read(check("a"), check("a", head="other"))
    assert second.reason == "same_check_differs"


def test_the_same_parked_bytes_again_are_reported_and_told_to_nobody() -> None:
    found = check("a", fault=UNBALANCED)
    (first, second), _ = read(found, found, sources=["f-1-1", "f-1-2"])
    assert (first.known, second.known) == (False, True)
    assert second.disposition == PARKED


CLAIMS = st.lists(st.sampled_from(["a", "b", "a!", "b!", "c-"]), min_size=1, max_size=3)
CHECKS = st.builds(
    lambda claims, broken, head: check(*claims, fault=UNBALANCED if broken else None, head=head),
    CLAIMS,
    st.booleans(),
    st.sampled_from(["h", "i"]),
)


@given(st.lists(CHECKS, min_size=1, max_size=8))
def test_whatever_copies_come_each_position_posts_at_most_once(found: list[Assessment]) -> None:
    readings, record = read(*found)
    longest = max(len(reading.places) for reading in readings)
    for position in range(longest):
        posted = [r.places[position] == POST for r in readings if len(r.places) > position]
        assert sum(posted) <= 1
    assert all(len(r.places) == len(a.claims) for r, a in zip(readings, found, strict=True))
    assert all(set(r.places) == {PARK} for r in readings if r.disposition == PARKED)
    assert all(REPEAT not in r.places for r in readings if r.disposition == POSTED)
    assert set(record.places) <= {"p", "k", "n"}


@given(st.lists(CHECKS, min_size=1, max_size=6), st.integers(0, 5))
def test_a_crash_reads_again_with_the_same_answer(found: list[Assessment], at: int) -> None:
    readings, record = read(*found)
    index = at % len(found)
    again, unchanged = decide(record, "C", f"file{index}-1-1", found[index])
    assert again == readings[index]
    assert unchanged is record


@pytest.mark.parametrize("places", ["p", "k"])
def test_the_record_survives_the_store(places: str) -> None:
    _, record = read(check("a" if places == "p" else "a!"))
    assert CheckRecord.model_validate_json(record.model_dump_json()) == record
