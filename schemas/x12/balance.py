"""SNIP 3 for the 835: each service line, each claim, each payment adds up (X12 005010X221A1 section 1.10.2).

An `error` parks what it stands on: a claim (its CLP04 is unapplied cash, the rest of the check posts) or the whole payment.
A `warning` informs. All sums are in the message, in dollars.
"""

from __future__ import annotations

from typing import Literal

from schemas.x12.diagnostics import Diagnostic, Severity
from schemas.x12.finding_codes import Code
from schemas.x12.records.remittance import ClaimPayment835, Remittance835, ServicePayment
from schemas.x12.values import format_cents as money

REVERSAL = "22"
NEVER_POSTED = frozenset({"23", "25"})


def balance_line(line: ServicePayment, severity: Severity = "error") -> list[Diagnostic]:
    """Loop 2110: SVC03 = SVC02 - sum of its CAS."""
    adjusted = 0
    for adjustment in line.adjustments:
        adjusted += adjustment.cents
    if line.charge - adjusted == line.paid:
        return []
    text = (
        f"SVC03 {money(line.paid)} is not SVC02 {money(line.charge)} less adjustments {money(adjusted)} "
        f"(off by {money(line.paid - line.charge + adjusted)}); ask the payer for a corrected line"
    )
    return [_finding("line_out_of_balance", severity, line.position, text, "2110", "SVC03", "claim")]


def balance_claim(claim: ClaimPayment835) -> list[Diagnostic]:
    """Loop 2100: every line, CLP04 = CLP03 - all CAS, and with lines CLP04 = sum of SVC03 - claim level CAS.

    Claims that are never posted (CLP02 23, 25) only warn. Sum of SVC02 ≠ CLP03 and CLP05 ≠ sum of PR warn too.
    """
    at_claim = 0
    share = 0
    for adjustment in claim.adjustments:
        at_claim += adjustment.cents
        if adjustment.group == "PR":
            share += adjustment.cents
    charged = paid = at_lines = 0
    uneven = []
    for line in claim.lines:
        charged += line.charge
        paid += line.paid
        adjusted = 0
        for adjustment in line.adjustments:
            adjusted += adjustment.cents
            if adjustment.group == "PR":
                share += adjustment.cents
        at_lines += adjusted
        if line.charge - adjusted != line.paid:
            uneven.append(line)
    if (
        not uneven
        and claim.charge - at_claim - at_lines == claim.paid
        and (share == claim.patient_responsibility or claim.status == REVERSAL)
        and (not claim.lines or (charged == claim.charge and paid - at_claim == claim.paid))
    ):
        return []
    return _explain(claim, uneven, at_claim, at_lines, charged, paid, share)


def _explain(
    claim: ClaimPayment835,
    uneven: list[ServicePayment],
    at_claim: int,
    at_lines: int,
    charged: int,
    paid: int,
    share: int,
) -> list[Diagnostic]:
    severity: Severity = "warning" if claim.status in NEVER_POSTED else "error"
    found = [finding for line in uneven for finding in balance_line(line, severity)]
    place = claim.position
    if claim.charge - at_claim - at_lines != claim.paid:
        text = (
            f"CLP04 {money(claim.paid)} is not CLP03 {money(claim.charge)} less claim adjustments {money(at_claim)} "
            f"and line adjustments {money(at_lines)} (off by {money(claim.paid - claim.charge + at_claim + at_lines)}); "
            "ask the payer for a corrected claim"
        )
        found.append(_finding("claim_out_of_balance", severity, place, text, "2100", "CLP04", "claim"))
    if claim.lines and paid - at_claim != claim.paid:
        text = (
            f"CLP04 {money(claim.paid)} is not the lines' payments {money(paid)} less claim adjustments {money(at_claim)}; "
            "ask the payer for a corrected claim"
        )
        found.append(_finding("claim_payment_not_lines", severity, place, text, "2100", "CLP04", "claim"))
    if claim.lines and charged != claim.charge:
        text = f"the lines' charges {money(charged)} are not CLP03 {money(claim.charge)}; lines may be missing, ask the payer for all"
        found.append(_finding("claim_charge_not_lines", "warning", place, text, "2100", "CLP03", ""))
    if share != claim.patient_responsibility and claim.status != REVERSAL:
        text = f"CLP05 {money(claim.patient_responsibility)} is not the PR adjustments {money(share)}; these count, ask the payer which hold"
        found.append(_finding("patient_responsibility_differs", "warning", place, text, "2100", "CLP05", ""))
    return found


def tally(sums: list[int], claim: ClaimPayment835) -> None:
    """Adds a claim to the running sums of its payment: CLP04 and AMT*I (interest, which only informs)."""
    sums[0] += claim.paid
    for amount in claim.amounts:
        if amount.qualifier == "I":
            sums[1] += amount.cents


def balance_payment(payment: Remittance835, sums: list[int] | None = None) -> list[Diagnostic]:
    """The whole ST: BPR02 = sum of CLP04 - sum of PLB, and BPR02 ≥ 0. PLB interest (L6) ≠ sum of AMT*I warns.

    `sums` are those of `tally` when the claims were streamed past.
    """
    if sums is None:
        sums = [0, 0]
        for claim in payment.claims:
            tally(sums, claim)
    paid, interest = sums[:2]
    levelled = sum(item.cents for item in payment.provider_adjustments)
    place = payment.position + 1
    found = []
    if payment.amount != paid - levelled:
        text = (
            f"BPR02 {money(payment.amount)} is not the claims' payments {money(paid)} less provider adjustments "
            f"{money(levelled)} (off by {money(payment.amount - paid + levelled)}); ask the payer for a corrected remittance"
        )
        found.append(_finding("payment_out_of_balance", "error", place, text, "ST", "BPR02", "transaction"))
    if payment.amount < 0:
        text = f"BPR02 {money(payment.amount)} is negative; a payment cannot be, ask the payer to carry it forward by PLB FB"
        found.append(_finding("payment_negative", "error", place, text, "ST", "BPR02", "transaction"))
    if payment.amount > 0 and (payment.method == "NON" or payment.handling == "H"):
        element, word = ("BPR04", "NON") if payment.method == "NON" else ("BPR01", "H (notification only)")
        text = (
            f"{element} is {word} but BPR02 is {money(payment.amount)}; expect no money, ask the payer how it is paid"
        )
        found.append(_finding("payment_without_method", "warning", place, text, "ST", element, ""))
    levied = -sum(item.cents for item in payment.provider_adjustments if item.reason == "L6")
    if levied != interest and (levied or interest):
        text = f"interest by PLB L6 {money(levied)} is not that of the claims' AMT*I {money(interest)}; PLB counts, ask the payer which holds"
        found.append(_finding("interest_differs", "warning", place, text, "ST", "PLB", ""))
    return found


def _finding(
    code: Code,
    severity: Severity,
    place: int,
    text: str,
    loop: str,
    element: str,
    unit: Literal["claim", "transaction", ""],
) -> Diagnostic:
    return Diagnostic(code, severity, 3, place, text, loop, element, unit if severity == "error" else "")
