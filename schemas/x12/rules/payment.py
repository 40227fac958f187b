"""Rules of the 835 (005010X221A1): what contradicts itself although it balances."""

from __future__ import annotations

from datetime import date

from schemas.x12.delimiters import Delimiters
from schemas.x12.diagnostics import Diagnostic
from schemas.x12.records.remittance import Remittance835
from schemas.x12.rules.rule import Rule, Rules

DENIED, REVERSED = "4", "22"

UNITS = (
    Rule(
        "denied_but_paid",
        "2100",
        "CLP02",
        lambda claim: claim.status == DENIED,
        lambda claim: claim.paid == 0,
        "CLP02 says denied, but CLP04 is not zero; the amounts count, ask the payer what the status should be",
    ),
    Rule(
        "reversal_not_negative",
        "2100",
        "CLP04",
        lambda claim: claim.status == REVERSED,
        lambda claim: claim.charge <= 0 and claim.paid <= 0,
        "CLP02 says reversal, but CLP03 or CLP04 is above zero; ask the payer which payment it takes back",
    ),
)


def odd(texts: list[str], _: Delimiters) -> bool:
    """CLP, for the quick pass: a reversal, or a denial with money."""
    status = texts[2] if len(texts) > 2 else ""
    return status == REVERSED or (status == DENIED and len(texts) > 4 and bool(texts[4].strip("0.")))


RULES = Rules(UNITS, odd={"CLP": odd})


def judge_payment(payment: Remittance835) -> list[Diagnostic]:
    """What a whole payment lacks: the accounts of an electronic one, the claim of money that PLB takes back."""
    found = []
    place = payment.position + 1
    if payment.method == "ACH" and payment.amount and not (payment.receiver_account and payment.sender_account):
        text = "BPR04 is ACH, but BPR09 or BPR15 names no account; ask the payer, the deposit cannot be matched by it"
        found.append(Diagnostic("payment_account_missing", "warning", 4, place, text, "ST", "BPR15"))
    for item in payment.provider_adjustments:
        if not item.reference and payment.date and _takes_back(item.reason, payment.date):
            text = f"PLB takes money back ({item.reason}) without saying for which claim; ask the payer for PLB03-2"
            position = item.position or place
            found.append(
                Diagnostic("provider_adjustment_reference_missing", "warning", 4, position, text, "ST", "PLB03")
            )
    return found


def _takes_back(reason: str, day: date) -> bool:
    from schemas.codes.plb_reasons import takes_back

    return takes_back(reason, day)
