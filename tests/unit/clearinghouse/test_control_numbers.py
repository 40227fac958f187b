"""A control number names its lane, and the answer that carries it finds the lane again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clearinghouse.domain.control_numbers import ControlNumberError, control_number, read_control_number


@given(st.integers(0, 99), st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 999), st.integers(0, 3000))
def test_an_acknowledgement_up_to_eight_years_later_finds_its_lane(
    partition: int, day: date, batch: int, late: int
) -> None:
    number = control_number(partition, day, batch)
    assert len(number.isa13) == 9
    assert read_control_number(number.gs06, day + timedelta(days=late)) == number
    assert read_control_number(number.isa13, day + timedelta(days=late)) == number


@pytest.mark.parametrize("text", ["", "ABC", "1234567890", "12 456789", "٣", "000000000"])
def test_what_is_no_number_of_ours_is_told(text: str) -> None:
    with pytest.raises(ControlNumberError):
        read_control_number(text, date(2026, 1, 5))


@pytest.mark.parametrize(("partition", "batch"), [(100, 1), (-1, 1), (0, 0), (0, 1000)])
def test_a_lane_beyond_its_digits_gets_no_number(partition: int, batch: int) -> None:
    with pytest.raises(ControlNumberError):
        control_number(partition, date(2026, 1, 5), batch)
