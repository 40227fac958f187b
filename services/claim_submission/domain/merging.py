"""Amounts of one line added up."""

from collections.abc import Iterable

from services.claim_submission.domain.lines import LineAmounts


def merged(parts: Iterable[LineAmounts]) -> tuple[LineAmounts, ...]:
    """One entry a control, in order of appearance."""
    by_control: dict[str, LineAmounts] = {}
    for part in parts:
        before = by_control.get(part.control)
        by_control[part.control] = part if before is None else _sum(before, part)
    return tuple(by_control.values())


def _sum(one: LineAmounts, other: LineAmounts) -> LineAmounts:
    kinds = {**one.contractual}
    for kind, cents in other.contractual.items():
        kinds[kind] = kinds.get(kind, 0) + cents
    return LineAmounts(
        control=one.control,
        charge=one.charge + other.charge,
        paid=one.paid + other.paid,
        patient=one.patient + other.patient,
        pending=one.pending + other.pending,
        prior_payer=one.prior_payer + other.prior_payer,
        contractual=kinds,
        denied=(*one.denied, *other.denied),
    )
