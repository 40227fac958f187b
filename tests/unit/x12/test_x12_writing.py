"""What the writer refuses: a value that its segment cannot carry would be read as something else by whoever gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.x12 import (
    Adjustment,
    Claim837P,
    Delimiters,
    Diagnosis,
    Procedure,
    Reference,
    X12WriteError,
    read,
    write,
)
from schemas.x12.grammar import Grammar
from schemas.x12.writer import write_set
from tests.unit.x12.x12_examples import answer, batch, claim, envelope, payment, service, sound_payment, subscriber
from tests.unit.x12.x12_files import MARKS


def refused(change: Callable[[Claim837P], Any]) -> set[str]:
    """The codes that a claim changed like this is refused with."""
    bent = claim("A1")
    change(bent)
    with pytest.raises(X12WriteError) as refusal:
        write(envelope(batch(bent)))
    assert b"~" in write(envelope(batch(bent)), unchecked=True)
    return {finding.code for finding in refusal.value.diagnostics}


@pytest.mark.parametrize(
    "procedure",
    [
        Procedure("HC", "99:213"),
        Procedure("HC", "99213", description="OFFICE: VISIT"),
        Procedure("HC", "99213", description="OFFICE^VISIT"),
        Procedure("HC", "99213", ("2:5",)),
        Procedure("HC", "99213", ("25", "59", "GA", "GZ", "XU")),
        Procedure("HC", "992~13"),
        Procedure("HC", "992*13"),
        Procedure("HC", "99213", description="OFFICE\nVISIT"),
    ],
    ids=repr,
)
def test_a_procedure_that_would_be_split_is_refused(procedure: Procedure) -> None:
    def change(bent: Claim837P) -> None:
        bent.lines[0].procedure = procedure

    assert "delimiter_in_data" in refused(change)


@pytest.mark.parametrize("code", ["J0:20", "J02^0", "J02*0", ":"])
def test_a_diagnosis_that_would_be_split_is_refused(code: str) -> None:
    def change(bent: Claim837P) -> None:
        bent.diagnoses = [Diagnosis("ABK", code)]

    assert "delimiter_in_data" in refused(change)


@pytest.mark.parametrize("value", ["A:B", "A^B", "A*B", "A~B", "A\x1eB"])
def test_a_reference_that_would_be_split_is_refused(value: str) -> None:
    def change(bent: Claim837P) -> None:
        bent.lines[0].references = [Reference("6R", value)]

    assert "delimiter_in_data" in refused(change)


def test_what_one_choice_of_delimiters_cannot_carry_another_can() -> None:
    line = service(10000, Adjustment("CO", "45", 2500))
    line.procedure = Procedure("HC", "99213", description="OFFICE: VISIT")
    sent = payment(answer("A1", line))
    with pytest.raises(X12WriteError):
        write(envelope(sent))
    [found] = read(write(envelope(sent), Delimiters(component=">"))).transactions()
    assert found == sent


@pytest.mark.parametrize(
    "change",
    [{"sender": "A*B"}, {"receiver": "A~B"}, {"sender": "A\nB"}, {"usage": ":"}, {"security": "A^B"}],
    ids=repr,
)
def test_an_envelope_that_would_be_split_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(X12WriteError) as refusal:
        write(replace(envelope(sound_payment()), **change))  # type: ignore[arg-type]
    assert "delimiter_in_data" in {finding.code for finding in refusal.value.diagnostics}


@pytest.mark.parametrize("where", ["sender", "control_number", "version"])
def test_a_group_that_would_be_split_is_refused(where: str) -> None:
    sent = envelope(sound_payment())
    setattr(sent.groups[0], where, "1*1")
    with pytest.raises(X12WriteError):
        write(sent)
    sent = envelope(sound_payment())
    sent.groups[0].transactions[0].control_number = "00*01"
    with pytest.raises(X12WriteError):
        write(sent)


@pytest.mark.parametrize("marks", MARKS, ids=repr)
def test_any_delimiters_write_the_same_payment(marks: str) -> None:
    sent = sound_payment()
    [found] = read(write(envelope(sent), Delimiters(*marks))).transactions()
    assert found == sent


FAULTS: dict[str, Callable[[Claim837P], object]] = {
    "sound": lambda bent: None,
    "sums": lambda bent: setattr(bent, "charge", bent.charge + 1),
    "pointer": lambda bent: setattr(bent.lines[0], "pointers", (4,)),
    "place": lambda bent: setattr(bent, "facility_code", "ZZ"),
    "no lines": lambda bent: bent.lines.clear(),
    "order": lambda bent: setattr(bent.subscriber, "sequence", "S"),
    "length": lambda bent: setattr(bent, "claim_id", "A" * 39),
}


@given(kinds=st.lists(st.sampled_from(sorted(FAULTS)), min_size=1, max_size=20))
@settings(max_examples=25, deadline=None)
def test_what_is_written_is_judged_by_the_quick_pass_as_by_the_full_reader(kinds: list[str]) -> None:
    claims = [claim(f"A{number}", 100, 250) for number in range(len(kinds))]
    for kind, one in zip(kinds, claims, strict=True):
        one.subscriber = subscriber()
        FAULTS[kind](one)
    lines, found = write_set(batch(*claims))
    with mock.patch.object(Grammar, "scanner", lambda self, delimiters: None):
        assert write_set(batch(*claims)) == (lines, found)
    assert bool(found) == (set(kinds) != {"sound"})


def test_half_a_character_is_refused() -> None:
    def change(bent: Claim837P) -> None:
        bent.lines[0].references = [Reference("6R", "A\ud95a")]

    assert "delimiter_in_data" in refused(change)
