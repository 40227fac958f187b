"""The outbox rule as pure functions."""

from hypothesis import given
from hypothesis import strategies as st

from services.chassis import outbox
from services.chassis.outbox import Entry

A, B = ("a.v1", 0), ("b.v1", 0)


def entry(offset: int, cause: outbox.Input = A, *, effect: bool = False, stuck: bool = False, size: int = 1) -> Entry:
    return Entry(f"{cause}{offset}", cause, offset, "t", "k", 0, "type", 0, b"x" * size, effect, stuck)


entries = st.lists(
    st.builds(entry, st.integers(0, 20), st.sampled_from([A, B]), effect=st.booleans(), stuck=st.booleans())
)


@given(entries, st.integers(0, 21), st.integers(0, 21))
def test_exactly_what_is_below_its_own_input_s_offset_is_dead(stored: list[Entry], a: int, b: int) -> None:
    owed = outbox.live(stored, {A: a, B: b})
    limits = {A: a, B: b}
    assert list(owed) == [one for one in stored if one.stuck or one.offset >= limits[one.cause]]


@given(entries)
def test_an_input_that_is_not_known_keeps_everything_alive(stored: list[Entry]) -> None:
    assert outbox.live(stored, {}) == tuple(stored)


@given(entries)
def test_events_and_effects_are_told_apart_and_stuck_effects_wait(stored: list[Entry]) -> None:
    events, effects = outbox.owed_events(stored), outbox.owed_effects(stored)
    assert not any(one.effect for one in events)
    assert all(one.effect and not one.stuck for one in effects)
    assert len(events) + len(effects) + len([one for one in stored if one.effect and one.stuck]) == len(stored)


def test_limits_count_what_this_input_caused() -> None:
    hundred = [entry(number) for number in range(100)]
    assert outbox.fits(hundred, A)
    assert not outbox.fits([*hundred, entry(100)], A)
    assert outbox.fits([*hundred, entry(1, B), entry(101, effect=True, stuck=True)], A)
    assert not outbox.fits([entry(1, size=600_000), entry(2, size=600_000)], A)


@given(st.lists(st.text(max_size=40), unique=True, max_size=50), st.text(max_size=40))
def test_what_was_seen_is_told_from_what_was_not(ids: list[str], other: str) -> None:
    packed = b"".join(outbox.digest(event_id) for event_id in ids)
    assert len(packed) == 8 * len(ids)
    assert all(outbox.holds(packed, outbox.digest(event_id)) for event_id in ids)
    assert outbox.holds(packed, outbox.digest(other)) == (other in ids)


@given(st.lists(st.binary(min_size=8, max_size=8).map(lambda mark: bytes(octet & 1 for octet in mark)), max_size=12))
def test_a_digest_across_two_others_was_not_seen(marks: list[bytes]) -> None:
    packed = b"".join(marks)
    for at in range(max(0, len(packed) - 7)):
        assert outbox.holds(packed, packed[at : at + 8]) == (packed[at : at + 8] in marks)
