"""SNIP 3 for the 837: CLM02 = sum of the lines' charges, and what prior payers are said to have done adds up (005010X222A1 1.4.2)."""

from __future__ import annotations

from schemas.x12.diagnostics import Diagnostic
from schemas.x12.records.claim import Claim837, LineAdjudication, OtherPayer, ServiceLine
from schemas.x12.values import format_cents as money

WHOLE = "ask the sender to correct the claim"


def balance_submission(claim: Claim837) -> list[Diagnostic]:
    """CLM02 = ΣSV102 (SV203, SV302); per prior payer AMT*D = CLM02 - ΣCAS(2320) - ΣCAS(2430 of that payer); AMT*A8 = CLM02
    where it was bypassed; per adjudicated line and payer ΣSVD02 = charge - ΣCAS(2430)."""
    found: list[Diagnostic] = []
    charged = 0
    for line in claim.lines:
        charged += line.charge
    if claim.lines and charged != claim.charge:
        text = f"CLM02 {money(claim.charge)} is not the lines' charges {money(charged)}; {WHOLE}"
        found.append(Diagnostic("claim_charge_not_lines", "error", 3, claim.position, text, "2300", "CLM02", "claim"))
    if not claim.lines:
        text = f"the claim has no service line; {WHOLE}"
        found.append(Diagnostic("missing_segment", "error", 2, claim.position, text, "2400", "LX", "claim"))
    for payer in claim.other_payers:
        found += _balance_payer(claim, payer)
    if claim.other_payers:
        found += _balance_adjudications(claim)
    return found


def _balance_payer(claim: Claim837, payer: OtherPayer) -> list[Diagnostic]:
    bypassed, paid = payer.amount("A8"), payer.amount("D")
    if bypassed is not None and paid is None:
        if bypassed == claim.charge:
            return []
        text = f"AMT*A8 {money(bypassed)} is not CLM02 {money(claim.charge)} though this payer was bypassed; {WHOLE}"
        return [Diagnostic("bypassed_payer_differs", "warning", 3, claim.position, text, "2320", "AMT02")]
    if paid is None:
        return []
    adjusted = sum(item.cents for item in payer.adjustments)
    name = payer.payer.id if payer.payer else ""
    for line in claim.lines:
        for ruling in line.adjudications:
            if ruling.payer_id == name:
                adjusted += sum(item.cents for item in ruling.adjustments)
    if claim.charge - adjusted == paid:
        return []
    text = f"AMT*D {money(paid)} is not CLM02 {money(claim.charge)} less that payer's adjustments {money(adjusted)}; {WHOLE}"
    return [Diagnostic("prior_payer_out_of_balance", "error", 3, claim.position, text, "2320", "AMT02", "claim")]


def _balance_adjudications(claim: Claim837) -> list[Diagnostic]:
    found = []
    for line in claim.lines:
        rulings: dict[str, list[LineAdjudication]] = {}
        for ruling in line.adjudications:
            rulings.setdefault(ruling.payer_id, []).append(ruling)
        for several in rulings.values():
            found += _balance_line(line, several)
    return found


def _balance_line(line: ServiceLine, rulings: list[LineAdjudication]) -> list[Diagnostic]:
    """What one payer did with one line: several 2430 where it took the line apart (unbundled), and together they are its charge."""
    paid = sum(ruling.paid for ruling in rulings)
    adjusted = sum(item.cents for ruling in rulings for item in ruling.adjustments)
    if line.charge - adjusted == paid or any(ruling.bundled_line for ruling in rulings):
        return []
    text = f"SVD02 {money(paid)} is not the line's charge {money(line.charge)} less {money(adjusted)}; {WHOLE}"
    return [Diagnostic("prior_line_out_of_balance", "error", 3, line.position, text, "2430", "SVD02", "claim")]
