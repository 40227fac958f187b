"""835: what balances posts, what does not is parked alone, and everything a payer may send is survived."""

import datetime as dt

import pytest

from schemas.x12 import (
    Adjustment,
    Amount,
    ClaimPayment835,
    Diagnostic,
    Procedure,
    Remittance835,
    X12WriteError,
    balance_payment,
)
from tests.unit.x12.x12_examples import answer, payment, reread, service, sound_payment, wire

TEXT = wire(sound_payment())


def remittance(text: str) -> Remittance835:
    """The one payment of a text."""
    [transaction] = reread(text).transactions()
    assert isinstance(transaction, Remittance835)
    return transaction


def errors(findings: list[Diagnostic]) -> set[str]:
    """Codes of severity error."""
    return {finding.code for finding in findings if finding.severity == "error"}


def test_a_sound_payment_has_no_findings_and_every_field() -> None:
    found = remittance(TEXT)
    assert found.diagnostics == []
    assert found.identity == ("1512345678", "CHECK1", 6000, "2026-01-05")
    first, second = found.claims
    assert (first.claim_id, first.charge, first.paid, first.patient_responsibility) == ("A1", 10000, 6000, 1500)
    assert (first.payer_control_number, first.frequency, first.facility_code) == ("PA1", "1", "11")
    assert first.lines[0].procedure == Procedure("HC", "99213", ("25",))
    assert first.lines[0].line_control_number == "L1"
    assert first.lines[0].service_date == first.service_date == dt.date(2026, 1, 5)
    assert first.lines[0].allowed == 10000
    assert second.lines[0].adjustments == [Adjustment("CO", "197", 5000)]
    assert (second.position, second.ordinal) == (first.position + len(first.raw), 1)
    assert found.payer is not None
    assert found.payer.contacts[0].numbers == (("TE", "8005551212"),)


@pytest.mark.parametrize(
    ("old", "new", "element"), [("*C*CHK*", "*C*NON*", "BPR04"), ("BPR*I*60*", "BPR*H*60*", "BPR01")]
)
def test_a_notice_that_names_money_warns_and_posts(old: str, new: str, element: str) -> None:
    """BPR01 H and BPR04 NON mean that no money comes."""
    (finding,) = remittance(TEXT.replace(old, new)).diagnostics
    assert (finding.code, finding.severity, finding.element) == ("payment_without_method", "warning", element)


@pytest.mark.parametrize(
    ("old", "new", "codes", "parked"),
    [
        ("CAS*CO*45*25~", "CAS*CO*45*25.01~", {"line_out_of_balance", "claim_out_of_balance"}, [True, False]),
        ("CLP*A1*1*100*60*", "CLP*A1*1*100*61*", {"claim_out_of_balance", "claim_payment_not_lines"}, [True, False]),
        ("CLP*A1*1*100*60*15", "CLP*A1*1*100*60*14", set(), [False, False]),
        ("SVC*HC:99213:25*50*0", "SVC*HC:99213:25*50*0.01", {"line_out_of_balance"}, [False, True]),
        ("CAS*CO*45*25~", "CAS*CO*45*x~", {"malformed_element"}, [True, False]),
        ("CLP*A2*4*50", "CLP*A2*4*fifty", {"malformed_element"}, [False, True]),
        ("CLP*A2*4*50", "CLP*A2**50", {"missing_element"}, [False, True]),
    ],
)
def test_only_the_claim_that_is_hurt_is_set_aside(old: str, new: str, codes: set[str], parked: list[bool]) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new)
    claims = remittance(text).claims
    assert [claim.set_aside for claim in claims] == parked
    found = {finding.code for claim in claims for finding in claim.diagnostics if finding.severity == "error"}
    assert codes <= found
    assert all(finding.segment and finding.message for claim in claims for finding in claim.diagnostics)


def test_a_payment_that_does_not_add_up_is_parked_and_its_claims_are_not_blamed() -> None:
    found = remittance(TEXT.replace("BPR*I*60*", "BPR*I*62.16*"))
    assert errors(found.diagnostics) == {"payment_out_of_balance"}
    assert "off by 2.16" in next(f.message for f in found.diagnostics if f.code == "payment_out_of_balance")
    assert [claim.set_aside for claim in found.claims] == [False, False]
    assert next(f.unit for f in found.diagnostics if f.severity == "error") == "transaction"


def test_provider_adjustments_lower_the_payment_and_a_negative_one_is_refused() -> None:
    taken = payment(answer("A1", service(10000)), levelled=4000)
    assert taken.amount == 6000
    assert remittance(wire(taken)).provider_adjustments[0].cents == 4000
    below = payment(answer("A1", service(10000)), levelled=10001)
    assert errors(balance_payment(below)) == {"payment_negative"}
    with pytest.raises(X12WriteError, match="payment_negative"):
        wire(below)


def test_interest_that_plb_does_not_pay_warns() -> None:
    claim = answer("A1", service(10000))
    claim.amounts = [Amount("I", 120)]
    found = remittance(wire(payment(claim)))
    assert [finding.code for finding in found.diagnostics] == ["interest_differs"]
    assert errors(found.diagnostics) == set()


def test_a_claim_without_lines_balances_at_claim_level() -> None:
    text = wire(payment(_without_lines(CLP04=138018, charge=211366)))
    [claim] = remittance(text).claims
    assert (claim.lines, claim.diagnostics) == ([], [])


def _without_lines(CLP04: int, charge: int) -> ClaimPayment835:
    claim = answer("A1")
    claim.charge, claim.paid = charge, CLP04
    claim.adjustments = [Adjustment("CO", "45", charge - CLP04)]
    return claim


def test_six_triplets_with_empty_quantities_at_claim_and_line_level() -> None:
    six = [Adjustment("CO", str(carc), 100) for carc in (45, 97, 59, 131, 144, 253)]
    claim = answer("A1", service(10000, *six))
    text = wire(payment(claim))
    assert "CAS*CO*45*1**97*1**59*1**131*1**144*1**253*1~" in text
    assert remittance(text).claims[0].lines[0].adjustments == six
    at_claim = _without_lines(CLP04=9400, charge=10000)
    at_claim.adjustments = six
    assert remittance(wire(payment(at_claim))).claims[0].adjustments == six


def test_reversal_and_correction_in_one_check() -> None:
    first = answer("A1", service(-10000, Adjustment("CO", "45", -2500)), status="22")
    again = answer("A1", service(10000, Adjustment("CO", "45", 1500)))
    found = remittance(wire(payment(first, again)))
    assert [claim.status for claim in found.claims] == ["22", "1"]
    assert found.diagnostics == []
    assert found.amount == 1000


def test_what_is_never_posted_is_not_parked_for_its_sums() -> None:
    claim = answer("A1", service(10000))
    claim.status, claim.charge = "25", 20000
    [found] = remittance(wire(payment(claim), unchecked=True)).claims
    assert found.diagnostics
    assert not found.set_aside


def test_nine_claims_under_one_number_are_nine_claims() -> None:
    claims = [answer("SAME", service(100 * number)) for number in range(1, 10)]
    assert [claim.charge for claim in remittance(wire(payment(*claims))).claims] == [100 * n for n in range(1, 10)]


def test_several_payments_in_one_group_stand_alone() -> None:
    second = TEXT.replace("BPR*I*60*", "BPR*I*61*")
    start, end = TEXT.index("ST*835"), TEXT.index("GE*")
    both = TEXT[:end] + second[start:end].replace("0001", "0002") + TEXT[end:].replace("GE*1*", "GE*2*")
    payments = list(reread(both).transactions())
    assert [errors(item.diagnostics) for item in payments] == [set(), {"payment_out_of_balance"}]
    assert payments[0].position < payments[1].position


def test_a_line_shifted_by_one_element_hurts_its_claim_alone() -> None:
    claims = remittance(TEXT.replace("SVC*HC:99213:25*50*0", "SVC*HC*99213*50*0")).claims
    assert [claim.set_aside for claim in claims] == [False, True]


def test_an_unknown_segment_is_kept_and_said() -> None:
    found = remittance(TEXT.replace("AMT*B6*50~", "ZZZ*1~\nAMT*B6*50~"))
    assert found.claims[1].extras[0].text == "ZZZ*1"
    assert [finding.code for finding in found.claims[1].diagnostics] == ["unknown_segment"]
    assert not found.claims[1].set_aside
