"""An envelope that a partner's translator would refuse is refused here first: one wrong element there costs every claim inside."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from schemas.x12 import Delimiters, Group, X12WriteError, read, write
from tests.unit.x12.x12_examples import batch, claim, envelope, sound_payment

SOUND = envelope(sound_payment())
GROUP = SOUND.groups[0]


def refused(**changes: Any) -> set[str]:
    """The elements that a changed interchange is refused for."""
    with pytest.raises(X12WriteError) as refusal:
        write(replace(SOUND, **changes))
    return {finding.element for finding in refusal.value.diagnostics}


@pytest.mark.parametrize(
    ("change", "element"),
    [
        ({"sender_qualifier": "Z"}, "ISA05"),
        ({"authorization": "LONGER THAN TEN"}, "ISA02"),
        ({"sender": "MÜLLER"}, "ISA06"),
        ({"version": "501"}, "ISA12"),
        ({"ack_requested": ""}, "ISA14"),
        ({"usage": "PROD"}, "ISA15"),
        ({"groups": []}, "GS"),
        ({"groups": [GROUP, GROUP]}, "GS06"),
    ],
)
def test_what_isa_has_no_room_for_is_refused(change: dict[str, Any], element: str) -> None:
    assert element in refused(**change)


@pytest.mark.parametrize(
    ("change", "element"),
    [
        ({"functional_id": "HC"}, "GS01"),
        ({"sender": "S"}, "GS02"),
        ({"time": "1"}, "GS05"),
        ({"control_number": "G1"}, "GS06"),
        ({"agency": "Q"}, "GS07"),
        ({"version": "005010X222A1"}, "GS08"),
        ({"transactions": []}, "ST"),
        ({"transactions": [sound_payment(), batch(claim())]}, "GS01"),
    ],
)
def test_a_group_says_what_its_sets_are(change: dict[str, Any], element: str) -> None:
    assert element in refused(groups=[replace(GROUP, **change)])


def test_two_sets_of_a_group_do_not_share_a_control_number() -> None:
    one = replace(sound_payment(), control_number="0001")
    assert refused(groups=[Group("1", [one, one])]) == {"ST02"}
    data = write(replace(SOUND, groups=[Group("1", [one]), Group("2", [one])]))
    assert [item.control_number for item in read(data).transactions()] == ["0001", "0001"]


def test_isa_has_106_characters_whatever_the_delimiters() -> None:
    data = write(SOUND, Delimiters("|", ">", "\n", "^"))
    assert data.index(b"\nGS") == 105
    with pytest.raises(X12WriteError):
        write(SOUND, Delimiters(repetition=""))


def test_an_older_version_has_no_repetitions_and_is_written() -> None:
    data = write(replace(SOUND, version="00401", date=dt.date(2026, 1, 5)))
    assert data[82:83] == b"U"
