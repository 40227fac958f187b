"""837P: what we send is what the guide asks for, and nothing else leaves the house."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.x12 import (
    Adjustment,
    Amount,
    Claim837P,
    Claims837P,
    Dated,
    Drug,
    LineAdjudication,
    OtherPayer,
    Party,
    Patient,
    Reference,
    X12WriteError,
)
from tests.unit.x12.x12_examples import DAY, batch, claim, reread, wire


def claims(text: str) -> list[Claim837P]:
    """The claims of the one 837P of a text."""
    [transaction] = reread(text).transactions()
    assert isinstance(transaction, Claims837P)
    return transaction.claims


def refusal(*bad: Claim837P) -> set[str]:
    """Why the writer refuses these claims."""
    with pytest.raises(X12WriteError) as caught:
        wire(batch(*bad))
    return {finding.code for finding in caught.value.diagnostics}


@given(st.lists(st.lists(st.integers(0, 10**7), min_size=1, max_size=6), min_size=1, max_size=5))
def test_claims_come_back_equal(charges: list[list[int]]) -> None:
    sent = [claim(f"C{number}", *amounts) for number, amounts in enumerate(charges)]
    text = wire(batch(*sent))
    assert claims(text) == sent
    assert [item.ordinal for item in claims(text)] == list(range(len(sent)))


def test_replacement_authorisation_and_clearinghouse_trace() -> None:
    sent = claim()
    sent.frequency = "7"
    sent.references = [Reference("G1", "AUTH1"), Reference("F8", "PAYER1"), Reference("D9", "TRACE1")]
    text = wire(batch(sent))
    assert "CLM*A1*150***11:B:7*" in text
    [found] = claims(text)
    assert (found.payer_control_number, found.prior_authorization, found.reference("D9")) == (
        "PAYER1",
        "AUTH1",
        "TRACE1",
    )


def test_dependents_share_their_subscriber() -> None:
    child = Party(
        "QC", "1", "DOE", "KID", street="2 ELM", city="TROY", state="NY", zip="12180", birth_date=DAY, sex="M"
    )
    one, two, own = claim("A1"), claim("A2"), claim("A3")
    for dependent in (one, two):
        dependent.patient = Patient("19", person=child)
        dependent.subscriber.relationship = ""
    text = wire(batch(one, two, own))
    assert [line for line in text.split("\n") if line.startswith("HL*")] == [
        "HL*1**20*1~",
        "HL*2*1*22*1~",
        "HL*3*2*23*0~",
        "HL*4*1*22*0~",
    ]
    found = claims(text)
    assert found == [one, two, own]
    assert found[0].patient is found[1].patient
    assert found[0].patient_person == child
    assert found[2].patient_person == own.subscriber.person


def secondary() -> Claim837P:
    """A claim of 150.00 of which the first payer paid 100.00, wrote off 30.00 and left 20.00 to the patient."""
    sent = claim()
    sent.subscriber.sequence = "S"
    first = OtherPayer("P", filing_indicator="MB", amounts=[Amount("D", 10000), Amount("EAF", 2000)])
    first.person = Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id="MBI1")
    first.payer = Party("PR", "2", "MEDICARE", id_qualifier="PI", id="00435", dates=[Dated("573", DAY)])
    sent.other_payers = [first]
    for line, paid, contractual, share in zip(sent.lines, (7000, 3000), (2000, 1000), (1000, 1000), strict=True):
        ruling = LineAdjudication("00435", paid, line.procedure, units=line.units, dates=[Dated("573", DAY)])
        ruling.adjustments = [Adjustment("CO", "45", contractual), Adjustment("PR", "2", share)]
        line.adjudications = [ruling]
    return sent


def test_a_secondary_claim_carries_what_the_first_payer_did() -> None:
    text = wire(batch(secondary()))
    assert claims(text) == [secondary()]
    [found] = claims(text)
    assert found.other_payers[0].adjudication_date == DAY
    assert found.other_payers[0].amount("D") == 10000


def test_a_secondary_claim_that_does_not_add_up_is_refused() -> None:
    sent = secondary()
    sent.other_payers[0].amounts = [Amount("D", 10001)]
    assert refusal(sent) == {"prior_payer_out_of_balance"}
    sent = secondary()
    sent.lines[0].adjudications[0].paid = 6999
    assert "prior_line_out_of_balance" in refusal(sent)


def test_drugs_attachments_and_providers_come_back() -> None:
    sent = claim()
    sent.lines[0].drug = Drug("00002751001", quantity=sent.lines[0].units, unit="UN")
    sent.providers = [
        Party("DN", "1", "REFER", "DR", id_qualifier="XX", id="1234567893"),
        Party("82", "1", "RENDER", "DR", id_qualifier="XX", id="1234567893", provider_role="PE", taxonomy="207Q00000X"),
    ]
    [found] = claims(wire(batch(sent)))
    assert found == sent
    rendering = found.provider("82")
    assert rendering is not None
    assert rendering.taxonomy == "207Q00000X"


def test_a_claim_that_does_not_add_up_is_refused() -> None:
    sent = claim()
    sent.charge += 1
    assert refusal(sent) == {"claim_charge_not_lines"}


def test_what_the_guide_requires_must_be_there() -> None:
    sent = claim()
    sent.diagnoses = []
    assert refusal(sent) == {"missing_segment"}
    sent = claim()
    assert sent.billing.provider is not None
    sent.billing.provider.references = []
    assert refusal(sent) == {"missing_segment"}
    sent = claim()
    sent.lines[0].pointers = ()
    assert refusal(sent) == {"missing_element"}
    sent = claim()
    sent.claim_id = ""
    assert "missing_element" in refusal(sent)


def test_a_qualifier_without_a_place_is_refused_not_dropped() -> None:
    sent = claim()
    sent.references = [Reference("ZZ", "LOST")]
    assert refusal(sent) == {"unexpected_qualifier"}
    sent = claim()
    sent.providers = [Party("71", "1", "ATTENDING")]
    assert refusal(sent) == {"unexpected_qualifier"}


@pytest.mark.parametrize("name", ["DO*E", "DO~E", "DO:E", "DO\nE", "DO^E", "D\x00E"])
def test_a_delimiter_in_a_name_is_refused(name: str) -> None:
    sent = claim()
    assert sent.subscriber.person is not None
    sent.subscriber.person.last = name
    assert "delimiter_in_data" in refusal(sent)


def test_the_messages_name_nobody() -> None:
    sent = claim()
    assert sent.subscriber.person is not None
    sent.subscriber.person.last = "SECRETNAME" * 9
    sent.charge += 1
    with pytest.raises(X12WriteError) as caught:
        wire(batch(sent))
    assert "SECRETNAME" not in str(caught.value)


def test_service_dates_may_be_ranges() -> None:
    sent = claim()
    sent.lines[0].dates = [Dated("472", DAY, DAY + dt.timedelta(3))]
    [found] = claims(wire(batch(sent)))
    assert found.lines[0].service_date == DAY
    assert found.lines[0].service_date_end == DAY + dt.timedelta(3)
