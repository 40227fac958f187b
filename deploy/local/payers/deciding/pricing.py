"""What the payable lines of a claim are worth, and who pays it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from deploy.local.payers.deciding.claim import ClaimFacts, LineFacts
from deploy.local.payers.deciding.decision import Cas
from deploy.local.payers.draws import happens
from deploy.local.payers.model.base import covers
from deploy.local.payers.model.money import Plan
from deploy.local.payers.model.payer import PayerModel


def part(cents: int, share: float) -> int:
    """A share of an amount, rounded half up to whole cents."""
    return (cents * round(share * 1_000_000) + 500_000) // 1_000_000


@dataclass(slots=True)
class Purse:
    """What a member has used of the year's limits, cents; grows while lines are priced."""

    deductible: int = 0
    out_of_pocket: int = 0
    maximums: dict[int, int] = field(default_factory=dict)
    """Paid so far under each maximum of the plan, by its position."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A payable line: allowed amount, payment, adjustments."""

    allowed: int
    paid: int
    adjustments: tuple[Cas, ...]


def fee(payer: PayerModel, claim: ClaimFacts, line: LineFacts, seed: int) -> int:
    """The contract's amount for the line, before it is compared with the charge."""
    price = payer.price
    one = price.fees.get(line.procedure)
    amount = one * line.units if one is not None else part(line.charge, price.default_percent / 100)
    low = price.underpayment
    if low and happens(low.share, seed, payer.payer_id, *claim.identity, line.control, "underpayment"):
        amount = part(amount, low.percent / 100)
    return min(amount, line.charge) if price.lesser_of_charge else amount


def reductions(payer: PayerModel, lines: Sequence[tuple[int, LineFacts, int]]) -> dict[int, int]:
    """CO-59 by line position: the cheaper of several procedures of a day."""
    rule = payer.price.multiple_procedures
    if rule is None:
        return {}
    cut: dict[int, int] = {}
    days = {line.service_date for _, line, _ in lines}
    for day in days:
        ranked = sorted(
            (entry for entry in lines if entry[1].service_date == day and covers(rule.procedures, entry[1].procedure)),
            key=lambda entry: (-entry[2], entry[0]),
        )
        for rank, (at, _, allowed) in enumerate(ranked):
            percent = rule.percents[min(rank, len(rule.percents) - 1)]
            cut[at] = allowed - part(allowed, percent / 100)
    return {at: cents for at, cents in cut.items() if cents}


def price_lines(
    payer: PayerModel, claim: ClaimFacts, plan: Plan, payable: Sequence[int], purse: Purse, *, qmb: bool, seed: int
) -> dict[int, Priced]:
    """Price the lines at the positions `payable`, in their order; `purse` is used up."""
    fees = [(at, claim.lines[at], fee(payer, claim, claim.lines[at], seed)) for at in payable]
    cuts = reductions(payer, fees)
    priced: dict[int, Priced] = {}
    for at, line, amount in fees:
        if covers(payer.price.capitated, line.procedure):
            priced[at] = Priced(0, 0, (Cas(group="CO", carc="24", cents=line.charge),) if line.charge else ())
        else:
            priced[at] = _price(payer, plan, line, amount, cuts.get(at, 0), purse, qmb)
    return priced


def _price(payer: PayerModel, plan: Plan, line: LineFacts, amount: int, cut: int, purse: Purse, qmb: bool) -> Priced:
    allowed = amount - cut
    contract = line.charge - amount
    cas = [("CO", "45" if contract > 0 else "94", contract), ("CO", "59", cut)]
    shares = member_share(plan, line, allowed, purse)
    spent = sum(shares.values())
    purse.deductible += shares.get("1", 0)
    purse.out_of_pocket += spent
    cas += [("OA", "209", spent)] if qmb else [("PR", carc, cents) for carc, cents in shares.items()]
    left, over = _within_maximum(plan, line, allowed - spent, purse)
    cas += over
    withheld = part(left, payer.price.sequestration_percent / 100)
    cas.append(("CO", "253", withheld))
    kept = tuple(Cas(group=group, carc=carc, cents=cents) for group, carc, cents in cas if cents)
    return Priced(allowed, left - withheld, kept)


def member_share(plan: Plan, line: LineFacts, allowed: int, purse: Purse) -> dict[str, int]:
    """PR amounts by CARC: copay (3), or deductible (1) and coinsurance (2), within the out-of-pocket limit."""
    copay = next((entry.cents for entry in plan.copays if covers(entry.procedures, line.procedure)), 0)
    free = bool(copay) or covers(plan.no_deductible, line.procedure)
    shares = {"3": min(copay, allowed)}
    shares["1"] = 0 if free else min(allowed, max(0, plan.deductible(line.service_date.year) - purse.deductible))
    shares["2"] = 0 if copay else part(allowed - shares["1"], plan.coinsurance)
    if plan.out_of_pocket_cents is not None:
        left = max(0, plan.out_of_pocket_cents - purse.out_of_pocket)
        for carc in ("1", "3", "2"):
            shares[carc] = min(shares[carc], left)
            left -= shares[carc]
    return {carc: cents for carc, cents in shares.items() if cents}


def _within_maximum(plan: Plan, line: LineFacts, cents: int, purse: Purse) -> tuple[int, list[tuple[str, str, int]]]:
    for at, limit in enumerate(plan.maximums):
        if covers(limit.procedures, line.procedure):
            left = max(0, limit.cents - purse.maximums.get(at, 0))
            kept = min(cents, left)
            purse.maximums[at] = purse.maximums.get(at, 0) + kept
            return kept, [(limit.denial.group, limit.denial.carc, cents - kept)]
    return cents, []
