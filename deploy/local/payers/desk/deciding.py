"""Claims, appeals and takebacks that are due, and the checks that come of them."""

import json
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from deploy.local.payers.answers.dirt import soiled
from deploy.local.payers.answers.remittance import Answered, checks_in_order, payment
from deploy.local.payers.deciding.adjudicate import adjudicate, deny_all
from deploy.local.payers.deciding.appeals import Filed, Verdict, decide
from deploy.local.payers.deciding.decision import Decision
from deploy.local.payers.deciding.pricing import part
from deploy.local.payers.desk.desk import Desk
from deploy.local.payers.desk.store import ANSWERED, TAKEN_BACK, VOID, WAITING, Row
from deploy.local.payers.draws import happens
from schemas.events.payer_outbound import AppealPacket

VOIDS = "8"


def decide_claims(desk: Desk) -> None:
    """Adjudicate what is due: by service date, patient, claim number."""
    due = desk.store.claims(desk.id, "state = ? AND due_on <= ?", WAITING, desk.day.isoformat())
    for row in sorted(due, key=lambda one: (one.facts.service_date, one.member_key, one.claim_id)):
        decide_claim(desk, row)


def decide_claim(desk: Desk, row: Row) -> None:
    """One claim: a void takes back, a replacement or reopening takes back and answers anew."""
    original = replaced(desk, row)
    if row.facts.frequency == VOIDS:
        if original:
            take_back(desk, original, always=True)
        desk.store.set_state(row.id, VOID)
        return
    without = frozenset({original.id} if original else set())
    context = desk.context(row.facts, without)
    decision = adjudicate(context, desk.purse(row.facts, without), desk.seed)
    if original:
        always = row.facts.frequency != "1" and desk.payer.accepts.replacement_reverses == "always"
        take_back(desk, original, always=always)
    answer(desk, row, decision, interest=interest(desk, row, decision))
    if original is None:
        plan_takebacks(desk, row, decision)


def replaced(desk: Desk, row: Row) -> Row | None:
    """The answer that this claim replaces (7), voids (8) or, as a new claim, reopens within the limit."""
    standing = desk.store.claims(desk.id, "claim_id = ? AND state = ?", row.claim_id, ANSWERED)
    if row.facts.frequency != "1":
        return next((one for one in reversed(standing) if one.control == row.facts.replaces), None)
    limit = desk.payer.published.reopening_days
    last = standing[-1] if standing else None
    if last is None or last.decided_on is None:
        return None
    wholly_denied = last.decision is not None and len(last.decision.denied) == len(last.decision.lines)
    reopens = (row.received_on - last.decided_on).days <= limit
    return last if reopens or wholly_denied else None


def answer(desk: Desk, row: Row, decision: Decision, waived: Iterable[tuple[str, str]] = (), interest: int = 0) -> None:
    """Put a decision on record and on the check."""
    attempt = desk.store.count(desk.id, "claim_id = ? AND id < ?", row.claim_id, row.id)
    sent = soiled(desk.payer, row.facts, decision, attempt, desk.seed)
    desk.store.answer(row.id, decision, sent, desk.day, waived)
    desk.pay(Answered(row.facts, sent, row.control, interest=interest))


def take_back(desk: Desk, row: Row, *, always: bool) -> None:
    """Reverse an answer (CLP02 22). One that moved no money is reversed only where `always` says so."""
    desk.store.set_state(row.id, TAKEN_BACK)
    sent = row.sent
    if sent and (always or sent.paid or sent.patient):
        desk.pay(Answered(row.facts, sent, row.control, reversal=True))


def interest(desk: Desk, row: Row, decision: Decision) -> int:
    """Simple interest for the days after the limit, cents."""
    rule = desk.payer.clocks.interest
    late = (desk.day - row.received_on).days - (rule.after_days if rule else 0)
    if rule is None or late <= 0 or decision.paid <= 0:
        return 0
    return part(decision.paid, rule.annual_percent / 100 * late / 365)


def plan_takebacks(desk: Desk, row: Row, decision: Decision) -> None:
    """Choose paid claims for an audit; the first kind that happens counts."""
    if decision.paid <= 0:
        return
    for at, rule in enumerate(desk.payer.takebacks):
        if happens(rule.share, desk.seed, desk.id, *row.facts.identity, "takeback", at):
            due = desk.payday(desk.day + timedelta(days=rule.after_days))
            desk.store.schedule(desk.id, due, "takeback", {"row": row.id, "rule": at})
            return


def take_backs(desk: Desk) -> None:
    """Audits and offsets that are due; an answer that no longer stands is left alone."""
    for body in desk.store.due(desk.id, "takeback", desk.day):
        row, rule = desk.store.row(body["row"]), desk.payer.takebacks[body["rule"]]
        if row.state != ANSWERED or row.decision is None or row.sent is None:
            continue
        paid = row.sent.paid
        if rule.kind == "offset":
            desk.check(row.facts).levels.append(("WO", row.claim_id, paid))
            continue
        assert rule.denial is not None
        take_back(desk, row, always=True)
        renewed = desk.store.row(_again(desk, row))
        answer(desk, renewed, deny_all(desk.payer, row.decision, rule.denial, f"audit_{rule.kind}"))
        if rule.kind == "later":
            desk.check(row.facts).levels.append(("WO", row.claim_id, -paid))
            due = desk.payday(desk.day + timedelta(days=rule.offset_days))
            desk.store.schedule(desk.id, due, "offset", {"row": row.id, "cents": paid})
    for body in desk.store.due(desk.id, "offset", desk.day):
        row = desk.store.row(body["row"])
        desk.check(row.facts).levels.append(("WO", row.claim_id, body["cents"]))


def _again(desk: Desk, row: Row) -> int:
    """A new reception row for another answer to the same claim."""
    control = desk.control(desk.day)
    return desk.store.add_claim(desk.id, row.facts, WAITING, desk.day, control, row.member_key)


def decide_appeals(desk: Desk) -> None:
    """Letters for the appeals that are due, and the payments that follow from those that were won."""
    for body in desk.store.due(desk.id, "appeal", desk.day):
        packet = AppealPacket.model_validate(body["packet"])
        row = appealed(desk, packet)
        verdict = judge(desk, packet, date.fromisoformat(body["filed_on"]), row)
        desk.store.note_appeal(desk.id, packet.appeal_id, packet.claim_id, packet.level, verdict.decision, desk.day)
        letter(desk, packet, verdict)
        if row and verdict.waived:
            due = desk.payday(desk.day + timedelta(days=desk.payer.appeals.payment_days))
            waived = sorted(row.waived | verdict.waived)
            desk.store.schedule(desk.id, due, "pay", {"row": row.id, "waived": waived})
    for body in desk.store.due(desk.id, "pay", desk.day):
        pay_won(desk, body)


def appealed(desk: Desk, packet: AppealPacket) -> Row | None:
    """The answer that a packet speaks of: by the payer's number, else the claim's last one that stands."""
    standing = desk.store.claims(desk.id, "claim_id = ? AND state = ?", packet.claim_id, ANSWERED)
    named = [row for row in standing if row.control == packet.payer_control_number]
    found = named or standing
    return found[-1] if found else None


def judge(desk: Desk, packet: AppealPacket, filed_on: date, row: Row | None) -> Verdict:
    """The verdict on a packet."""
    if row is None or row.decision is None or row.decided_on is None:
        return Verdict("dismissed", "claim_not_found")
    receptions = desk.store.claims(desk.id, "claim_id = ? AND control != ''", packet.claim_id)
    filed = Filed(
        packet=packet,
        filed_on=filed_on,
        denied_on=row.decided_on,
        earlier=desk.store.lost_levels(desk.id, packet.claim_id),
        accepted_on=tuple(one.received_on for one in receptions),
    )
    return decide(filed, desk.context(row.facts, frozenset({row.id})), row.decision, desk.seed)


def letter(desk: Desk, packet: AppealPacket, verdict: Verdict) -> None:
    """The decision letter."""
    content = {
        "appeal_id": packet.appeal_id,
        "claim_id": packet.claim_id,
        "decision": verdict.decision,
        "reason": verdict.reason,
        "decided_on": desk.day.isoformat(),
    }
    name = re.sub(r"[^A-Za-z0-9_-]", "_", packet.appeal_id)
    desk.out.plain(f"{name}.decision.json", json.dumps(content, sort_keys=True).encode())


def pay_won(desk: Desk, body: dict[str, Any]) -> None:
    """Take the denial back and answer the claim anew, with the edits that the appeal has set aside."""
    row = desk.store.row(body["row"])
    if row.state != ANSWERED:
        return
    waived = frozenset((line, rule) for line, rule in body["waived"])
    without = frozenset({row.id})
    context = desk.context(row.facts, without)
    context = type(context)(context.payer, context.claim, context.member, context.history, waived)
    decision = adjudicate(context, desk.purse(row.facts, without), desk.seed)
    take_back(desk, row, always=desk.payer.accepts.replacement_reverses == "always")
    answer(desk, desk.store.row(_again(desk, row)), decision, waived)


def write_checks(desk: Desk) -> None:
    """One 835 file a day, one ST a payee. What a payee owes more than it gets is carried forward (PLB FB)."""
    sets = []
    for number, check in enumerate(checks_in_order(list(desk.checks.values())), 1):
        trace = f"{desk.payer.payments.originator[-4:]}{desk.day:%y%m%d}{number:03d}"
        if owed := desk.store.carried(desk.id, check.npi):
            check.levels.append(("FB", trace, owed))
        total = check.total()
        if total < 0:
            check.levels.append(("FB", trace, total))
        desk.store.carry(desk.id, check.npi, -min(0, total))
        sets.append(payment(desk.payer, check, desk.day, trace))
    if sets:
        file = desk.out.add("835", sets)
        if happens(desk.payer.dirt.file_twice, desk.seed, desk.id, desk.day, "file_twice"):
            desk.out.plain(f"{file.name.removesuffix('.835')}-again.835", file.content, file.awaits)
