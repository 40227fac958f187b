"""The morning's work on a guarantor: cash first, then what ended, then asking; all as of the night before."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from schemas.events.envelope import EventData
from schemas.events.patients import StatementIssued
from services.patient_collections.domain import asking, cash
from services.patient_collections.domain.guarantor import Guarantor, Statement

TIMER = "morning"


@dataclass(frozen=True, slots=True)
class Morning:
    """What the morning came to."""

    state: Guarantor
    events: tuple[EventData, ...]
    statement: Statement | None


def work(state: Guarantor, guarantor: str, today: date) -> Morning:
    """Post cash, end what is over, and ask for what is due."""
    state = asking.reopened(cash.rebalanced(state, today), today)
    state, payments = cash.posted(state, today)
    state, paid = asking.paid_off(state, today)
    state, given_up = asking.bad_debt(state, today)
    state, issued, forgiven = asking.statement(state, guarantor, today)
    events: list[EventData] = [*payments, *paid, *given_up, *forgiven]
    if issued is not None:
        events.append(_told(issued))
    return Morning(planned(state, today), tuple(events), issued)


def planned(state: Guarantor, today: date) -> Guarantor:
    """With the timer at the next morning that has work without further news."""
    days = [today + timedelta(days=1)] if _news(state, today) else []
    if asking.askable(state, today):
        days.append(asking.next_statement_on(state, today))
    days += [due for share in state.shares.values() if (due := _bad_debt(share, today)) and share.askable(today) > 0]
    later = [day for day in days if day > today]
    return wake(state, min(later)) if later else state


def wake(state: Guarantor, day: date) -> Guarantor:
    """Work on the morning of a day, or earlier where that is planned."""
    due = datetime.combine(day, time.min, UTC)
    known = state.timers.get(TIMER)
    return state if known and known <= due else state.model_copy(update={"timers": state.armed(TIMER, due)})


_bad_debt = asking.bad_debt_on


def _news(state: Guarantor, today: date) -> bool:
    heard = any(share.balance.learned_on >= today for share in state.shares.values())
    return heard or any(not payment.posted for payment in state.payments)


def _told(issued: Statement) -> StatementIssued:
    return StatementIssued(
        statement_id=issued.statement_id,
        cycle=issued.cycle,
        cents=issued.cents,
        issued_on=issued.issued_on,
        due_on=issued.due_on,
    )
