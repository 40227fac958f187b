"""Edits that look at what the payer has on file: earlier claims of the member, and authorisations."""

from collections.abc import Iterator

from deploy.local.payers.deciding.claim import LineFacts
from deploy.local.payers.deciding.context import Context, Finding, PastLine
from deploy.local.payers.deciding.members import Granted
from deploy.local.payers.model.base import covers
from deploy.local.payers.model.rules import Authorization

EMERGENCY_ROOM = "23"


def duplicates(context: Context) -> Iterator[Finding]:
    """A line that the payer has already allowed, or that stands twice on the claim."""
    own = context.claim
    seen = {(past.procedure, past.modifiers, past.service_date, past.rendering_npi) for past in context.history}
    for at, line in enumerate(own.lines):
        key = (line.procedure, line.modifiers, line.service_date, own.rendering_npi or own.billing_npi)
        if key in seen:
            yield Finding(at, "duplicates", "other", context.payer.rules.duplicates)
        seen.add(key)


def authorization(context: Context) -> Iterator[Finding]:
    """Services whose authorisation is missing, wrong, used up, or overlooked."""
    for rule in context.payer.rules.authorization:
        for at, line in context.lines(rule):
            if rule.emergency_exempt and (line.emergency or line.place == EMERGENCY_ROOM):
                continue
            if finding := _judge(context, rule, at, line):
                yield finding


def granted(context: Context, line: LineFacts, rule: Authorization | None = None) -> list[Granted]:
    """What the payer has on file for the line's service and day, overlooked or not."""
    if context.member is None:
        return []
    retro = rule.retro_days if rule else 0
    return [
        entry
        for entry in context.member.authorizations
        if covers(entry.procedures, line.procedure)
        and entry.begins <= line.service_date <= entry.ends
        and (entry.given_on - line.service_date).days <= retro
    ]


def _judge(context: Context, rule: Authorization, at: int, line: LineFacts) -> Finding | None:
    number = context.claim.authorization
    found = next((entry for entry in granted(context, line, rule) if entry.number == number), None)
    denial = rule.denial
    if number and found is None:
        denial = rule.wrong_number or rule.denial
    elif found is not None and not found.overlooked:
        used = sum(past.units for past in context.history if past.authorization == number)
        if rule.units_used_up is None or used + line.units <= found.units:
            return None
        denial = rule.units_used_up
    return Finding(at, rule.id, "authorization", denial)


def global_periods(context: Context) -> Iterator[Finding]:
    """Visits that belong to an operation."""
    for rule in context.payer.rules.global_periods:
        for at, line in context.lines(rule):
            if not set(rule.modifiers) & set(line.modifiers) and _operated(context, rule.surgeries, rule.days, line):
                yield Finding(at, rule.id, "coding", rule.denial)


def _operated(context: Context, surgeries: tuple[str, ...], days: int, line: LineFacts) -> bool:
    return any(
        covers(surgeries, past.procedure) and 0 <= (line.service_date - past.service_date).days <= days
        for past in context.history
    )


def frequency(context: Context) -> Iterator[Finding]:
    """Services that were paid too often."""
    for rule in context.payer.rules.frequency:
        for at, line in context.lines(rule):
            if len(_recent(context.history, line, rule.days)) >= rule.times:
                yield Finding(at, rule.id, "not_covered", rule.denial)


def _recent(history: tuple[PastLine, ...], line: LineFacts, days: int) -> list[PastLine]:
    return [
        past
        for past in history
        if past.procedure == line.procedure and 0 <= (line.service_date - past.service_date).days < days
    ]
