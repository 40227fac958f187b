"""The quick pass over claims of an 835 (loop 2100): the sums of `balance`, without a record."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from schemas.x12.description import Quick
from schemas.x12.quick_facts import ADJUSTMENT, CLAIM, DOUBT, LINE, Fact
from schemas.x12.values import sound_cents

PATIENT = "PR"
SINGLE = 4  # a CAS of so many texts ends with its only amount


def judge_payments(facts: Iterable[Fact]) -> list[tuple[Any, ...]]:
    """835, loop 2100: as `balance_claim`. Claims that balance to the cent everywhere pass, up to the first that does not."""
    passed: list[tuple[Any, ...]] = []
    header: tuple[str, str, int] | None = None
    charge = payment = adjusted = balance = charged = paid = share = 0
    in_line = False
    for kind, first, second, more in facts:
        if kind == ADJUSTMENT:
            balance -= first
            share += second
        elif kind == LINE:
            if not in_line:
                adjusted, in_line = charge - payment - balance, True
            elif balance:
                break
            charged += first
            paid += second
            balance = first - second
        elif kind == CLAIM:
            if header is not None:
                claim_id, status, due = header
                if balance or share != due or (in_line and (charged != charge or paid - adjusted != payment)):
                    break
                passed.append((claim_id, status, charge, payment, share))
            if more is None:
                break
            header, charge, payment, balance = more, first, second, first - second
            charged = paid = share = 0
            in_line = False
        elif kind == DOUBT:
            break
    return passed


def claim(texts: list[str]) -> tuple[Hashable, Fact]:
    """CLP: charge, payment; number, status, patient's share. Judged by status, filing indicator, whether money is paid."""
    _, number, status, charge, payment, due, filing = texts[:7]
    paid = sound_cents(payment)
    header = number, status, sound_cents(due) if due else 0
    return ("CLP", status, filing, paid != 0), (CLAIM, sound_cents(charge), paid, header)


def line(texts: list[str]) -> tuple[Hashable, Fact]:
    """SVC: charge, payment. Judged by the procedure."""
    _, procedure, charge, payment = texts[:4]
    return procedure, (LINE, sound_cents(charge), sound_cents(payment), None)


def adjustment(texts: list[str]) -> tuple[Hashable, Fact]:
    """CAS: the sum of its amounts, and of those the patient owes. Judged by group and reason."""
    if len(texts) > SINGLE:
        return None, adjustments(texts)
    _, group, reason, amount = texts
    codes = group, reason
    return codes, again((ADJUSTMENT, 0, 0, codes), amount)


def again(like: Fact, amount: str) -> Fact:
    """A CAS that differs in its amount alone."""
    cents, codes = sound_cents(amount), like[3]
    return ADJUSTMENT, cents, cents if codes[0] == PATIENT else 0, codes


def adjustments(texts: list[str]) -> Fact:
    """A CAS of several, or with a quantity."""
    group = texts[1]
    items = [((group, texts[place]), sound_cents(texts[place + 1])) for place in range(2, len(texts) - 1, 3)]
    cents = sum(part for _, part in items)
    return ADJUSTMENT, cents, cents if group == PATIENT else 0, items


def tally_payments(sums: list[int], passed: list[tuple[Any, ...]]) -> None:
    """As `balance.tally`; the quick pass leaves out claims with interest."""
    sums[0] += sum(values[3] for values in passed)


PAYMENT = Quick(
    ("claim_id", "status", "charge", "paid", "patient_responsibility"),
    ("SVC", "CAS", "LQ", "MOA", "MIA"),
    {"CLP": claim, "SVC": line, "CAS": adjustment},
    judge_payments,
    ("AMT*I",),
    tally_payments,
    again={ADJUSTMENT: again},
)
