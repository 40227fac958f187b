"""Denials whose right or wrong lies in the care itself: authorisation, necessity, documents, time, pairs of claims."""

from collections.abc import Iterable
from datetime import timedelta

from deploy.local.payers.deciding.context import PastLine
from deploy.local.payers.draws import number
from deploy.local.population.base import charge, document, plain_encounter
from deploy.local.population.breaking import diagnoses
from deploy.local.population.catalogue import catalogue
from deploy.local.population.draft import Draft
from deploy.local.population.from_members import everyday
from deploy.local.population.from_rules import broken, objected, procedure_sets, target
from deploy.local.population.made import VISIT, Made, Order, fresh
from deploy.local.population.patients import Patient, patient
from deploy.local.population.repair import repaired
from deploy.local.population.rules import Named, denied, refused


def overlooked(order: Order, named: Named, cause: str) -> Made | None:
    """The number is on the claim and on file; the payer denies by mistake. An appeal with its own letter wins."""
    found = broken(order, named)
    if found is None:
        return None
    good, _, _ = found
    letter = document("authorization_letter", good, "authorization")
    bad = good.but(
        granted=tuple(entry.model_copy(update={"overlooked": True}) for entry in good.granted), documents=(letter,)
    )
    if not bad.granted or not objected(bad, named):
        return None
    return Made(bad, (), "authorization_overlooked", cause, named.rule.id, "appeal")


def wrong_number(order: Order, named: Named, cause: str) -> Made | None:
    """Two digits of the number are exchanged; the corrected claim wins."""
    found = broken(order, named)
    if found is None:
        return None
    good, _, _ = found
    bad = good.but(authorization=f"{good.authorization}X")
    return (
        Made(bad, (good,), "authorization_wrong_number", cause, named.rule.id, "correction")
        if objected(bad, named)
        else None
    )


def never_asked(order: Order, named: Named, cause: str) -> Made | None:
    """Nobody asked for an authorisation, and there was time to ask."""
    found = broken(order, named)
    if found is None:
        return None
    bad = found[1].but(granted=())
    return Made(bad, (), "authorization_never_asked", cause, named.rule.id, "nothing")


def used_up(order: Order, named: Named, cause: str) -> Made | None:
    """More units than the payer has granted, and nothing says that they were needed."""
    found = broken(order, named)
    if found is None or named.rule.units_used_up is None:
        return None
    good, _, at = found
    short = good.lines[at].units - 1
    bad = good.but(granted=tuple(entry.model_copy(update={"units": short}) for entry in good.granted))
    return Made(bad, (), "authorization_used_up", cause, named.rule.id, "nothing") if objected(bad, named) else None


def emergency(order: Order, named: Named, cause: str) -> Made | None:
    """There was no time to ask; the claim does not say so, the emergency record does."""
    found = broken(order, named)
    if found is None or not any(win.fact == "emergency" for win in order.payer.appeals.wins):
        return None
    record = document("emergency_record", found[1], "emergency")
    bad = found[1].but(granted=(), documents=(record,)).fact(emergency=True)
    return Made(bad, (), "authorization_emergency", cause, named.rule.id, "appeal")


def record_meets(order: Order, named: Named, cause: str) -> Made | None:
    """The coded diagnosis falls short of the policy, the record meets it: an appeal with the record wins."""
    found = _unexplained(order, named)
    if found is None:
        return None
    bad, _ = found
    bad = bad.but(documents=(document("medical_record", bad, "necessity"),)).fact(record_meets_policy=True)
    return Made(bad, (), "necessity_record_meets", cause, named.rule.id, "appeal")


def record_fails(order: Order, named: Named, cause: str) -> Made | None:
    """The provider believes in the record, which does not meet the policy: an appeal is upheld."""
    found = _unexplained(order, named)
    if found is None:
        return None
    bad, _ = found
    bad = bad.but(documents=(document("medical_record", bad, "necessity"),))
    return Made(bad, (), "necessity_record_fails", cause, named.rule.id, "nothing")


def better_diagnosis(order: Order, named: Named, cause: str) -> Made | None:
    """The record supports a diagnosis that the policy covers; nobody coded it."""
    found = _unexplained(order, named)
    if found is None:
        return None
    bad, good = found
    return Made(bad, (good,), "necessity_better_diagnosis", cause, named.rule.id, "correction")


def _unexplained(order: Order, named: Named) -> tuple[Draft, Draft] | None:
    for procedures in procedure_sets(named, order):
        good = fresh(order, procedures)
        at = target(good, named) if good else None
        bad = diagnoses(good, at, named.rule) if good and at is not None else None
        if good and bad and objected(bad, named):
            return bad, good
    return None


def with_record(order: Order, named: Named, cause: str) -> Made | None:
    """The payer asks for the record, which is at hand and meets the policy."""
    bad = _requested(order, named)
    if bad is None:
        return None
    kind = named.rule.kinds[0]
    bad = bad.but(documents=(document(kind, bad, "necessity"),)).fact(record_meets_policy=True)
    return Made(bad, (), "documents_at_hand", cause, named.rule.id, "documents")


def without_record(order: Order, named: Named, cause: str) -> Made | None:
    """The payer asks for the record, which nobody can find."""
    bad = _requested(order, named)
    return Made(bad, (), "documents_lost", cause, named.rule.id, "nothing") if bad else None


def excluded(order: Order, named: Named, cause: str) -> Made | None:
    """The plan does not cover the service."""
    bad = _requested(order, named)
    return Made(bad, (), "not_covered_excluded", cause, named.rule.id, "nothing") if bad else None


def _requested(order: Order, named: Named) -> Draft | None:
    """An encounter that only this rule stops, whatever one does; a payable line may stand beside it."""
    plan = next(iter(named.rule.plans), "")
    codes = catalogue().within(named.rule.procedures) if named.rule.procedures else [VISIT]
    code = codes[number("codes", order.seed, order.name) % len(codes)]
    sets: Iterable[tuple[str, ...]] = ((VISIT, code), (code,)) if number("part", order.name) % 2 else ((code,),)
    for procedures in sets:
        ages = None if order.payer.published.kind == "medicare" else (19, 63)
        who = patient(order.payer, order.seed, order.name, plan=plan, age=ages)
        draft = plain_encounter(who, procedures, order.day, order.seed, order.name)
        if not refused(draft) and {finding.rule for finding in denied(draft).values()} == {named.rule.id}:
            return draft
    return None


def misdated(order: Order) -> Made | None:
    """The claim was accepted in time, the payer counts wrongly: its own acceptance wins where it hears such appeals."""
    good = everyday(order)
    if good is None:
        return None
    bad = good.fact(misdated=True)
    heard = any(win.fact == "timely" for win in order.payer.appeals.wins)
    return Made(bad, (), "late_misdated", "late", "filing_limit", "appeal" if heard else "nothing")


def plan_limit(order: Order) -> Made | None:
    """The member's plan has a shorter limit than the manual says: late, and nothing wins."""
    for plan, days in order.payer.rules.filing_limit.plans.items():
        if days + 20 > order.payer.published.filing_days:
            continue
        for step in range(4):
            code = catalogue().draw(order.seed, order.name, step)
            who = patient(order.payer, order.seed, order.name, plan=plan)
            draft = plain_encounter(who, (code,), order.day, order.seed, order.name, age_days=days + 5)
            bad = repaired_but_late(draft)
            if bad is not None:
                return Made(bad, (), "late_plan_limit", "late", "filing_limit", "nothing")
    return None


def repaired_but_late(draft: Draft) -> Draft | None:
    """The draft with everything right but its date."""
    on_time = draft.but(service_date=draft.service_date + timedelta(days=300))
    good = repaired(on_time)
    if good is None or good.granted:
        return None
    bad = good.but(service_date=draft.service_date)
    return bad if {finding.rule for finding in denied(bad).values()} == {"filing_limit"} and not refused(bad) else None


def duplicate(order: Order) -> Made | None:
    """The same service, sent as two encounters."""
    first = everyday(order)
    if first is None:
        return None
    gap = pair_gap(order)
    second = first.but(day=first.day + gap)
    found = denied(second, past_lines(first))
    if {finding.rule for finding in found.values()} != {"duplicates"}:
        return None
    return Made(second, (), "other_duplicate", "other", "duplicates", "nothing", before=first)


def too_often(order: Order, named: Named, cause: str) -> Made | None:
    """A service again before its time."""
    if named.rule.times != 1:
        return None
    return _after(order, named, cause, min(named.rule.days - 1, 60), "not_covered_too_often")


def after_surgery(order: Order, named: Named, cause: str) -> Made | None:
    """A visit inside an operation's global period."""
    surgeries = catalogue().scope(named.rule.surgeries)
    first = fresh(order, (surgeries[number(order.name) % len(surgeries)],))
    if first is None:
        return None
    return _follow(order, named, cause, first, VISIT, "coding_global_period", named.rule.days)


def _after(order: Order, named: Named, cause: str, within: int, scenario: str) -> Made | None:
    codes = catalogue().scope(named.rule.procedures)
    code = codes[number("codes", order.seed, order.name) % len(codes)]
    first = fresh(order, (code,))
    return _follow(order, named, cause, first, code, scenario, within) if first else None


def _follow(order: Order, named: Named, cause: str, first: Draft, code: str, scenario: str, within: int) -> Made | None:
    """A second encounter of the first one's patient that the rule denies because of the first."""
    gap = pair_gap(order)
    if gap > within:
        return None
    other = plain_encounter(_same(first), (code,), first.day + gap, order.seed, order.name, "second", age_days=1)
    second = repaired(other)
    if second is None or {entry.rule for entry in denied(second, past_lines(first)).values()} != {named.rule.id}:
        return None
    return Made(second, (), scenario, cause, named.rule.id, "nothing", before=first)


def _same(first: Draft) -> Patient:
    return Patient(first.patient_number, first.person, first.guarantor_number, first.guarantor, first.insured[0])


def past_lines(first: Draft) -> tuple[PastLine, ...]:
    """An earlier encounter as the payer remembers it."""
    facts = first.facts()
    return tuple(
        PastLine("", line.procedure, line.modifiers, line.service_date, facts.rendering_npi, line.units)
        for line in facts.lines
    )


def pair_gap(order: Order) -> int:
    """Days after which a second claim is surely decided after the first."""
    clocks = order.payer.clocks
    longest = max((pend.days for pend in clocks.pends), default=0)
    slowest = max(clocks.adjudication_days.most, clocks.payment_floor_days, longest) + clocks.late_days + 8
    return slowest - clocks.adjudication_days.least + 1


def never_paired(order: Order, named: Named, cause: str) -> Made | None:
    """A pair that is never paid together (indicator 0): the second column is denied whatever one adds."""
    ones, twos = catalogue().scope(named.rule.column_one), catalogue().scope(named.rule.procedures)
    start = number("pair", order.seed, order.name)
    first = fresh(order, (ones[start % len(ones)],))
    if first is None or named.rule.indicator != 0:
        return None
    bad = first.but(lines=(*first.lines, charge(twos[start % len(twos)], order.seed, order.name)))
    return Made(bad, (), "coding_never_paired", cause, named.rule.id, "nothing") if objected(bad, named) else None
