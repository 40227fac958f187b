"""Our own NPIs: a wrong check digit never leaves; whatever comes in is read without a word about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from schemas.x12 import (
    Claims837P,
    EligibilityInquiry,
    EligibilityQuery,
    Inquiry270,
    Party,
    TransactionSet,
    X12WriteError,
    read,
    write,
)
from tests.unit.x12.x12_examples import DAY, batch, claim, envelope, sound_payment, wire

RIGHT, WRONG = "1234567893", "1234567890"


def _billed(npi: str) -> Claims837P:
    sent = claim()
    assert sent.billing.provider is not None
    sent.billing.provider = replace(sent.billing.provider, id=npi)
    return batch(sent)


def _provided(npi: str, entity: str, line: bool = False) -> Claims837P:
    sent = claim()
    provider = Party(entity, "1", "WELBY", "MARCUS", id_qualifier="XX", id=npi)
    (sent.lines[0] if line else sent).providers.append(provider)
    return batch(sent)


def _asked(npi: str) -> Inquiry270:
    payer = Party("PR", "2", "ACME", id_qualifier="PI", id="60054")
    clinic = Party("1P", "2", "CLINIC", id_qualifier="XX", id=npi)
    person = Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id="M1")
    subject = EligibilityInquiry(payer, clinic, person, queries=[EligibilityQuery(("30",))])
    return Inquiry270(reference_id="Q1", date=DAY, time="1200", subjects=[subject])


SENT: list[tuple[Callable[[str], TransactionSet], str]] = [
    (_billed, "2010AA"),
    (lambda npi: _provided(npi, "DN"), "2310A"),
    (lambda npi: _provided(npi, "82"), "2310B"),
    (lambda npi: _provided(npi, "82", line=True), "2420A"),
    (_asked, "2100B"),
]


@pytest.mark.parametrize(("make", "loop"), SENT)
def test_a_wrong_check_digit_is_refused_with_its_loop(make: Callable[[str], TransactionSet], loop: str) -> None:
    assert wire(make(RIGHT))
    with pytest.raises(X12WriteError) as refused:
        wire(make(WRONG))
    [found] = refused.value.diagnostics
    assert (found.code, found.loop, found.element, found.snip) == ("npi_check_digit", loop, "NM109", 5)
    segments = [line for line in wire(make(WRONG), unchecked=True).split("~\n")]
    assert segments[found.segment + 1].endswith(f"*XX*{WRONG}")
    assert WRONG not in found.message


@pytest.mark.parametrize(("make", "_"), SENT)
def test_what_comes_in_is_not_judged_by_it(make: Callable[[str], TransactionSet], _: str) -> None:
    data = write(envelope(make(WRONG)), unchecked=True)
    assert [finding for item in read(data).transactions() for finding in item.diagnostics] == []


def test_a_payer_may_answer_about_a_number_that_is_none() -> None:
    sent = sound_payment()
    assert sent.payee is not None
    sent.payee = replace(sent.payee, id_qualifier="XX", id=WRONG)
    assert wire(sent)
