"""A patient: questions asked, answers kept, and the encounters that wait for them."""

from datetime import UTC, date, datetime, time, timedelta

from pydantic import Field

from schemas.document import Aggregate
from schemas.events.eligibility import VerifiedCoverage
from schemas.events.values import Value
from services.eligibility.domain.inquiry import REUSE_DAYS, Inquiry, Question
from services.eligibility.domain.order import billing_order

ANSWER_DAYS = 3
"""From asking: an encounter waits for its answers no longer, then goes on unverified."""
SLOTS = 100
"""Questions kept for a patient at a time: the trace of a 270 is the patient key and two digits."""
TIMER = "answers"


class AwaitedCoverage(Value):
    """A coverage of a waiting encounter and the inquiry that answers it (None: no question could be asked)."""

    payer_id: str
    priority: int
    slot: str | None


class Waiting(Value):
    """An encounter whose coverages are asked about."""

    revision: int
    service_date: date
    deadline: datetime
    coverages: tuple[AwaitedCoverage, ...]


class Verified(Value):
    """What was told about an encounter."""

    revision: int
    coverages: tuple[VerifiedCoverage, ...]


class Patient(Aggregate):
    """One patient of one partner; the key is the patient key."""

    inquiries: dict[str, Inquiry] = Field(default_factory=dict)
    """By slot, two digits."""
    waiting: dict[str, Waiting] = Field(default_factory=dict)
    """By account."""
    verified: dict[str, Verified] = Field(default_factory=dict)
    """By account, the newest revision."""

    def revision(self, account: str) -> int:
        """The newest revision of an account that was asked about, 0 if none."""
        waiting, verified = self.waiting.get(account), self.verified.get(account)
        return max(waiting.revision if waiting else 0, verified.revision if verified else 0)

    def answer_for(self, question: Question, day: date, now: datetime) -> str | None:
        """The slot of an inquiry that serves this question, answered or not; None: it must be asked.

        Of answers to another question of the month only those of an earlier instant count: encounters of one patient
        come in any order within a tick, and each order must ask the same.
        """
        exact = [slot for slot, found in self.inquiries.items() if _serves_exactly(found, question, now)]
        if exact:
            return max(exact, key=lambda slot: self.inquiries[slot].asked_at)
        month = [slot for slot, found in self.inquiries.items() if _serves_month(found, question, day, now)]
        return max(month, key=lambda slot: _youngest(self.inquiries[slot]), default=None)

    def free_slot(self, question: Question, now: datetime) -> str | None:
        """A slot for a new question: near its own hash, so that the order of asking hardly matters; None if all wait."""
        first = int.from_bytes(question.exact.encode(), "big") % SLOTS
        taken = {slot for slot, found in self.inquiries.items() if not _spent(found, now)}
        return next((slot for n in range(SLOTS) if (slot := f"{(first + n) % SLOTS:02d}") not in taken), None)

    def asked(self, slot: str, question: Question, now: datetime) -> "Patient":
        """With a new inquiry; spent ones are forgotten."""
        kept = {name: found for name, found in self.inquiries.items() if not _spent(found, now)}
        return self.model_copy(update={"inquiries": {**kept, slot: Inquiry(question=question, asked_at=now)}})

    def waits(
        self, account: str, revision: int, day: date, coverages: tuple[AwaitedCoverage, ...], now: datetime
    ) -> "Patient":
        """With an encounter waiting until midnight of the last day for answers."""
        deadline = datetime.combine(now.date() + timedelta(days=ANSWER_DAYS), time(), UTC)
        waiting = Waiting(revision=revision, service_date=day, deadline=deadline, coverages=coverages)
        return self._with({**self.waiting, account: waiting}, self.verified)

    def settled(self, now: datetime) -> tuple["Patient", dict[str, Verified]]:
        """Without the encounters that need not wait any more, and what is verified of each.

        An answer at or after the deadline is late, whichever of timer and answer is handled first.
        """
        if not self.waiting:
            return self, {}
        done = {
            account: self._verified(waiting, now)
            for account, waiting in self.waiting.items()
            if now >= waiting.deadline or all(self._in_time(waiting, c) for c in waiting.coverages)
        }
        if not done:
            return self._with(self.waiting, self.verified), done
        waiting = {account: found for account, found in self.waiting.items() if account not in done}
        return self._with(waiting, {**self.verified, **done}), done

    def _with(self, waiting: dict[str, Waiting], verified: dict[str, Verified]) -> "Patient":
        """With these encounters waiting and verified, and the timer at the earliest deadline."""
        due = min([found.deadline for found in waiting.values()], default=None)
        if waiting is self.waiting and self.timers.get(TIMER) == due:
            return self
        timers = self.disarmed(TIMER) if due is None else self.armed(TIMER, due)
        return self.model_copy(update={"waiting": waiting, "verified": verified, "timers": timers})

    def _in_time(self, waiting: Waiting, coverage: AwaitedCoverage) -> bool:
        if coverage.slot is None:
            return True
        answered = self.inquiries[coverage.slot].answered_at
        return answered is not None and answered < waiting.deadline

    def _verified(self, waiting: Waiting, now: datetime) -> Verified:
        told = tuple(self._told(waiting, coverage, now) for coverage in waiting.coverages)
        return Verified(revision=waiting.revision, coverages=billing_order(told))

    def _told(self, waiting: Waiting, coverage: AwaitedCoverage, now: datetime) -> VerifiedCoverage:
        known = {"payer_id": coverage.payer_id, "priority": coverage.priority, "verified_on": now.date()}
        if coverage.slot is None or not self._in_time(waiting, coverage):
            why = "too_many_questions" if coverage.slot is None else "no_answer"
            return VerifiedCoverage(**known, status="payer_unavailable", reason_codes=(why,))
        inquiry = self.inquiries[coverage.slot]
        status, codes = inquiry.status_on(waiting.service_date)
        return VerifiedCoverage(**known, status=status, reason_codes=codes, other_payer_id=inquiry.other_payer_id)


def _serves_exactly(found: Inquiry, question: Question, now: datetime) -> bool:
    if found.question.exact != question.exact:
        return False
    if found.answered_at is None or found.answered_at == now:
        # whether the answer of this instant or the encounter was handled first must not matter
        return now - found.asked_at < timedelta(days=ANSWER_DAYS)
    return found.status == "active" and found.fresh(now)


def _serves_month(found: Inquiry, question: Question, day: date, now: datetime) -> bool:
    if found.question.month != question.month or found.answered_at is None or found.answered_at >= now:
        return False
    return found.fresh(now) and found.status_on(day)[0] == "active"


def _youngest(found: Inquiry) -> tuple[datetime, datetime, str]:
    return found.answered_at or found.asked_at, found.asked_at, found.question.exact


def _spent(found: Inquiry, now: datetime) -> bool:
    return now - found.asked_at >= timedelta(days=REUSE_DAYS + ANSWER_DAYS)
