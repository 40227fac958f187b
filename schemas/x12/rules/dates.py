"""Days that a claim must have, and days of it that contradict each other (005010X222A1, X223A2: loops 2300 and 2400, DTP)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from schemas.x12.records.claim import Claim837
from schemas.x12.records.parts import Dated
from schemas.x12.rules.rule import LineRule, Rule

SERVICE, STATEMENT, ADMISSION = "472", "434", "435"


def _entry(entries: Iterable[Dated], qualifier: str) -> Dated | None:
    return next((entry for entry in entries if entry.qualifier == qualifier and entry.date), None)


def _statement(claim: Claim837) -> tuple[dt.date, dt.date] | None:
    entry = _entry(claim.dates, STATEMENT)
    return (entry.date, entry.end or entry.date) if entry and entry.date else None


def _period(claim: Claim837) -> bool:
    """DTP*434 is always a period (RD8), of one day too."""
    entry = _entry(claim.dates, STATEMENT)
    return entry is not None and entry.end is not None


def _admitted_in_time(claim: Claim837) -> bool:
    entry, statement = _entry(claim.dates, ADMISSION), _statement(claim)
    return entry is None or entry.date is None or statement is None or entry.date <= statement[1]


def _inside(statement: tuple[dt.date, dt.date] | None, entry: Dated | None) -> bool:
    if statement is None or entry is None or entry.date is None:
        return True
    return statement[0] <= entry.date and (entry.end or entry.date) <= statement[1]


LINE_DATED = LineRule(
    "service_date_missing",
    "2400",
    "DTP",
    lambda claim, line: line.dates,
    lambda claim, line: _entry(line.dates, SERVICE),
    "the line does not say when the service was; give DTP*472",
)
STATEMENT_DATED = Rule(
    "statement_dates_missing",
    "2300",
    "DTP",
    lambda claim: claim.dates,
    _period,
    "an institutional claim needs the first and last day that it bills; give DTP*434*RD8",
)
ADMITTED = Rule(
    "admission_after_statement",
    "2300",
    "DTP",
    lambda claim: claim.dates,
    _admitted_in_time,
    "DTP*435 admits the patient after the last day that the claim bills (DTP*434); put one of them right",
)
INSIDE = LineRule(
    "service_outside_statement",
    "2400",
    "DTP",
    lambda claim, line: line.dates,
    lambda claim, line: _inside(_statement(claim), _entry(line.dates, SERVICE)),
    "the service of DTP*472 lies outside of the days that the claim bills (DTP*434); put one of them right",
)
