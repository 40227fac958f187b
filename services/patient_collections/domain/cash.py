"""Patient cash: which account a payment pays, and what happens when an account owes less than was paid on it."""

from datetime import date

from schemas.events.patients import PatientPaymentApplied
from schemas.events.values import Cents
from services.patient_collections.domain.guarantor import Guarantor, Share


def rebalanced(state: Guarantor, today: date) -> Guarantor:
    """Where an account owes less than has a place on it, bad debt gives way first, then what was forgiven, then cash."""
    return state.with_shares(
        {
            account: _shrunk(share, excess)
            for account, share in state.shares.items()
            if share.settled and (excess := _excess(share, today)) > 0
        }
    )


def _excess(share: Share, today: date) -> Cents:
    known = share.balance.morning(today)
    return share.settled - (known.owed if known else 0)


def _shrunk(share: Share, excess: Cents) -> Share:
    changes: dict[str, Cents] = {}
    for place in ("bad_debt", "forgiven", "applied"):
        given = min(excess, getattr(share, place))
        changes[place] = getattr(share, place) - given
        excess -= given
    return share.model_copy(update=changes)


def posted(state: Guarantor, today: date) -> tuple[Guarantor, list[PatientPaymentApplied]]:
    """Payments of the days before today find their accounts, in the order they came; older unapplied cash first."""
    if not state.payments:
        return state, []
    state = applied(state, today)
    told = []
    waiting = sorted((p for p in state.payments if not p.posted), key=lambda p: (p.received_on, p.payment_id))
    for payment in (p for p in waiting if p.received_on < today):
        done = tuple(
            p.model_copy(update={"posted": True}) if p.payment_id == payment.payment_id else p for p in state.payments
        )
        before = state.applied
        state = applied(state.model_copy(update={"payments": done}), today)
        placed = min(payment.cents, state.applied - before)
        told.append(
            PatientPaymentApplied(
                payment_id=payment.payment_id,
                cents=payment.cents,
                applied=placed,
                unapplied=payment.cents - placed,
                received_on=payment.received_on,
            )
        )
    return state, told


def applied(state: Guarantor, today: date) -> Guarantor:
    """Cash at hand to the oldest open account that may be asked for, then to bad debt; the rest stays unapplied."""
    if state.cash <= 0:
        return state
    for account, share in state.oldest_first():
        paid = min(state.cash, share.askable(today))
        if paid > 0:
            state = state.with_share(account, share.model_copy(update={"applied": share.applied + paid}))
    for account, share in state.oldest_first():
        paid = min(state.cash, share.bad_debt)
        if paid > 0:
            changes = {"applied": share.applied + paid, "bad_debt": share.bad_debt - paid}
            state = state.with_share(account, share.model_copy(update=changes))
    return state
