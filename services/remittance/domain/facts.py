"""What remittance's outcome is made of (DESIGN §4.10)."""

from schemas.document import Aggregate
from services.remittance.domain.check import Check, Payment
from services.remittance.domain.terms import terms


def facts(key: str, state: Aggregate) -> list[str]:
    """One line for the check's money, one for each claim and each parked payment.

    A check is named by payer and date: its key is made of the payer's trace number, which is no fact.
    """
    if not isinstance(state, Check):
        return []
    lines = [_payment("posted", state.posted)] if state.posted else []
    lines += [f"{_payment('parked', found.payment)} {found.reason}" for found in state.parked]
    lines += [f"{_payment('superseded', found.payment)} {found.reason}" for found in state.superseded]
    lines += [f"{_name(state)} repeated claims={repeat.claims}" for repeat in state.repeats]
    lines.append(_cash(state))
    lines += [
        f"{_name(state)} {place.disposition} {place.claim_id or place.account} {place.result} {place.cents} {place.reason}"
        for place in state.places.values()
    ]
    lines += [f"{_name(state)} recouped {entry.claim_id} {entry.cents}" for entry in state.recouped.values()]
    if state.deposit is not None:
        lines.append(f"{_name(state)} deposit={state.deposit.cents} on={state.deposit.deposited_on}")
    return sorted(lines)


def _name(state: Check) -> str:
    payment = state.posted or (state.parked[-1].payment if state.parked else None)
    return f"check {payment.payer_id} {payment.paid_on}" if payment else "check"


def _cash(state: Check) -> str:
    cash = terms(state)
    return (
        f"{_name(state)} complete={state.complete} payer_paid={cash.payer_paid} owed_to_payers={cash.owed_to_payers} "
        f"provider_level={cash.provider_level} unapplied={cash.unapplied}"
    )


def _payment(how: str, payment: Payment) -> str:
    return f"check {payment.payer_id} {payment.paid_on} {how} cents={payment.cents} claims={payment.claims}"
