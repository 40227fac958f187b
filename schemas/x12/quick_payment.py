"""The quick pass over claims of an 835 (loop 2100): the sums of `balance`, without a record."""

from __future__ import annotations

from typing import Any

from schemas.x12.description import Quick
from schemas.x12.scan import ADJUSTMENT, DOUBT, LINE, OTHER, Known, Sums
from schemas.x12.values import sound_cents

SECOND = 6  # a CAS with so many texts has a second adjustment


def judge_payment(header: list[str], facts: list[str], known: Known) -> tuple[Any, ...] | None:
    """835, loop 2100: as `balance_claim`. Only a claim that balances to the cent everywhere passes."""
    at_claim = balance = charged = paid = share = 0
    in_line = False
    for fact in facts:
        kind, first, second = known[fact]
        if kind == ADJUSTMENT:
            balance -= first
            share += second
        elif kind == LINE:
            if not in_line:
                at_claim, in_line = -balance, True
            elif balance:
                return None
            charged += first
            paid += second
            balance = first - second
        elif kind == DOUBT:
            return None
    charge, payment, due = sound_cents(header[3]), sound_cents(header[4]), header[5]
    if share != (sound_cents(due) if due else 0) or not known.opens(header):
        return None
    even = not balance and charged == charge and paid - at_claim == payment if in_line else charge + balance == payment
    return (header[1], header[2], charge, payment, share) if even else None


def payment_sums(texts: list[str]) -> Sums:
    """SVC, CAS, and what only holds codes."""
    if texts[0] == "SVC":
        return LINE, sound_cents(texts[2]), sound_cents(texts[3])
    if texts[0] != "CAS":
        return OTHER, 0, 0
    cents = sound_cents(texts[3]) if len(texts) < SECOND else sum(triplets(texts))
    return ADJUSTMENT, cents, cents if texts[1] == "PR" else 0


def depends(header: list[str]) -> tuple[str, str, bool]:
    """CLP: status, filing indicator, whether money is paid."""
    return header[2], header[6], bool(header[4].strip("0."))


def triplets(texts: list[str]) -> list[int]:
    """The cents of each adjustment of a sound CAS."""
    return [sound_cents(texts[place]) for place in range(3, len(texts), 3)]


def tally_payment(sums: list[int], values: tuple[Any, ...]) -> None:
    """As `balance.tally`; the quick pass leaves out claims with interest."""
    sums[0] += values[3]


PAYMENT = Quick(
    ("claim_id", "status", "charge", "paid", "patient_responsibility"),
    ("SVC", "CAS", "LQ", "MOA", "MIA"),
    payment_sums,
    depends,
    judge_payment,
    ("AMT*I",),
    tally_payment,
    codes={
        "CAS": lambda texts: ("CAS", texts[1], texts[2]) if len(texts) < SECOND else None,
        "SVC": lambda texts: ("SVC", texts[1]),
    },
)
