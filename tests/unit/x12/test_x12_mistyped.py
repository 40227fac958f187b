"""A record whose fields have another type than it declares: told by loop and element with what to give, never a bare error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from schemas.x12 import Adjustment, Amount, Claims837P, Dated, Diagnosis, TransactionSet, X12WriteError
from tests.unit.x12.x12_examples import answer, batch, claim, payment, service, sound_payment, wire

Make = Callable[[], TransactionSet]


def sent(**changes: Any) -> Make:
    """A batch of one claim with these fields."""

    def make() -> Claims837P:
        made = claim()
        for name, value in changes.items():
            setattr(made, name, value)
        return batch(made)

    return make


def lined(**changes: Any) -> Make:
    """A batch of one claim with these fields in its first line."""

    def make() -> Claims837P:
        made = claim()
        made.lines[0] = replace(made.lines[0], **changes)
        return batch(made)

    return make


def born(day: Any) -> Make:
    """A batch of one claim for somebody born on this day."""

    def make() -> Claims837P:
        made = claim()
        assert made.subscriber.person is not None
        made.subscriber.person.birth_date = day
        return batch(made)

    return make


def adjusted(cents: Any) -> TransactionSet:
    """A payment with an adjustment of so much."""
    made = payment(answer("A1", service(10000)))
    made.claims[0].lines[0].adjustments = [Adjustment("CO", "45", cents)]
    return made


CASES: list[tuple[Make, str, str, str]] = [
    (sent(charge=150.0), "2300", "CLM02", "charge holds float; give cents as int"),
    (sent(charge=Decimal("150.00")), "2300", "CLM02", "holds Decimal; give cents as int"),
    (sent(charge="15000"), "2300", "CLM02", "holds str; give cents as int"),
    (sent(claim_id=4711), "2300", "CLM01", "holds int; give a str"),
    (sent(patient_paid=12.5), "2300", "AMT02", "cents as int"),
    (sent(diagnoses=[Diagnosis("ABK", "J020", cents=1.5)]), "2300", "HI", "cents as int"),  # type: ignore[arg-type]
    (lined(charge=100.25), "2400", "SV102", "holds float"),
    (lined(dates=[Dated("472", "20260105")]), "2400", "DTP", "dates as datetime.date"),  # type: ignore[arg-type]
    (lined(amounts=[Amount("T", 1.0)]), "2400", "AMT02", "cents as int"),  # type: ignore[arg-type]
    (born("19800102"), "2010BA", "DMG02", "holds str; give a datetime.date"),
    (lambda: replace(sound_payment(), amount=60.0), "ST", "BPR02", "amount holds float; give cents as int"),
    (lambda: adjusted(2500.0), "2110", "CAS", "cents as int"),
]


@pytest.mark.parametrize(("make", "loop", "element", "words"), CASES)
@pytest.mark.parametrize("unchecked", [False, True])
def test_a_field_of_another_type_is_named(make: Make, loop: str, element: str, words: str, unchecked: bool) -> None:
    with pytest.raises(X12WriteError) as refused:
        wire(make(), unchecked=unchecked)
    [found] = refused.value.diagnostics
    assert (found.code, found.snip, found.severity) == ("value_mistyped", 1, "error")
    assert (found.loop, found.element) == (loop, element)
    assert words in found.message
    assert "4711" not in found.message and "1980" not in found.message
