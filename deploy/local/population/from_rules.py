"""Encounters that one rule of a payer denies or rejects, made from the rule itself and tried out against the policy."""

from collections.abc import Callable, Iterator

from deploy.local.payers.draws import number
from deploy.local.population.breaking import BREAKS
from deploy.local.population.catalogue import catalogue
from deploy.local.population.draft import Draft
from deploy.local.population.made import VISIT, Made, Order, fresh
from deploy.local.population.rules import Named, clean, denied, refused

TRIES = 8


def procedure_sets(named: Named, order: Order) -> Iterator[tuple[str, ...]]:
    """Procedures to try, so that the rule looks at one of them; half of them beside a visit, so that a part is paid."""
    rule, known = named.rule, catalogue()
    if named.family == "retired":
        codes = list(dict.fromkeys(rule.codes.values()))
    elif named.family == "units":
        codes = list(rule.most)
    elif named.family == "unspecific":
        codes = [code for code, kind in known.services.items() if set(kind.diagnoses) & set(rule.codes.values())] or [
            VISIT
        ]
    else:
        codes = known.within(rule.procedures) if rule.procedures else [VISIT, "99214", "99203"]
    beside = known.within(rule.column_one if named.family == "bundles" else getattr(rule, "beside", ()))
    start = number("codes", order.seed, order.name)
    for step in range(TRIES):
        code = codes[(start + step) % len(codes)]
        if beside:
            yield (beside[(start + step) % len(beside)], code)
        elif (start + step) % 2 == 0 and not code.startswith("99"):
            yield (VISIT, code)
        else:
            yield (code,)


def target(draft: Draft, named: Named) -> int | None:
    """The line that the rule looks at."""
    rule = named.rule
    for at, line in enumerate(draft.lines):
        if named.family == "retired" and line.procedure in rule.codes.values():
            return at
        if named.family == "units" and line.procedure in rule.most:
            return at
        if named.family == "unspecific" and set(line.diagnoses) & set(rule.codes.values()):
            return at
        if named.family not in ("retired", "units", "unspecific") and _in_scope(line.procedure, rule.procedures):
            return at
    return None


def _in_scope(code: str, ranges: tuple[str, ...]) -> bool:
    return not ranges or any(
        low <= code <= (high or low) for low, _, high in (entry.partition("-") for entry in ranges)
    )


def broken(order: Order, named: Named) -> tuple[Draft, Draft, int] | None:
    """A payable encounter, the same with the defect, and the line that is hit: only this rule objects to it."""
    sex = getattr(named.rule, "sex", None) or ""
    plan = next(iter(getattr(named.rule, "plans", ())), "")
    for procedures in procedure_sets(named, order):
        good = fresh(order, procedures, plan=plan, sex=sex)
        if good is None:
            continue
        if named.family == "unspecific":
            good = _with_replacement(good, named)
        at = target(good, named)
        bad = BREAKS[named.family](good, at, named.rule) if at is not None else None
        if at is None or bad is None or not clean(good) or not objected(bad, named):
            continue
        return good, bad, at
    return None


def _with_replacement(draft: Draft, named: Named) -> Draft:
    """Codes the specific diagnosis on the first line, so that the vague one can stand for it."""
    if target(draft, named) is not None:
        return draft
    codes = tuple(named.rule.codes.values())
    return draft.line(
        0, diagnoses=(*draft.lines[0].diagnoses, codes[number("vague", draft.patient_number) % len(codes)])
    )


def objected(draft: Draft, named: Named) -> bool:
    """Whether this rule, and no other, stops the draft."""
    turned_away = refused(draft)
    if named.front:
        return turned_away is not None and turned_away.rule == named.rule.id
    if turned_away:
        return False
    rules = {finding.rule for finding in denied(draft).values()}
    return rules == {named.rule.id}


def corrected(order: Order, named: Named, cause: str) -> Made | None:
    """The partner mends the defect when asked."""
    found = broken(order, named)
    if found is None:
        return None
    good, bad, _ = found
    return Made(bad, (good,), f"{cause}_corrected", cause, named.rule.id, "correction")


def neglected(order: Order, named: Named, cause: str) -> Made | None:
    """The partner never answers."""
    found = broken(order, named)
    if found is None:
        return None
    good, bad, _ = found
    return Made(bad, (good,), f"{cause}_neglected", cause, named.rule.id, "correction", corrects=False)


Maker = Callable[[Order, Named, str], Made | None]
