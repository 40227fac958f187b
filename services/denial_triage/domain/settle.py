"""What a posted answer does to a claim's denials: what still stands, what came back, and by which way."""

from collections.abc import Sequence
from datetime import date

from schemas.events.claims import ClaimLedgerChanged, ClaimRebilled, DeniedAmount
from schemas.events.values import Cents
from services.denial_triage.domain.claim_told import AnsweredClaim
from services.denial_triage.domain.decided import WAYS, closed, decided
from services.denial_triage.domain.model import ENDS, RESENDS, ClaimDenials, Denial, OpenWay, recovery_kind
from services.denial_triage.domain.opening import Occasion, category_of, opened


def first_seen(answer: AnsweredClaim) -> ClaimDenials:
    """A claim that triage hears of for the first time, before its denied amounts are looked at."""
    return ClaimDenials(
        claim_id=answer.claim_id,
        payer_id=answer.payer_id,
        service_date=answer.service_date,
        first_denied=answer.denied_first,
        paid=answer.ledger.payer_paid,
    )


def held(answer: AnsweredClaim) -> ClaimDenials:
    """A claim that triage hears of for the first time because a payer took its answer back: held as it stood before."""
    before = answer.ledger.payer_paid - answer.paid_change
    return first_seen(answer).model_copy(update={"paid": before, "reversed_at": answer.ledger_version})


def settle(claim: ClaimDenials, answer: AnsweredClaim, today: date) -> ClaimDenials:
    """Apply a final answer. A reversal alone changes nothing but waits for its correction (DOMAIN §5); where that came
    before it, or nobody will correct, nothing is waited for."""
    if answer.ledger_version <= claim.ledger_version:
        return claim
    if answer.held:
        return claim.model_copy(update={"reversed_at": claim.reversed_at or answer.ledger_version})
    standing, left = _standing(claim, answer.denied)
    claim = _credit(claim, standing, answer.ledger.payer_paid - claim.paid)
    claim = _debit(claim, left, claim.paid - answer.ledger.payer_paid)
    for denial_id, amounts in standing.items():
        claim = claim.change(denial_id, lambda d, amounts=amounts: _restated(d, amounts, answer))  # type: ignore[misc]
    occasion = Occasion(answer.adjudicated_on, answer.first_answer, today)
    return opened(claim.model_copy(update=_identity(claim, answer)), tuple(left), occasion)


def ledger_changed(claim: ClaimDenials, change: ClaimLedgerChanged, today: date) -> ClaimDenials:
    """Cents left the denied part of the ledger by our own decision; the denial that asked for it is over."""
    if change.cause == "recouped":
        return _recouped(claim, change, today)
    if change.cause == "withdrawn":
        for denial in (d for d in claim.denials if d.open):
            claim = claim.replace(closed(denial, "withdrawn", today))
        return claim
    return decided(claim, change, today) if change.cause in WAYS else claim


def recouped_claim(change: ClaimLedgerChanged) -> ClaimDenials:
    """A claim that triage hears of for the first time because money was taken back from it."""
    return ClaimDenials(claim_id=change.claim_id, payer_id=change.payer_id, first_denied=False)


def _recouped(claim: ClaimDenials, change: ClaimLedgerChanged, today: date) -> ClaimDenials:
    """Money taken back by a PLB without a reversal: what that puts on the denied part has its own denial."""
    if not claim.follows(change.ledger_version):
        return claim
    taken = claim.paid - change.ledger.payer_paid
    claim = claim.model_copy(update={"ledger_version": change.ledger_version, "paid": change.ledger.payer_paid})
    stands = sum(denial.cents for denial in claim.denials if denial.open)
    again = change.ledger.denied - stands
    if again <= 0:
        return _given_back(claim, min(-again, -taken))
    amount = DeniedAmount(line="claim", group="PLB", carc="WO", cents=again)
    return opened(_debit(claim, [amount], taken), (amount,), Occasion(today, False, today))


def rebilled(claim: ClaimDenials, change: ClaimRebilled, today: date) -> ClaimDenials:
    """A corrected claim charges otherwise: of each denial there stands what the new charges have room for; what they
    leave denied beyond a decision has its own."""
    if not claim.follows(change.ledger_version):
        return claim
    standing, left = _standing(claim, change.denied)
    for denial_id, amounts in standing.items():
        claim = claim.change(denial_id, lambda d, amounts=amounts: d.model_copy(update={"amounts": amounts}))  # type: ignore[misc]
    claim = claim.model_copy(update={"ledger_version": change.ledger_version})
    return opened(claim, tuple(left), Occasion(today, False, today))


def _given_back(claim: ClaimDenials, cents: Cents) -> ClaimDenials:
    """Money that a payer had taken back by PLB and returned (a later negative WO, or 72): the latest denial first."""
    for denial in reversed([d for d in claim.denials if d.open]):
        kept = []
        for amount in denial.amounts:
            back = min(max(cents, 0), amount.cents) if amount.group == "PLB" else 0
            cents -= back
            if amount.cents != back:
                kept.append(amount.model_copy(update={"cents": amount.cents - back}))
        lowered = denial.model_copy(update={"amounts": tuple(kept)})
        if back := denial.cents - lowered.cents:
            claim = claim.replace(_recovered(lowered, back))
    return claim


def split(cents: Cents, shares: Sequence[Cents]) -> list[Cents]:
    """Part cents by shares, each part at most its share where the cents suffice; no cent is lost."""
    whole = sum(shares)
    if whole == 0:
        return [0 for _ in shares]
    parts = [cents * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(cents * shares[i] % whole), i))
    for i in by_remainder[: cents - sum(parts)]:
        parts[i] += 1
    return parts


def _identity(claim: ClaimDenials, answer: AnsweredClaim) -> dict[str, object]:
    number = "" if answer.reversal else answer.payer_control_number
    return {
        "payer_id": answer.payer_id,
        "first_denied": claim.first_denied or answer.denied_first,
        "service_date": answer.service_date or claim.service_date,
        "payer_control_number": number or claim.payer_control_number,
        "accepted_on": answer.accepted_on or claim.accepted_on,
        "version": max(answer.version, claim.version),
        "ledger_version": answer.ledger_version,
        "paid": answer.ledger.payer_paid,
        "reversed_at": 0,
    }


def _standing(
    claim: ClaimDenials, denied: Sequence[DeniedAmount]
) -> tuple[dict[str, tuple[DeniedAmount, ...]], list[DeniedAmount]]:
    """What of the denied amounts stands under each open denial, each under the first of its line; and the rest."""
    left = list(denied)
    standing: dict[str, tuple[DeniedAmount, ...]] = {}
    for denial in (d for d in claim.denials if d.open):
        standing[denial.denial_id] = tuple(amount for amount in left if amount.line in denial.lines)
        left = [amount for amount in left if amount.line not in denial.lines]
    return standing, left


def _credit(claim: ClaimDenials, standing: dict[str, tuple[DeniedAmount, ...]], rise: Cents) -> ClaimDenials:
    """Payment beyond what was paid before goes to the denials whose cents fell, never more than fell."""
    falls = {
        d.denial_id: max(0, d.cents - sum(amount.cents for amount in standing[d.denial_id]))
        for d in claim.denials
        if d.open
    }
    pool = min(max(0, rise), sum(falls.values()))
    for denial_id, cents in zip(falls, split(pool, list(falls.values())), strict=True):
        if cents:
            claim = claim.change(denial_id, lambda d, cents=cents: _recovered(d, cents))  # type: ignore[misc]
    return claim


def _recovered(denial: Denial, cents: Cents) -> Denial:
    way = denial.way.model_copy(update={"paid": True}) if denial.way else None
    kind = recovery_kind(denial.way.way if denial.way else "")
    return denial.model_copy(update={"way": way, "recovered": denial.recovered.plus(kind, cents)})


def _debit(claim: ClaimDenials, denied_again: list[DeniedAmount], fall: Cents) -> ClaimDenials:
    """A takeback that denies lines again undoes what had been recovered on them, the latest first."""
    lines = {amount.line for amount in denied_again}
    due = min(max(0, fall), sum(amount.cents for amount in denied_again))
    for denial in reversed(claim.denials):
        if not lines.intersection(denial.lines) or due == 0:
            continue
        for kind in ("otherwise", "documents", "appeal", "correction"):
            undone = min(due, getattr(denial.recovered, kind))
            due -= undone
            denial = denial.model_copy(update={"recovered": denial.recovered.plus(kind, -undone)})
        claim = claim.replace(denial)
    return claim


def _restated(denial: Denial, amounts: tuple[DeniedAmount, ...], answer: AnsweredClaim) -> Denial:
    """What stands after the answer; other codes are a new determination with its own clocks."""
    before = denial.codes
    denial = denial.model_copy(update={"amounts": amounts, "way": _answered(denial.way, answer)})
    if not amounts:
        return denial
    denial = denial.model_copy(update={"category": category_of(amounts, answer.adjudicated_on)})
    if denial.codes <= before:
        return denial
    way = denial.way
    if way is not None and (way.way == "documents" or way.won):
        denial = denial.model_copy(update={"way": way.model_copy(update={"answered": True})})
    if way is not None and way.way in ENDS:
        denial = denial.model_copy(update={"way": way.model_copy(update={"failed": "new_determination"})})
    changes = {
        "denied_on": answer.adjudicated_on,
        "tried": (),
        "appeal_level": 0,
        "appeal_until": None,
        "appeals_over": False,
        "for_person": False,
        "wanted_until": None,
        "asked": 0,
    }
    return denial.model_copy(update=changes)


def _answered(way: OpenWay | None, answer: AnsweredClaim) -> OpenWay | None:
    if way is None or way.way not in RESENDS or answer.version <= way.version:
        return way
    return way.model_copy(update={"answered": True})
