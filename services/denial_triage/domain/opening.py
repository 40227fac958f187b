"""From denied amounts to denials: which lines belong together, and why they were denied."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from schemas.codes.denial_categories import denial_categories
from schemas.events.claims import DeniedAmount
from services.denial_triage.domain.model import ClaimDenials, Denial


def category_of(amounts: Iterable[DeniedAmount], day: date) -> str:
    """The category with most of the cents; by name where two have as much."""
    table = denial_categories(day)
    cents: dict[str, int] = defaultdict(int)
    for amount in amounts:
        cents[table.categorise(amount.group, amount.carc, amount.rarcs)] += amount.cents
    return min(cents, key=lambda name: (-cents[name], name))


def preventable(category: str, day: date) -> bool:
    """Whether a scrubber or the front desk could have seen it."""
    return denial_categories(day).categories[category].preventable


def patient_liable(amounts: Iterable[DeniedAmount]) -> bool:
    """Whether the payer put every denied cent on the patient (group PR); CO never reaches them."""
    return all(amount.group == "PR" for amount in amounts)


def grouped(amounts: Iterable[DeniedAmount], day: date) -> list[tuple[str, tuple[DeniedAmount, ...]]]:
    """Lines with one category and one kind of liability make one denial; in the order of their first line."""
    lines: dict[str, list[DeniedAmount]] = defaultdict(list)
    for amount in amounts:
        lines[amount.line].append(amount)
    groups: dict[tuple[str, bool], list[DeniedAmount]] = defaultdict(list)
    for line in lines.values():
        groups[category_of(line, day), patient_liable(line)].extend(line)
    return [(category, tuple(members)) for (category, _), members in groups.items()]


class Occasion(NamedTuple):
    """When and how denied cents came to stand."""

    denied_on: date
    first_answer: bool
    today: date


def opened(claim: ClaimDenials, amounts: tuple[DeniedAmount, ...], occasion: Occasion) -> ClaimDenials:
    """New denials for amounts that no open denial holds; their ways are chosen afterwards."""
    for category, members in grouped(amounts, occasion.denied_on):
        claim = claim.model_copy(update={"denials": (*claim.denials, _denial(claim, category, members, occasion))})
    return claim


def _denial(claim: ClaimDenials, category: str, amounts: tuple[DeniedAmount, ...], occasion: Occasion) -> Denial:
    lines = tuple(dict.fromkeys(amount.line for amount in amounts))
    denial = Denial(
        denial_id=f"{claim.claim_id}-D{len(claim.denials) + 1}",
        category=category,
        lines=lines,
        amounts=amounts,
        opened_cents=sum(amount.cents for amount in amounts),
        opened_on=occasion.today,
        denied_on=occasion.denied_on,
        first_answer=occasion.first_answer and any(amount.group != "PLB" for amount in amounts),
        deadline=occasion.today,
        priority=0,
    )
    given_up = _given_up(claim, category, lines)
    if given_up is None:
        return denial
    kept = ("denied_on", "tried", "attempts", "appeal_level", "appeal_until", "appeals_over")
    return denial.model_copy(update={name: getattr(given_up, name) for name in kept})


def _given_up(claim: ClaimDenials, category: str, lines: tuple[str, ...]) -> Denial | None:
    """A denial of these lines that we gave up: when it stands again, what was tried is not tried again."""
    ends = ("written_off", "billed_patient", "recovered_in_part")
    same = [d for d in claim.denials if d.closed in ends and d.category == category and set(lines) <= set(d.lines)]
    return same[-1] if same else None
