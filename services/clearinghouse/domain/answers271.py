"""271 (005010X279A1): one answer an inquiry, found by the trace of our 270."""

from collections.abc import Iterable, Iterator
from datetime import date

from schemas.events.payer_inbound import EligibilityAnswered
from schemas.x12 import Benefit, Dated, EligibilityAnswer, Response271
from services.clearinghouse.domain.drafts import KEY_LENGTH, Draft, Origin, own_claim

ACTIVE = frozenset({"1", "2", "3", "4", "5"})
"""EB01: active coverage in its variants."""
INACTIVE = frozenset({"6", "7", "8"})
PLAN = "30"
OTHER_PAYER = "R"
NOT_BEFORE = frozenset({"SEP", "TTP", "P4"})
"""NM101 of an EB*R's payer that does not come first: secondary, tertiary (a supplement), or a carrier of the past."""


def drafts(answer: Response271, st: int, origin: Origin) -> Iterator[Draft]:
    """One EligibilityAnswered a subject whose trace is ours."""
    for number, subject in enumerate(answer.subjects, 1):
        trace = own_trace(subject)
        if trace is not None:
            yield Draft(f"{st}/{number}", trace[:KEY_LENGTH], _answered(subject, trace, origin))


def own_trace(subject: EligibilityAnswer) -> str | None:
    """TRN02 of the 270 as the payer gives it back, at whichever level it stands."""
    traces = [*subject.traces, *subject.subscriber_traces, *subject.dependent_traces]
    found = (own_claim(trace.number) for trace in sorted(traces, key=lambda trace: trace.type != "2"))
    return next((trace for trace in found if trace is not None), None)


def _answered(subject: EligibilityAnswer, trace: str, origin: Origin) -> EligibilityAnswered:
    plan = [benefit for benefit in subject.benefits if not benefit.service_types or PLAN in benefit.service_types]
    codes = tuple(benefit.information for benefit in plan)
    begins, ends = _span([*subject.dates, *(entry for benefit in plan for entry in benefit.dates)])
    refusals = [*subject.rejections, *(refusal for benefit in subject.benefits for refusal in benefit.rejections)]
    return EligibilityAnswered(
        payer_id=origin.payer_id,
        trace=trace,
        active=bool(ACTIVE & set(codes)) and not INACTIVE & set(codes),
        benefit_codes=codes,
        reject_codes=tuple(dict.fromkeys(refusal.reason for refusal in refusals if refusal.reason)),
        plan_begins=begins,
        plan_ends=ends,
        other_payer_id=_other_payer(subject.benefits),
    )


def _span(dates: Iterable[Dated]) -> tuple[date | None, date | None]:
    """Plan begin and end: DTP 291 as a range, else 346 with 347, else 356 with 357."""
    begins: date | None = None
    ends: date | None = None
    for entry in dates:
        if entry.qualifier in ("291", "307"):
            begins, ends = begins or entry.date, ends or entry.end
        elif entry.qualifier in ("346", "356"):
            begins = begins or entry.date
        elif entry.qualifier in ("347", "357"):
            ends = ends or entry.date
    return begins, ends


def _other_payer(benefits: Iterable[Benefit]) -> str | None:
    """Id of the payer in loop 2120 of an EB*R that must be billed first."""
    parties = (party for benefit in benefits if benefit.information == OTHER_PAYER for party in benefit.entities)
    return next((party.id for party in parties if party.id and party.entity not in NOT_BEFORE), None)
