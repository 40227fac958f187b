"""Dividing cents without losing one."""

from collections.abc import Sequence

from schemas.events.values import Cents


def shares(cents: Cents, weights: Sequence[int]) -> list[Cents]:
    """`cents` in proportion to `weights`, summing to `cents` exactly; equal parts where no weight is positive."""
    useful = [max(weight, 0) for weight in weights]
    total = sum(useful)
    if total == 0:
        useful, total = [1] * len(useful), len(useful)
    return _differences([cents * reached // total for reached in _running(useful)])


def grid(amounts: Sequence[Cents], parts: Sequence[Cents]) -> list[list[Cents]]:
    """One row a part, one cell an amount: rows sum to their part, columns to their amount.

    Needs Σ amounts = Σ parts. An amount of 0 is 0 in every row, so an unpaid claim has no paid line.
    """
    total = sum(parts)
    if total == 0:
        return [list(amounts), *([0] * len(amounts) for _ in parts[1:])] if parts else []
    reached = [[amount * part // total for amount in _running(amounts)] for part in _running(parts)]
    rows = [_differences(row) for row in reached]
    before = [[0] * len(amounts), *rows[:-1]]
    return [[now - then for now, then in zip(row, last, strict=True)] for row, last in zip(rows, before, strict=True)]


def _running(values: Sequence[int]) -> list[int]:
    sums, total = [], 0
    for value in values:
        total += value
        sums.append(total)
    return sums


def _differences(values: Sequence[int]) -> list[int]:
    return [value - before for value, before in zip(values, [0, *values[:-1]], strict=True)]
