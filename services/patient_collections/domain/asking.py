"""Statements: whom to ask for what today, what is too small to ask for, and when asking ends."""

from datetime import date, timedelta

from schemas.codes.statement_policy import statement_policy
from schemas.events.patients import CollectionEnded
from schemas.events.values import Cents
from services.patient_collections.domain.guarantor import Guarantor, Share, Statement


def paid_off(state: Guarantor, today: date) -> tuple[Guarantor, list[CollectionEnded]]:
    """Accounts that were asked for and owe nothing more."""

    def done(share: Share) -> bool:
        known = share.balance.morning(today)
        return bool(share.asked and share.applied and known and not known.held and known.owed == share.settled)

    return _ended(state, "paid", {a: s.applied for a, s in state.shares.items() if not s.ended and done(s)}, today)


def reopened(state: Guarantor, today: date) -> Guarantor:
    """An account that owes again after its end is asked for again, from the first statement."""
    fresh = {"ended": "", "asked": 0, "last_asked": None}
    again = {a: s.model_copy(update=fresh) for a, s in state.shares.items() if s.ended and s.askable(today) > 0}
    return state.with_shares(again)


def bad_debt(state: Guarantor, today: date) -> tuple[Guarantor, list[CollectionEnded]]:
    """Accounts that were asked for often enough and long ago become bad debt."""
    given_up = {}
    for account, share in state.shares.items():
        due = bad_debt_on(share, today)
        if due is not None and due <= today and (cents := share.askable(today)) > 0:
            given_up[account] = cents
    return _ended(_added(state, "bad_debt", given_up), "bad_debt", given_up, today)


def statement(
    state: Guarantor, guarantor: str, today: date
) -> tuple[Guarantor, Statement | None, list[CollectionEnded]]:
    """The statement of today, if one is due; a sum below the minimum is forgiven instead."""
    policy, asked = statement_policy(today), askable(state, today)
    if not asked or next_statement_on(state, today) > today:
        return state, None, []
    if sum(asked.values()) < policy.minimum_cents:
        state, told = _ended(_added(state, "forgiven", asked), "forgiven", asked, today)
        return state, None, told
    cycle = len(state.statements) + 1
    issued = Statement(
        statement_id=f"{guarantor}-{cycle:02d}",
        cycle=cycle,
        issued_on=today,
        due_on=today + timedelta(days=policy.days_to_pay),
        asked=asked,
    )
    shares = [(account, state.shares[account]) for account in asked]
    once_more = {a: s.model_copy(update={"asked": s.asked + 1, "last_asked": today}) for a, s in shares}
    return state.with_shares(once_more).model_copy(update={"statements": (*state.statements, issued)}), issued, []


def askable(state: Guarantor, today: date) -> dict[str, Cents]:
    """Open cents by account, of those that nothing holds and that were not asked for often enough yet; oldest first."""
    most = statement_policy(today).max_statements
    return {a: cents for a, s in state.oldest_first() if s.asked < most and (cents := s.askable(today)) > 0}


def next_statement_on(state: Guarantor, today: date) -> date:
    """The earliest day of the next statement: one a guarantor in each interval."""
    if not state.statements:
        return today
    return state.statements[-1].issued_on + timedelta(days=statement_policy(today).days_between)


def bad_debt_on(share: Share, today: date) -> date | None:
    """When an account becomes bad debt unless it is paid; None while it is still asked for."""
    if share.last_asked is None:
        return None
    policy = statement_policy(today)
    if share.asked < policy.max_statements:
        return None
    return share.last_asked + timedelta(days=policy.days_after_last)


def _added(state: Guarantor, place: str, accounts: dict[str, Cents]) -> Guarantor:
    shares = [(account, state.shares[account], cents) for account, cents in accounts.items()]
    return state.with_shares({a: s.model_copy(update={place: getattr(s, place) + cents}) for a, s, cents in shares})


def _ended(
    state: Guarantor, how: str, accounts: dict[str, Cents], today: date
) -> tuple[Guarantor, list[CollectionEnded]]:
    if not accounts:
        return state, []
    over = {account: state.shares[account].model_copy(update={"ended": how}) for account in accounts}
    return state.with_shares(over), [CollectionEnded(how=how, cents=sum(accounts.values()), ended_on=today)]
