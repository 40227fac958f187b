"""Guarantors: pay their statements by habit, some late, some in part, some never."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from deploy.local.actors.events import Heard, Record, command
from deploy.local.actors.policy import Habit, PatientPolicy
from deploy.local.payers.draws import between, unit
from schemas.events.commands import TakePatientPayment
from schemas.events.patients import StatementIssued


class Patients:
    """All guarantors of a simulation."""

    def __init__(self, seed: int, policy: PatientPolicy) -> None:
        self._seed = seed
        self._policy = policy

    def act(self, day: date, events: Iterable[Heard]) -> Iterator[Record]:
        """The payments of a day. The very first statement of a simulation is always paid."""
        statements = [event for event in events if event.type == StatementIssued.TYPE]
        first = min(statements, key=lambda one: (one.day, one.data["statement_id"]), default=None)
        for statement in statements:
            habit = self._payer(first) if statement is first else self.habit(statement.subject)
            cents = statement.data["cents"] * habit.pays_percent // 100
            if cents > 0 and statement.data["cycle"] >= habit.from_cycle and self._pays_on(statement, habit) == day:
                payment_id = f"{statement.data['statement_id']}-P"
                data = TakePatientPayment(payment_id=payment_id, cents=cents, method=habit.method)
                yield command("patients", payment_id, statement.subject, data, day)

    def habit(self, guarantor: str) -> Habit:
        """How this guarantor pays."""
        habits = self._policy.habits
        left = unit(self._seed, guarantor, "habit") * sum(habit.share for habit in habits)
        for habit in habits:
            left -= habit.share
            if left < 0:
                return habit
        return habits[-1]

    def _payer(self, statement: Heard) -> Habit:
        """The guarantor's habit, or where that pays nothing now, the habit that pays most and first."""
        own = self.habit(statement.subject)
        if own.pays_percent and own.from_cycle <= statement.data["cycle"]:
            return own
        return min(self._policy.habits, key=lambda habit: (habit.from_cycle, -habit.pays_percent))

    def _pays_on(self, statement: Heard, habit: Habit) -> date:
        days = between(habit.days.least, habit.days.most, self._seed, statement.data["statement_id"], "pays")
        return statement.day + timedelta(days=days)
