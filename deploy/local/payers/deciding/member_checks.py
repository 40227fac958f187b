"""Edits about the member and about time: they come before all others."""

from collections.abc import Iterator

from deploy.local.payers.deciding.claim import LineFacts
from deploy.local.payers.deciding.context import Context, Finding
from deploy.local.payers.deciding.members import Member
from deploy.local.payers.model.base import Denial


def registration(context: Context) -> Iterator[Finding]:
    """Who the member is, whether covered, and who pays first."""
    member, rules = context.member, context.payer.members
    if member is None or member.person(context.claim.patient) is None:
        yield from _whole(context, "not_found", rules.not_found)
        return
    if rules.old_id and member.former_id and context.claim.member_id == member.former_id:
        yield from _whole(context, "old_id", rules.old_id)
    if rules.wrong_name and not same_name(context, member):
        yield from _whole(context, "wrong_name", rules.wrong_name)
    for at, line in enumerate(context.claim.lines):
        if uncovered := coverage_gap(context, member, line):
            yield Finding(at, uncovered[0], "registration", uncovered[1])
    if rules.other_plan and member.other_plan:
        yield from _whole(context, "other_plan", rules.other_plan)
    if rules.other_payer_first and member.other_payer:
        yield from _whole(context, "other_payer_first", rules.other_payer_first)


def coverage_gap(context: Context, member: Member, line: LineFacts) -> tuple[str, Denial] | None:
    """Why the line's day is not covered, as fact and denial."""
    if any(span.covers(line.service_date) for span in member.spans):
        return None
    rules = context.payer.members
    if all(line.service_date < span.begins for span in member.spans):
        return "not_started", rules.not_started
    return "terminated", rules.terminated


def same_name(context: Context, member: Member) -> bool:
    """Whether the claim's patient bears the name under which the payer knows the member."""
    person = member.person(context.claim.patient)
    return person is not None and person.last.upper() == context.claim.patient.last.upper()


def late(context: Context) -> Iterator[Finding]:
    """The filing limit; a replacement has its own limit and is not late here."""
    if context.claim.frequency != "1" or context.claim.delay_reason:
        return
    limit = context.limit_days()
    for at, line in enumerate(context.claim.lines):
        age = (context.claim.received_on - line.service_date).days
        if age > limit or context.service(line).misdated:
            yield Finding(at, "filing_limit", "late", context.payer.rules.filing_limit.denial)


def _whole(context: Context, rule: str, denial: Denial) -> Iterator[Finding]:
    for at in range(len(context.claim.lines)):
        yield Finding(at, rule, "registration", denial)
