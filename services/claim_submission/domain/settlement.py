"""Where every cent of a line is, folded from postings and decisions: the same facts give the same money in any order."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from schemas.events.claims import DeniedAmount
from schemas.events.values import Cents, Ledger
from services.claim_submission.domain.lines import ClaimLine, Decision, LineAmounts, Posting
from services.claim_submission.domain.merging import merged

Answers = Sequence[tuple[Posting, LineAmounts]]
"""The postings of one payer that touch one line, in their order, with their amounts on it."""


class LineMoney(NamedTuple):
    """A line's money after some payers; `left` is what no payer has paid or discounted yet."""

    charge: Cents
    paid: Cents = 0
    contractual: Cents = 0
    patient: Cents = 0
    prior_payer: Cents = 0
    pending: Cents = 0
    denied: tuple[DeniedAmount, ...] = ()
    written_off: Cents = 0
    released: Cents = 0
    heard_from: frozenset[int] = frozenset()
    """Payers whose remittance we hold, taken back or not."""

    @property
    def left(self) -> Cents:
        """The charge less what was paid and discounted; negative once paid too much."""
        return self.charge - self.paid - self.contractual

    @property
    def denied_cents(self) -> Cents:
        """All denied amounts together."""
        return sum([entry.cents for entry in self.denied])

    @property
    def unplaced(self) -> Cents:
        """What is left and has no place yet; negative where more has a place than was charged."""
        return self.left - self.prior_payer - self.patient - self.denied_cents - self.written_off - self.released


def unanswered(lines: Iterable[ClaimLine]) -> Ledger:
    """The lines' ledger while no payer has said anything: where nothing was posted there is nothing to decide either."""
    charges = [line.cents for line in lines]
    owed = sum([cents for cents in charges if cents > 0])
    return Ledger(charge=sum(charges), unanswered=owed, overpaid=owed - sum(charges))


def lines_money(
    lines: Iterable[ClaimLine], postings: Iterable[Posting], decisions: Sequence[Decision]
) -> list[LineMoney]:
    """Each line's money: payers in their order; a later one is applied to what the earlier ones left (DOMAIN §1)."""
    answers: dict[str, dict[int, list[tuple[Posting, LineAmounts]]]] = {}
    for posting in sorted(postings, key=lambda entry: entry.order):
        for amounts in posting.lines:
            answers.setdefault(amounts.control, {}).setdefault(posting.rank, []).append((posting, amounts))
    return [_line_money(line, answers.get(line.control, {}), decisions) for line in lines]


def _line_money(line: ClaimLine, by_rank: Mapping[int, Answers], decisions: Sequence[Decision]) -> LineMoney:
    money = LineMoney(charge=line.cents)
    for rank in sorted(by_rank):
        money = _after_payer(money, rank, by_rank[rank])
    return decided_all(money, decisions) if money.denied else money


def decided_all(money: LineMoney, decisions: Iterable[Decision]) -> LineMoney:
    """The money after all decisions about its denied amounts, in their order."""
    for decision in sorted(decisions, key=lambda entry: (entry.decided_on, entry.denial_id, entry.target)):
        money = _decided(money, decision)
    return money


def _after_payer(money: LineMoney, rank: int, answers: Answers) -> LineMoney:
    cash = money.paid + sum([amounts.paid for _, amounts in answers])
    standing = _standing(money.charge, answers)
    if standing is None:
        return money._replace(paid=cash, heard_from=money.heard_from | {rank})
    return _placed(money, rank, standing, cash)


def _standing(charge: Cents, answers: Answers) -> LineAmounts | None:
    """The payer's newest word on the whole charge: one answer, or several of a split claim that share the charge.

    What a newer answer replaced stays replaced when that one is taken back.
    """
    if len(answers) == 1:
        posting, only = answers[0]
        return None if posting.reversal or posting.reversed else only
    heard, parts = 0, []
    for posting, amounts in reversed([entry for entry in answers if not entry[0].reversal]):
        if heard and heard + amounts.charge > charge:
            break
        heard += amounts.charge
        if not posting.reversed:
            parts.append(amounts)
    return next(iter(merged(reversed(parts))), None)


def _placed(before: LineMoney, rank: int, answer: LineAmounts, cash: Cents) -> LineMoney:
    """The payer's standing answer over what is left: amounts below zero first, then each capped at the remainder.

    `cash` is all that came by now: beyond what the answer itself says it paid it is an overpayment and takes no room.
    """
    prior = _unseen(before, rank, answer.prior_payer)
    wanted = [prior, answer.patient, answer.denied_cents, answer.pending, answer.contractual_cents]
    room = before.left - answer.paid - sum([cents for cents in wanted if cents < 0])
    taken: list[Cents] = []
    for cents in wanted:
        part = cents if cents <= room or cents < 0 else max(room, 0)
        if part > 0:
            room -= part
        taken.append(part)
    prior, patient, denied, pending, contractual = taken
    return before._replace(
        paid=cash,
        contractual=before.contractual + contractual,
        patient=patient,
        prior_payer=prior,
        pending=pending,
        denied=(*_capped(answer.denied, denied), *_capped(before.denied, max(room, 0))),
        heard_from=before.heard_from | {rank},
    )


def _unseen(before: LineMoney, rank: int, cents: Cents) -> Cents:
    """Of an OA-23 what earlier payers placed whose remittance we do not hold: all, nothing, or what it says beyond those
    that we hold. What it lays to one that took its answer back is unanswered until that one gives another."""
    if not before.heard_from:
        return cents
    return max(0, cents - before.paid - before.contractual) if len(before.heard_from) < rank - 1 else 0


def _capped(denied: tuple[DeniedAmount, ...], cents: Cents) -> tuple[DeniedAmount, ...]:
    """Denied amounts lowered from the last on until they sum to at most `cents`."""
    if not denied:
        return denied
    over = sum([entry.cents for entry in denied]) - cents
    kept: list[DeniedAmount] = []
    for entry in reversed(denied):
        cut = min(max(over, 0), max(entry.cents, 0))
        over -= cut
        if entry.cents != cut:
            kept.append(entry.model_copy(update={"cents": entry.cents - cut}))
    return tuple(reversed(kept))


def _decided(money: LineMoney, decision: Decision) -> LineMoney:
    """Move what still stands denied under the decision's lines and codes to where the decision puts it."""
    open_cents: dict[tuple[str, str, str], Cents] = {}
    for entry in decision.denied:
        open_cents[_code(entry)] = open_cents.get(_code(entry), 0) + entry.cents
    kept, moved = [], 0
    for entry in money.denied:
        part = min(max(entry.cents, 0), max(open_cents.get(_code(entry), 0), 0))
        open_cents[_code(entry)] = open_cents.get(_code(entry), 0) - part
        moved += part
        if entry.cents != part:
            kept.append(entry.model_copy(update={"cents": entry.cents - part}))
    if decision.target == "patient":
        return money._replace(denied=tuple(kept), released=money.released + moved)
    return money._replace(denied=tuple(kept), written_off=money.written_off + moved)


def _code(entry: DeniedAmount) -> tuple[str, str, str]:
    return entry.line, entry.group, entry.carc


def ledger_of(lines: Sequence[LineMoney], later_payer: bool) -> Ledger:
    """The lines' ledger; a patient share waits as `next_payer` while a later payer has not answered."""
    share = sum([line.patient for line in lines])
    unplaced = [line.unplaced for line in lines]
    owed = sum([cents for cents in unplaced if cents > 0])
    return Ledger(
        charge=sum([line.charge for line in lines]),
        payer_paid=sum([line.paid for line in lines]),
        contractual=sum([line.contractual for line in lines]),
        patient=sum([line.released for line in lines]) + (0 if later_payer else share),
        next_payer=share if later_payer else 0,
        denied=sum([line.denied_cents for line in lines]),
        unanswered=owed,
        written_off=sum([line.written_off for line in lines]),
        prior_payer_unseen=sum([line.prior_payer for line in lines]),
        overpaid=owed - sum(unplaced),
    )
