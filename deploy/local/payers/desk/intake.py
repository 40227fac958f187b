"""Files that came in: set by set (999), claim by claim (277CA), question by question (271, 277), appeal by appeal."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.local.payers.deciding.claim import ClaimFacts, from_837
from deploy.local.payers.deciding.context import Context
from deploy.local.payers.deciding.front_end import Rejection, rejection, set_answer
from deploy.local.payers.desk.desk import Desk
from deploy.local.payers.desk.receipts import GROUP, INTERCHANGE, take_receipts
from deploy.local.payers.desk.store import ANSWERED, LOST, REJECTED, VOID, WAITING, InboxFile, Row
from deploy.local.payers.draws import between, happens
from deploy.local.payers.model.base import covers
from deploy.local.payers.model.clocks import Pend
from schemas.events.payer_outbound import AppealPacket
from schemas.x12 import Ack999, Claims837P, SegmentError, make999, read
from schemas.x12.reading import Reading


def take_in(desk: Desk, file: InboxFile) -> None:
    """Work on one file; what cannot be read is left without an answer, as a payer's gateway does."""
    if file.kind == "837":
        take_claims(desk, file)
    elif file.kind in ("270", "276"):
        days = desk.payer.clocks.answer_271_days if file.kind == "270" else desk.payer.clocks.answer_277_days
        body = {"file": file.name, "content": file.content.decode("latin-1")}
        desk.store.schedule(desk.id, file.dated + timedelta(days=days), file.kind, body)
    elif file.kind == "appeal.json":
        take_appeal(desk, file)
    elif file.kind in (GROUP, INTERCHANGE):
        take_receipts(desk, file)
    desk.store.done(desk.id, file.name)


def take_appeal(desk: Desk, file: InboxFile) -> None:
    """Note a packet for the day of its decision; nobody answers what is no packet."""
    try:
        packet = AppealPacket.model_validate(json.loads(file.content)["data"])
    except (ValueError, KeyError, TypeError):
        return
    days = desk.payer.appeals.decision_days
    about = (desk.seed, desk.id, packet.codes, packet.denied, packet.level, file.dated)
    body = {"filed_on": file.dated.isoformat(), "packet": packet.model_dump(mode="json")}
    desk.store.schedule(desk.id, file.dated + timedelta(days=between(days.least, days.most, *about)), "appeal", body)


def take_claims(desk: Desk, file: InboxFile) -> None:
    """The 999 for each group, then every claim of the sets that it accepts."""
    reading = read(file.content, file=file.name)
    acks = make999(reading)
    refused = _apply_set_rules(desk, reading, acks, file.dated)
    for ack in acks:
        due = file.dated + timedelta(days=desk.payer.clocks.ack_999_days)
        desk.store.schedule(desk.id, due, "999", as_json(ack))
    for transaction in reading.transactions():
        if isinstance(transaction, Claims837P) and transaction.control_number not in refused:
            for claim in transaction.claims:
                take_claim(desk, from_837(claim, file.dated))


def _apply_set_rules(desk: Desk, reading: Reading, acks: list[Ack999], dated: date) -> set[str]:
    """Numbers of the sets that are refused, by syntax or by the front end's own rules; the acks are changed."""
    rules = {}
    for transaction in reading.transactions():
        if isinstance(transaction, Claims837P):
            contexts = [_bare(desk, from_837(claim, dated)) for claim in transaction.claims if claim.lines]
            rules[transaction.control_number] = set_answer(contexts)
    for ack in acks:
        for entry in ack.sets:
            rule = rules.get(entry.set_control_number)
            if rule and entry.code != "R":
                entry.code, entry.reasons = rule.code, ("5",)
                entry.segments.append(SegmentError(rule.segment, 1, code=rule.error))
        ack.accepted = sum(entry.accepted for entry in ack.sets)
        codes = {entry.code for entry in ack.sets}
        ack.code = "R" if codes == {"R"} else "P" if "R" in codes else "E" if "E" in codes else "A"
    return {entry.set_control_number for ack in acks for entry in ack.sets if not entry.accepted}


def as_json(ack: Ack999) -> dict[str, Any]:
    """A 999 until the day on which it is sent."""
    return {
        "functional_id": ack.functional_id,
        "group": ack.group_control_number,
        "version": ack.group_version,
        "code": ack.code,
        "accepted": ack.accepted,
        "sets": [
            {
                "id": entry.set_id,
                "number": entry.set_control_number,
                "version": entry.version,
                "code": entry.code,
                "reasons": entry.reasons,
                "segments": [(one.segment_id, one.segment_position, one.code) for one in entry.segments],
            }
            for entry in ack.sets
        ],
    }


def _bare(desk: Desk, facts: ClaimFacts) -> Context:
    return Context(desk.payer, facts, desk.member(facts))


@dataclass(frozen=True, slots=True)
class Accepted:
    """A claim that is taken in. `replaced`: the reception that it replaces, voids or reopens."""

    replaced: Row | None = None


def take_claim(desk: Desk, facts: ClaimFacts) -> None:
    """Lose, reject or take in a claim; a 277CA follows unless it is lost."""
    if not facts.lines:
        return
    attempt = desk.store.count(desk.id, "claim_id = ?", facts.claim_id)
    key = desk.member_key(facts)
    if _is_lost(desk, facts, attempt):
        desk.store.add_claim(desk.id, facts, LOST, facts.received_on, "", key)
        return
    judged = judge(desk, facts)
    if isinstance(judged, Rejection):
        row = desk.store.add_claim(desk.id, facts, REJECTED, facts.received_on, "", key, judged.status)
    else:
        pend = next((entry for entry in desk.payer.clocks.pends if _pends(desk, facts, entry)), None)
        due_on = _due_on(desk, facts, attempt, pend)
        control = desk.control(facts.received_on)
        row = desk.store.add_claim(desk.id, facts, WAITING, due_on, control, key, pend.status if pend else "P1:20")
        if judged.replaced and judged.replaced.state == WAITING:
            desk.store.set_state(judged.replaced.id, VOID)
    when = facts.received_on + timedelta(days=desk.payer.clocks.ack_277ca_days)
    desk.store.schedule(desk.id, when, "277CA", row)


def judge(desk: Desk, facts: ClaimFacts) -> Rejection | Accepted:
    """The front end: its rules, then whether the version fits what the payer has."""
    turned_away = rejection(_bare(desk, facts))
    if turned_away:
        return turned_away
    accepts = desk.payer.accepts
    if facts.frequency not in desk.payer.published.accepts_frequencies:
        return Rejection(accepts.wrong_frequency, "frequency")
    earlier = desk.store.claims(desk.id, "claim_id = ? AND state IN (?, ?)", facts.claim_id, WAITING, ANSWERED)
    if facts.frequency == "1":
        if any(row.state == WAITING for row in earlier):
            return Rejection(accepts.in_process, "in_process")
        return Accepted()
    original = next((row for row in reversed(earlier) if row.control == facts.replaces), None)
    if original is None:
        return Rejection(accepts.unknown_original, "unknown_original")
    limit = timedelta(days=desk.payer.published.corrected_claim_days)
    if original.decided_on and facts.received_on > original.decided_on + limit:
        return Rejection(accepts.late_replacement, "late_replacement")
    return Accepted(original)


def _is_lost(desk: Desk, facts: ClaimFacts, attempt: int) -> bool:
    member = desk.member(facts)
    if member and attempt < member.service(facts.service_date).loses:
        return True
    share = desk.payer.clocks.lost_share
    return happens(share, desk.seed, desk.id, *facts.identity, "lost", attempt)


def _pends(desk: Desk, facts: ClaimFacts, pend: Pend) -> bool:
    if facts.charge < pend.charge_at_least_cents:
        return False
    if pend.plans and desk.payer.benefits.plan(desk.context_plan(facts)).name not in pend.plans:
        return False
    return any(
        (not pend.procedures or covers(pend.procedures, line.procedure))
        and (not pend.places or line.place in pend.places)
        for line in facts.lines
    )


def _due_on(desk: Desk, facts: ClaimFacts, attempt: int, pend: Pend | None) -> date:
    clocks, about = desk.payer.clocks, (desk.seed, desk.id, *facts.identity)
    days = between(clocks.adjudication_days.least, clocks.adjudication_days.most, *about, "adjudication", attempt)
    if pend:
        days = max(days, pend.days)
    if happens(clocks.late_share, *about, "late", attempt):
        days += clocks.late_days
    return desk.payday(facts.received_on + timedelta(days=max(days, clocks.payment_floor_days)))
