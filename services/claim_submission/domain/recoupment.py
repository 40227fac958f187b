"""Money taken back without a reversal: which cents of which PLB pair stand against a claim (DOMAIN §5, second kind)."""

from collections.abc import Iterable
from datetime import date

from schemas.events.claims import DeniedAmount
from schemas.events.values import Cents, Ledger, Value
from services.claim_submission.domain.lines import WHOLE_CLAIM, Decision, Posting
from services.claim_submission.domain.settlement import LineMoney, decided_all

Pair = tuple[str, int]
"""Check identity, and the pair's place among its PLB pairs."""


class Recoupment(Value):
    """One PLB pair that names the claim; cents as PLB04: positive takes back, negative returns."""

    check_id: str
    position: int
    payer_id: str
    reason: str
    cents: Cents
    paid_on: date
    received_on: date

    @property
    def pair(self) -> Pair:
        """What tells it from all others."""
        return self.check_id, self.position

    @property
    def order(self) -> tuple[date, date, str, int]:
        """Pairs count in this order, however they arrived."""
        return self.paid_on, self.received_on, self.check_id, self.position


def standing(recoupments: Iterable[Recoupment], postings: Iterable[Posting]) -> dict[Pair, Cents]:
    """The cents of each pair that change what the claim's payer has paid.

    Of a payer's pairs only the sum counts: what an earlier negative one announced with a reversal, or a later one
    returned, is no takeback. Nobody takes back more than it has paid on the claim; the rest is a debt.
    """
    found: dict[Pair, Cents] = {}
    owed: dict[str, Cents] = {}
    taken: dict[str, Cents] = {}
    cash: dict[str, Cents] = {}
    for posting in postings:
        cash[posting.payer_id] = cash.get(posting.payer_id, 0) + posting.paid
    for entry in sorted(recoupments, key=lambda entry: entry.order):
        payer = entry.payer_id
        owed[payer] = owed.get(payer, 0) + entry.cents
        now = min(max(owed[payer], 0), max(cash.get(payer, 0), 0))
        found[entry.pair] = now - taken.get(payer, 0)
        taken[payer] = now
    return found


def taken_back(ledger: Ledger, cents: Cents, decisions: Iterable[Decision]) -> tuple[Ledger, tuple[DeniedAmount, ...]]:
    """The claim's ledger less cents that a payer took back: an overpayment first, the rest stands denied.

    The denied part is of the claim, not of a line: the letter names no line. Decisions about it move it on.
    """
    over = min(cents, ledger.overpaid)
    amount = DeniedAmount(line=WHOLE_CLAIM, group="PLB", carc="WO", cents=cents - over)
    money = decided_all(LineMoney(charge=0, denied=(amount,) if amount.cents else ()), decisions)
    changes = {
        "payer_paid": ledger.payer_paid - cents,
        "overpaid": ledger.overpaid - over,
        "denied": ledger.denied + sum(entry.cents for entry in money.denied),
        "patient": ledger.patient + money.released,
        "written_off": ledger.written_off + money.written_off,
    }
    return ledger.model_copy(update=changes), money.denied
