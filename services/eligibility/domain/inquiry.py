"""A question to a payer about one coverage (270), its answer (271), and when the answer serves another encounter."""

from datetime import date, datetime, timedelta

from schemas.codes.dated import remembered
from schemas.codes.eligibility_answers import CoverageStatus, eligibility_answers
from schemas.events.encounters import Member, PayerCoverage
from schemas.events.payer_inbound import EligibilityAnswered
from schemas.events.values import Person, Provider, Value
from services.eligibility.domain.identities import Identities

REUSE_DAYS = 30
"""An answer serves other encounters of the same service month for so long (practice: coverage is kept by the month)."""


class Question(Value):
    """What is asked, as keyed hashes: no member id rests in the document."""

    exact: str
    """Same question to the last element: an answer to one answers the other."""
    month: str
    """Same payer, member and service month."""


class Inquiry(Value):
    """One 270 that went out and what came back."""

    question: Question
    asked_at: datetime
    answered_at: datetime | None = None
    status: CoverageStatus = "payer_unavailable"
    reason_codes: tuple[str, ...] = ()
    plan_begins: date | None = None
    plan_ends: date | None = None
    other_payer_id: str | None = None

    def answered(self, answer: EligibilityAnswered, now: datetime) -> "Inquiry":
        """With the payer's answer; the codes are read by the table of the day."""
        status, codes = meaning(answer.active, answer.benefit_codes, answer.reject_codes, now.date())
        return self.model_copy(
            update={
                "answered_at": now,
                "status": status,
                "reason_codes": codes,
                "plan_begins": answer.plan_begins,
                "plan_ends": answer.plan_ends,
                "other_payer_id": answer.other_payer_id,
            }
        )

    def status_on(self, day: date) -> tuple[CoverageStatus, tuple[str, ...]]:
        """Status and codes on a date of service: an active plan counts only between its own dates."""
        begun = self.plan_begins is None or self.plan_begins <= day
        ended = self.plan_ends is not None and self.plan_ends < day
        if self.status == "active" and (ended or not begun):
            return "inactive", (*self.reason_codes, "plan_dates")
        return self.status, self.reason_codes

    def fresh(self, now: datetime) -> bool:
        """Whether the answer is young enough to be used again."""
        return self.answered_at is not None and now - self.answered_at < timedelta(days=REUSE_DAYS)


def ask(
    coverage: PayerCoverage, member: Member, patient: Person, provider: Provider, day: date, ids: Identities
) -> Question:
    """The question for a coverage on a date of service."""
    people = (part.model_dump_json() for part in (member, patient, provider))
    return Question(
        exact=ids.key("question", coverage.payer_id, coverage.relationship, day.isoformat(), *people),
        month=ids.key("coverage_month", coverage.payer_id, member.member_id, day.isoformat()[:7]),
    )


@remembered(1000)
def meaning(
    active: bool, benefit_codes: tuple[str, ...], reject_codes: tuple[str, ...], day: date
) -> tuple[CoverageStatus, tuple[str, ...]]:
    """The status that a 271 means, and the codes that say so (`AAA:75`, `EB:6`); a reject reason wins over benefits."""
    table = eligibility_answers(day)
    rejects = [(code, row.status) for code in reject_codes if (row := table.rejects.get(code))]
    if rejects:
        return rejects[0][1], tuple(f"AAA:{code}" for code, _ in rejects)
    if reject_codes:
        return "payer_unavailable", tuple(f"AAA:{code}" for code in reject_codes)
    known = [(code, row.status) for code in benefit_codes if (row := table.benefits.get(code))]
    ranked = sorted(known, key=lambda found: _RANK.index(found[1]))
    if not ranked:
        return ("active", ()) if active else ("payer_unavailable", ())
    status = ranked[0][1]
    return status, tuple(dict.fromkeys(f"EB:{code}" for code, of in ranked if of == status))


_RANK: tuple[CoverageStatus, ...] = ("active", "inactive", "other_payer", "payer_unavailable", "not_found")
"""Which of several benefit statements tells about the plan: an active one, else an inactive one."""
