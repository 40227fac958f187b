"""The faults that other projects' files show, on files of our own: each is set aside alone, for the reason it has."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from schemas.x12 import read
from tests.unit.x12.x12_examples import answer, batch, claim, payment, service, sound_payment, wire
from tests.unit.x12.x12_invariants import hold

PAYMENT, BATCH = wire(sound_payment()).replace("\n", ""), wire(batch(claim("A1"), claim("A2"))).replace("\n", "")
TABLE = Path(__file__).parents[2] / "contract" / "x12" / "sample_faults.yaml"
OTHER_PAYER = "SBR*S*18*******CI~{0}OI***Y***Y~NM1*IL*1*DOE*JANE****MI*M1~N3*2 ELM~N4*TROY*NY*12180~NM1*PR*2*OTHER*****PI*999~LX*1~"
REFUND = wire(payment(answer("A1", service(-5000))), unchecked=True)

# a file, claims set aside, transactions set aside, codes of all errors
FAULTS = {
    "a line whose adjustment is a cent off": (
        PAYMENT.replace("CAS*CO*197*50~", "CAS*CO*197*49.99~"),
        (1, 0, "line_out_of_balance claim_out_of_balance"),
    ),
    "a claim that pays what its lines do not": (
        PAYMENT.replace("CLP*A2*4*50*0*", "CLP*A2*4*50*1*").replace("BPR*I*60*", "BPR*I*61*"),
        (1, 0, "claim_out_of_balance claim_payment_not_lines"),
    ),
    "a check that its claims do not make": (
        PAYMENT.replace("BPR*I*60*", "BPR*I*61*"),
        (0, 1, "payment_out_of_balance"),
    ),
    "a check below nothing": (REFUND, (0, 1, "payment_negative")),
    "a name where an amount should be": (
        PAYMENT.replace("BPR*I*60*", "BPR*I*AMOUNT*"),
        (0, 1, "malformed_element payment_out_of_balance"),
    ),
    "an adjustment group that nobody knows": (PAYMENT.replace("CAS*CO*197", "CAS*ZZ*197"), (1, 0, "code_unknown")),
    "a claim that its lines do not make": (
        BATCH.replace("CLM*A1*150*", "CLM*A1*151*"),
        (1, 0, "claim_charge_not_lines"),
    ),
    "a claim without lines": (
        BATCH[: BATCH.index("LX*1~")] + BATCH[BATCH.index("CLM*A2*") :].replace("SE*35", "SE*27"),
        (1, 0, "missing_segment"),
    ),
    "institutional lines in a professional claim": (
        BATCH.replace("SV1*HC:99213*100*", "SV2*0300*HC:99213*100*", 1),
        (1, 0, "claim_charge_not_lines"),
    ),
    "another payer that paid and adjusted nothing": (
        BATCH.replace("LX*1~", OTHER_PAYER.format("AMT*D*100~"), 1),
        (1, 0, "prior_payer_out_of_balance"),
    ),
    "a line that another payer paid and adjusted nothing": (
        BATCH.replace("LX*1~", OTHER_PAYER.format("AMT*D*150~"), 1).replace(
            "REF*6R*L1~", "REF*6R*L1~SVD*999*50*HC:99213**1~DTP*573*D8*20260105~", 1
        ),
        (1, 0, "prior_line_out_of_balance"),
    ),
    "a set that breaks off": (PAYMENT[: PAYMENT.index("~SE*") + 1], (0, 1, "transaction_truncated")),
    "a set without its tree": (
        BATCH[: BATCH.index("HL*1*")] + BATCH[BATCH.index("~SE*") + 1 :],
        (0, 1, "missing_segment"),
    ),
    "an ISA alone": (PAYMENT[:106], (0, 0, "interchange_truncated")),
    "a letter": ("Dear payer,", (0, 0, "not_x12")),
}


def found(text: str) -> tuple[int, int, set[str]]:
    """Claims and transactions set aside, codes of all errors."""
    reading = hold(text.encode())
    transactions = list(reading.transactions())
    everything = [*reading.diagnostics, *(item for tx in transactions for item in tx.diagnostics)]
    off = [tx for tx in transactions if any(f.severity == "error" and f.unit == "transaction" for f in tx.diagnostics)]
    return reading.claims_set_aside, len(off), {item.code for item in everything if item.severity == "error"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_sets_aside_what_it_hurts_and_no_more(name: str) -> None:
    text, (aside, off, codes) = FAULTS[name]
    assert found(text) == (aside, off, set(codes.split()))


def test_every_reason_that_others_files_give_is_covered_here() -> None:
    table = yaml.safe_load(TABLE.read_text())
    elsewhere = {code for _, _, codes, _ in table.values() for code in codes.split()}
    assert elsewhere <= {code for _, (_, _, codes) in FAULTS.values() for code in codes.split()}


def test_the_files_that_are_bent_are_sound() -> None:
    assert found(PAYMENT) == found(BATCH) == (0, 0, set())


@pytest.mark.parametrize("version", ["004010X096A1", "004010X098A1", "005010X222A1"])
def test_the_other_payers_patient_of_4010_ends_no_claim(version: str) -> None:
    patient = OTHER_PAYER.format("").replace("LX*1~", "NM1*QC*1******MI*W5~LX*1~")
    lines = ("SV1*HC:99213*", "SV2*0300*HC:99213*") if "X096" in version else ("", "")
    text = BATCH.replace("LX*1~", patient).replace("005010X222A1", version).replace(*lines)
    reading = read(text.encode())
    [transaction] = reading.transactions()
    claims = transaction.claims  # type: ignore[attr-defined]
    assert [len(item.lines) for item in claims] == [2, 2]
    assert claims[0].other_payers[0].providers[0].id == "W5"
    assert reading.claims_set_aside == 0
