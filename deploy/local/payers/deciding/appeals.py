"""What becomes of an appeal, a reconsideration or a packet of documents: hidden fact × evidence × time × addressee."""

from dataclasses import dataclass
from datetime import date, timedelta

from deploy.local.payers.deciding.context import Context
from deploy.local.payers.deciding.decision import Decision, LineDecision
from deploy.local.payers.deciding.history_checks import granted
from deploy.local.payers.draws import happens
from deploy.local.payers.model.appeals import Win
from deploy.local.payers.model.payer import PayerModel
from schemas.directory import AppealLevel
from schemas.events.payer_outbound import AppealPacket

DOCUMENTS, REOPENING = "documents", "reopening"


@dataclass(frozen=True, slots=True)
class Filed:
    """A packet and what the payer knows when it is decided."""

    packet: AppealPacket
    filed_on: date
    denied_on: date
    """When the answer that is appealed went out."""
    earlier: dict[int, date]
    """Decisions of this claim by level that did not fully grant it."""
    accepted_on: tuple[date, ...]
    """When the payer took in receptions of this claim."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, its reason, and the (line control, rule) pairs that are set aside for the new answer."""

    decision: str
    reason: str
    waived: frozenset[tuple[str, str]] = frozenset()


def decide(filed: Filed, context: Context, standing: Decision | None, seed: int) -> Verdict:
    """Decide a packet about the claim's standing answer."""
    if standing is None:
        return Verdict("dismissed", "claim_not_found")
    if fault := formal_fault(filed, context.payer):
        return fault
    appealed = appealed_lines(filed.packet, standing)
    if not appealed:
        return Verdict("dismissed", "nothing_denied")
    rules = context.payer.appeals
    if all(line.carc in rules.dismissed for line in appealed):
        return Verdict("dismissed", "corrected_claim_needed")
    if rules.needs_evidence and not filed.packet.evidence:
        return Verdict("dismissed", "no_evidence")
    won = [line for line in appealed if merits(filed, context, line)]
    if won and _wrongly_upheld(filed.packet, context, seed):
        return Verdict("upheld", "policy_not_met")
    if not won:
        return Verdict("upheld", "policy_not_met")
    waived = frozenset((line.control, line.rule) for line in won)
    whole = len(won) == len(appealed)
    return Verdict("overturned" if whole else "overturned_in_part", "evidence_accepted", waived)


def formal_fault(filed: Filed, payer: PayerModel) -> Verdict | None:
    """Late, wrong level or wrong addressee: dismissed; late documents are upheld."""
    packet, published = filed.packet, payer.published
    if packet.kind == DOCUMENTS:
        late = filed.filed_on > filed.denied_on + timedelta(days=published.documents_days)
        return Verdict("upheld", "late") if late else None
    if packet.kind == REOPENING:
        late = filed.filed_on > filed.denied_on + timedelta(days=published.reopening_days)
        return Verdict("dismissed", "late") if late else None
    level = next((entry for entry in published.appeal_levels if entry.level == packet.level), None)
    if level is None:
        return Verdict("dismissed", "wrong_level")
    return _level_fault(filed, level)


def _level_fault(filed: Filed, level: AppealLevel) -> Verdict | None:
    start = filed.denied_on
    if level.level > 1:
        before = filed.earlier.get(level.level - 1)
        if before is None:
            return Verdict("dismissed", "wrong_level")
        start = before
    if filed.packet.addressee != level.addressee:
        return Verdict("dismissed", "wrong_addressee")
    if filed.filed_on > start + timedelta(days=level.days_to_file):
        return Verdict("dismissed", "late")
    return None


def appealed_lines(packet: AppealPacket, standing: Decision) -> list[LineDecision]:
    """The denied lines that the packet speaks of, by line control and CARC."""
    carcs = {code.partition("-")[2] for code in packet.codes if "-" in code}
    return [
        line
        for line in standing.denied
        if (not packet.lines or line.control in packet.lines or "claim" in packet.lines)
        and (not carcs or line.carc in carcs)
    ]


def merits(filed: Filed, context: Context, line: LineDecision) -> bool:
    """Whether a line is won: the record that was asked for is there and meets the policy, or a way to win fits."""
    asked = next((rule for rule in context.payer.rules.documents if rule.id == line.rule), None)
    if asked and {document.kind for document in filed.packet.evidence} & set(asked.kinds):
        return fact_holds("record_meets_policy", filed, context, line)
    return any(wins(win, filed, context, line) for win in context.payer.appeals.wins)


def wins(win: Win, filed: Filed, context: Context, line: LineDecision) -> bool:
    """Whether this way to win fits the line's denial, its hidden fact is true and its evidence is in the packet."""
    if line.carc not in win.carcs or not fact_holds(win.fact, filed, context, line):
        return False
    shown = {document.kind for document in filed.packet.evidence}
    shown |= {code for document in filed.packet.evidence for code in document.supports}
    return not win.evidence or bool(shown & set(win.evidence))


def fact_holds(fact: str, filed: Filed, context: Context, line: LineDecision) -> bool:
    """Whether a hidden fact is true of the line's care."""
    facts = context.member.service(line.service_date) if context.member else None
    if fact == "always":
        return True
    if fact == "timely":
        limit = context.limit_days()
        return any((day - line.service_date).days <= limit for day in filed.accepted_on)
    if facts is None:
        return False
    if fact == "authorized":
        rules = {rule.id: rule for rule in context.payer.rules.authorization}
        seen = next(entry for entry in context.claim.lines if entry.control == line.control)
        return bool(granted(context, seen, rules.get(line.rule)))
    return bool(getattr(facts, fact))


def _wrongly_upheld(packet: AppealPacket, context: Context, seed: int) -> bool:
    share = context.payer.appeals.wrong_decision_share
    about = (seed, context.payer.payer_id, *context.claim.identity, "wrong_decision", *sorted(packet.codes))
    return packet.level == 1 and packet.kind != DOCUMENTS and happens(share, *about)
