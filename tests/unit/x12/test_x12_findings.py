"""Every finding that the package can make is declared, can be provoked, and has all that a machine and a person need."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest

from schemas.x12 import (
    AdditionalInformation275,
    Adjustment,
    ClaimInquiry,
    Dated,
    Diagnostic,
    EligibilityInquiry,
    EligibilityQuery,
    Group,
    Inquiry270,
    Party,
    RawDetail,
    StatusInquiry,
    StatusRequest276,
    Trace,
    TransactionSet,
    X12WriteError,
    read,
    write,
)
from schemas.x12.finding_codes import FINDINGS, Code
from tests.unit.x12.test_x12_information import documents
from tests.unit.x12.test_x12_rules import CASES, dental, every, first, hospital, insured, line, put
from tests.unit.x12.x12_examples import DAY, answer, batch, claim, envelope, payment, service, sound_payment, wire

PAYMENT = wire(sound_payment())
CLAIMS = wire(batch(claim()))
Provoke = Callable[[], list[Diagnostic]]


def told(data: str | bytes) -> list[Diagnostic]:
    """Everything that is said about a file."""
    reading = read(data.encode() if isinstance(data, str) else data, file="f")
    found = [finding for item in reading.transactions() for finding in item.diagnostics]
    return [*reading.diagnostics, *found]


def bend(old: str, new: str, text: str = PAYMENT) -> Provoke:
    """A sound file with one thing changed."""
    assert old in text
    return lambda: told(text.replace(old, new))


def cut(before: str, text: str = PAYMENT) -> Provoke:
    """A file that ends before something."""
    return lambda: told(text[: text.index(before)])


def refusal(make: Callable[[], bytes]) -> Provoke:
    """What writing is refused for."""

    def provoke() -> list[Diagnostic]:
        with pytest.raises(X12WriteError) as refused:
            make()
        return refused.value.diagnostics

    return provoke


def uneven(charge: int, paid: int, **changes: object) -> Provoke:
    """A payment with one claim of one line, bent after its sums were made."""

    def provoke() -> list[Diagnostic]:
        sent = payment(answer("A1", service(10000, Adjustment("CO", "59", 2500))))
        sent.claims[0] = replace(sent.claims[0], charge=charge, paid=paid, **changes)  # type: ignore[arg-type]
        return told(write(envelope(replace(sent, amount=paid)), unchecked=True))

    return provoke


def letter() -> AdditionalInformation275:
    """A 275 with a document of six bytes."""
    return documents(AdditionalInformation275, b"letter")


def secondary(amounts: str, svd: str = "80") -> str:
    """A claim to a second payer, as text: the first is said to have paid `amounts`, the lines `svd` and 40."""
    other = f"SBR*P*18*******CI~\n{amounts}OI***Y***Y~\nNM1*IL*1*DOE*JANE****MI*M2~\nNM1*PR*2*FIRST*****PI*P1~\nDTP*573*D8*20260104~\n"
    ruled = "SVD*P1*{}*HC:99213**1~\nCAS*CO*59*{}~\nDTP*573*D8*20260104~\n"
    text = CLAIMS.replace("SBR*P*18", "SBR*S*18").replace("LX*1~", f"{other}LX*1~")
    text = text.replace("REF*6R*L1~\n", "REF*6R*L1~\n" + ruled.format(svd, 20))
    return text.replace("REF*6R*L2~\n", "REF*6R*L2~\n" + ruled.format(40, 10))


SHORT_ISA = PAYMENT.replace("*00*          *00*          *", "*00**00**")
SIXTEEN = PAYMENT.split("~", 1)[0]
TWICE = Group("1", [sound_payment()])
REMEDY = re.compile(
    r"[;,] (ask|give|look|load|take|put|drop|remove|handle|compare|fill|code|split|expect|say|name|shorten)"
)
PROVOKED: dict[str, Provoke] = {
    "binary_longer": lambda: told(write(envelope(letter())).replace(b"BDS*ASC*6*", b"BDS*ASC*2*")),
    "binary_shorter": lambda: told(write(envelope(letter())).replace(b"BDS*ASC*6*", b"BDS*ASC*900000*")),
    "version_differs": bend("*X*005010X222A1~", "*X*005010X222A2~", CLAIMS),
    "control_number_repeated": refusal(lambda: write(replace(envelope(sound_payment()), groups=[TWICE, TWICE]))),
    "delimiter_in_data": refusal(lambda: write(envelope(batch(replace(claim("A~1")))))),
    "element_length": bend("REF*6R*L1", f"REF*6R*{'L' * 60}"),
    "envelope_length": refusal(lambda: write(replace(envelope(sound_payment()), sender=""))),
    "ge_control_number": bend("GE*1*101", "GE*1*102"),
    "ge_count": bend("GE*1*101", "GE*2*101"),
    "group_differs": refusal(lambda: write(envelope(sound_payment(), batch(claim())))),
    "group_missing": lambda: told(PAYMENT[PAYMENT.index("ST*") : PAYMENT.index("GE*")]),
    "group_truncated": bend("GE*1*101~\n", ""),
    "hl_number": bend("HL*2*1*22", "HL*5*1*22", CLAIMS),
    "hl_parent": bend("HL*2*1*22", "HL*2*7*22", CLAIMS),
    "iea_control_number": bend("IEA*1*000000101", "IEA*1*000000102"),
    "iea_count": bend("IEA*1*", "IEA*3*"),
    "interchange_truncated": cut("IEA*"),
    "isa_component": lambda: told(PAYMENT.replace("\n", "").replace("*0*P*:~GS*", "*0*P*~GS*")),
    "isa_length": lambda: told(SHORT_ISA),
    "isa_missing": lambda: told(PAYMENT[PAYMENT.index("GS*") :]),
    "isa_terminator": lambda: told(PAYMENT.replace("\n", "").replace("*0*P*:~GS*", "*0*P*:XGS*")),
    "isa_truncated": lambda: told(SIXTEEN[:60]),
    "malformed_element": bend("DTM*472*20260105", "DTM*472*20269905"),
    "missing_element": bend("SVC*HC:99213:25*100*60", "SVC**100*60"),
    "not_x12": lambda: told("Dear payer,"),
    "other_version": bend("005010X221A1", "004010X091A1"),
    "segment_count": lambda: told(re.sub(r"SE\*\d+\*", "SE*9*", PAYMENT)),
    "set_control_number": lambda: told(re.sub(r"SE\*(\d+)\*0001", r"SE*\1*0002", PAYMENT)),
    "set_not_supported": bend("ST*835*", "ST*834*"),
    "stray_segment": bend("ST*835*", "REF*X*Y~\nST*835*"),
    "stray_trailer": bend("GE*1*101", "GE*1*101~\nGE*1*101"),
    "text_before_isa": lambda: told("From: payer\n" + PAYMENT),
    "too_many_elements": bend("CLP*A1*1*100*60*15*12*PA1*11*1~", "CLP*A1*1*100*60*15*12*PA1*11*1*******Z~"),
    "transaction_truncated": lambda: told(re.sub(r"SE\*\d+\*0001~\n", "", PAYMENT)),
    "unused_element": bend("CLM*A1*150***11", "CLM*A1*150*Z**11", CLAIMS),
    "claim_outside_loop": bend("LX*1~\n", ""),
    "misplaced_segment": bend("BPR*", "SVC*HC:1*1*1~\nBPR*"),
    "missing_segment": lambda: told(re.sub(r"TRN\*.*~\n", "", PAYMENT)),
    "not_written": refusal(lambda: wire(replace(sound_payment(), payee=Party("PE", "", "CLINIC", first="X")))),
    "repeated_segment": lambda: told(re.sub(r"(TRN\*.*~\n)", r"\1\1", PAYMENT)),
    "segment_order": lambda: told(re.sub(r"(BPR\*.*~\n)(TRN\*.*~\n)", r"\2\1", PAYMENT)),
    "unexpected_qualifier": bend("REF*6R*L1", "REF*Q9*L1"),
    "unknown_segment": bend("DTM*472", "QQQ*1~\nDTM*472"),
    "bypassed_payer_differs": lambda: told(secondary("AMT*A8*7~\n")),
    "claim_charge_not_lines": bend("CLM*A1*150*", "CLM*A1*151*", CLAIMS),
    "claim_out_of_balance": uneven(10000, 7600),
    "claim_payment_not_lines": uneven(10000, 7600),
    "interest_differs": bend("SE*", "PLB*1*20261231*L6*0~\nPLB*1*20261231*L6:X*-1*WO:Y*1~\nSE*"),
    "line_out_of_balance": bend("CAS*CO*45*25~", "CAS*CO*45*24~"),
    "patient_responsibility_differs": bend("*60*15*12*", "*60*14*12*"),
    "value_mistyped": refusal(lambda: write(envelope(replace(sound_payment(), amount=60.0)))),
    "npi_check_digit": refusal(lambda: mistaken()),
    "value_not_allowed": bend("*Y*A*Y*Y~", "*Y*Z*Y*Y~", CLAIMS),
    "too_many_diagnoses": bend("HI*ABK:J020~", "HI*ABK:J020*ABK:J020~", CLAIMS),
    "charge_negative": bend("*150*", "*-150*", CLAIMS),
    "zip_not_nine_digits": bend("*122010001~", "*12201~", CLAIMS),
    "street_is_post_box": bend("N3*1 MAIN ST", "N3*PO BOX 1", CLAIMS),
    "payment_negative": bend("BPR*I*60*", "BPR*I*-60*"),
    "payment_out_of_balance": bend("BPR*I*60*", "BPR*I*61*"),
    "payment_without_method": bend("*C*CHK*", "*C*NON*"),
    "prior_line_out_of_balance": lambda: told(secondary("AMT*D*120~\n", "79")),
    "prior_payer_out_of_balance": lambda: told(secondary("AMT*D*121~\n")),
    "too_many_lines": lambda: told(write(envelope(batch(claim("A1", *[100] * 51))), unchecked=True)),
    "code_unknown": bend("CAS*CO*45*25", "CAS*CO*999*25"),
    "code_shape": bend("SVC*HC:99213:25*100", "SVC*HC:9*100"),
    "adjustment_group_not_allowed": bend("CAS*CO*45*25", "CAS*OA*45*25"),
    "admission_detail_missing": lambda: first(hospital(put(details=[]))),
    "admitting_diagnosis_missing": lambda: first(hospital(put(diagnoses=[]))),
    "attending_provider_missing": lambda: first(hospital(put(providers=[]))),
    "total_line_sent": lambda: first(hospital(line(revenue_code="0001"))),
}


def situation(code: str) -> Provoke | None:
    """The case of the rules' own tests."""
    for name, break_it, _ in CASES:
        if name == code:
            sent = claim()
            break_it(sent)
            return lambda: first(batch(sent))
    return None


DENTAL = {
    "orthodontic_banding_date_missing": put(details=[RawDetail("DN1", ("24",))]),
    "prior_placement_date_missing": line(prosthesis="R"),
}
HOSPITAL = {
    "admission_after_statement": put(dates=[Dated("434", DAY, DAY), Dated("435", DAY + dt.timedelta(1))]),
    "service_outside_statement": line(dates=[Dated("472", DAY + dt.timedelta(1))]),
    "statement_dates_missing": put(dates=[Dated("435", DAY)]),
    "health_insurance_rate_missing": every(put(facility_code="32"), insured(filing_indicator="MA")),
}
SETS: dict[str, Callable[[], TransactionSet]] = {
    "denied_but_paid": lambda: payment(answer("A1", service(10000), status="4")),
    "reversal_not_negative": lambda: payment(answer("A1", service(10000), status="22")),
    "payment_account_missing": lambda: replace(sound_payment(), method="ACH"),
    "provider_adjustment_reference_missing": lambda: without_reference(),
    "subscriber_not_identifiable": lambda: asked("270"),
    "claim_not_identifiable": lambda: asked("276"),
}


def mistaken() -> bytes:
    """A claim whose billing provider's NPI has a wrong check digit."""
    sent = claim()
    assert sent.billing.provider is not None
    sent.billing.provider = replace(sent.billing.provider, id="1234567890")
    return write(envelope(batch(sent)))


def without_reference() -> TransactionSet:
    """A payment that takes money back for nobody knows what."""
    sent = payment(answer("A1", service(10000)), levelled=500)
    sent.provider_adjustments[0].reference = ""
    return sent


def asked(set_id: str) -> TransactionSet:
    """A question that nobody can answer."""
    payer = Party("PR", "2", "ACME", id_qualifier="PI", id="60054")
    clinic = Party("1P", "2", "CLINIC", id_qualifier="XX", id="1234567893")
    nobody = Party("IL", "1", "DOE")
    if set_id == "270":
        subject = EligibilityInquiry(payer, clinic, nobody, queries=[EligibilityQuery(("30",))])
        return Inquiry270(reference_id="Q1", date=DAY, time="1200", subjects=[subject])
    house = Party("41", "2", "BILLCO", id_qualifier="46", id="S1")
    inquiry = StatusInquiry(payer, house, clinic, nobody, claims=[ClaimInquiry(Trace("1", "A1"))])
    return StatusRequest276(reference_id="Q2", date=DAY, time="1200", subjects=[inquiry])


def provoke(code: str) -> list[Diagnostic]:
    """The findings of a file that is made to provoke this one."""
    if code in PROVOKED:
        return PROVOKED[code]()
    if code in DENTAL:
        return first(dental(DENTAL[code]))
    if code in HOSPITAL:
        return first(hospital(HOSPITAL[code]))
    if code in SETS:
        return told(write(envelope(SETS[code]()), unchecked=True))
    found = situation(code)
    assert found is not None, f"nothing provokes {code}: add it to this test"
    return found()


@pytest.mark.parametrize("code", get_args(Code))
def test_a_declared_finding_can_be_provoked_and_says_all_that_is_needed(code: Code) -> None:
    found = [finding for finding in provoke(code) if finding.code == code]
    assert found, f"{code} was not said"
    for finding in found:
        assert finding.snip == FINDINGS[code].snip
        assert finding.element and (finding.loop or finding.code == "delimiter_in_data")
        assert finding.segment > 0 or finding.unit == "file"
        assert finding.severity in ("error", "warning", "info")
        assert (finding.severity == "error") or not finding.unit
        assert REMEDY.search(finding.message), finding.message


def test_every_code_is_described_once() -> None:
    assert set(FINDINGS) == set(get_args(Code))
    assert all(1 <= finding.snip <= 7 and finding.about for finding in FINDINGS.values())
    assert len({finding.about for finding in FINDINGS.values()}) == len(FINDINGS)
