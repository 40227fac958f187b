"""The life of a packet: asked for, approved, filed, decided or given up. Each step answers the state and its events."""

from collections.abc import Sequence
from datetime import date, timedelta

from schemas.codes.appeal_grounds import AppealGrounds, appeal_grounds
from schemas.directory import PayerDirectory
from schemas.document import Phi
from schemas.events.appeals import AppealClosed, AppealFiled, AppealRefused, ApprovalRequested
from schemas.events.denials import WayChosen
from schemas.events.envelope import EventData
from schemas.events.payer_inbound import AppealDecided
from services.appeals.domain.model import Appeal, Appeals
from services.appeals.domain.prepare import Channel, Refused, checked, packet, published_level

Told = Sequence[tuple[EventData, Phi | None]]
Step = tuple[Appeals, Told]


def asked(state: Appeals, request: WayChosen, directory: PayerDirectory, today: date) -> Step:
    """Triage chose a packet: refuse it, ask a person, or file it. A packet of the same denial that waits is dropped."""
    state = dropped(state, request.denial_id, today)
    appeal = Appeal(appeal_id=appeal_id(state, request), request=request, last_day=request.deadline)
    try:
        found = checked(request, directory.get(request.payer_id), today)
    except Refused as refusal:
        return _refused(state, appeal, refusal.reason)
    appeal = appeal.model_copy(update={"last_day": found.last_day})
    decide_by = approval_until(appeal, today)
    if decide_by is None:
        return _filed(state, appeal, found, today)
    question = ApprovalRequested(
        denial_id=request.denial_id,
        claim_id=request.claim_id,
        payer_id=request.payer_id,
        level=request.level,
        cents=request.cents,
        decide_by=decide_by,
    )
    return state.with_appeal(appeal.model_copy(update={"decide_by": decide_by})), [(question, None)]


def appeal_id(state: Appeals, request: WayChosen) -> str:
    """Derived from the denial and the level; a packet that is sent again carries the attempt."""
    letter = "P" if request.way == "documents" else "A"
    name = f"{request.denial_id}-{letter}{request.level}"
    return name if state.get(name) is None else f"{name}N{request.attempt}"


def approval_until(appeal: Appeal, today: date) -> date | None:
    """Until when a person may decide; None where nobody needs to, or where waiting would make it late.

    Documents that the payer asked for argue nothing: they go without.
    """
    policy: AppealGrounds = appeal_grounds(today)
    if appeal.kind == "documents" or appeal.cents <= policy.approval_above_cents:
        return None
    latest = appeal.last_day - timedelta(days=policy.transit_days)
    decide_by = min(today + timedelta(days=policy.approval_days), latest)
    return decide_by if decide_by > today else None


def answered(state: Appeals, denial_id: str, approve: bool, directory: PayerDirectory, today: date) -> Step | None:
    """A person's answer; None where no packet of this denial waits, or the answer comes too late to count."""
    appeal = next((a for a in state.appeals if a.request.denial_id == denial_id and a.status == "waiting"), None)
    if appeal is None or appeal.decide_by is None or today >= appeal.decide_by:
        return None
    if not approve:
        return _refused(state, appeal, "not_approved")
    return _let_go(state, appeal, directory, today)


def dropped(state: Appeals, denial_id: str, today: date) -> Appeals:
    """Packets that wait for approval while their denial ended or took another way go nowhere; nobody is told."""
    for appeal in state.appeals:
        waits = appeal.status == "waiting" and appeal.decide_by is not None and today < appeal.decide_by
        if waits and appeal.request.denial_id == denial_id:
            state = state.with_appeal(appeal.model_copy(update={"status": "refused", "reason": "nothing_denied"}))
    return state


def decided(state: Appeals, event: AppealDecided, directory: PayerDirectory, today: date) -> Step | None:
    """The payer's letter. One that comes after we stopped waiting is kept, and changes nothing that was told."""
    appeal = state.get(event.appeal_id)
    if appeal is None or appeal.filed_on is None or appeal.decision:
        return None
    late = appeal.overdue_on is not None and today >= appeal.overdue_on
    changes = {"decision": event.decision, "reason": event.reason, "decided_on": event.decided_on}
    appeal = appeal.model_copy(update=changes)
    if late:
        return state.with_appeal(appeal), []
    appeal = appeal.model_copy(update={"status": "closed"})
    told = _closed(appeal, event.decision, event.reason, event.decided_on, directory)
    return state.with_appeal(appeal), [(told, None)]


def work(state: Appeals, directory: PayerDirectory, today: date) -> Step:
    """The morning's look: file what nobody answered, stop waiting for what the payer did not decide."""
    told: list[tuple[EventData, Phi | None]] = []
    for appeal in state.appeals:
        if appeal.due is None or appeal.due > today:
            continue
        if appeal.status == "waiting":
            state, events = _let_go(state, appeal, directory, today)
        else:
            state, events = _given_up(state, appeal, directory, today)
        told += events
    return state.planned(), told


def _let_go(state: Appeals, appeal: Appeal, directory: PayerDirectory, today: date) -> Step:
    try:
        found = checked(appeal.request, directory.get(appeal.request.payer_id), today)
    except Refused as refusal:
        return _refused(state, appeal, refusal.reason)
    return _filed(state, appeal, found, today)


def _filed(state: Appeals, appeal: Appeal, found: Channel, today: date) -> Step:
    request = appeal.request
    people = state.phi.morning(today).at(request.payer_id) if state.phi else None
    if people is None:
        return _refused(state, appeal, "no_member")
    expected = today + timedelta(days=found.decision_days)
    appeal = appeal.model_copy(
        update={
            "status": "filed",
            "filed_on": today,
            "expected_by": expected,
            "overdue_on": expected + timedelta(days=appeal_grounds(today).decision_grace_days),
        }
    )
    told = AppealFiled(
        appeal_id=appeal.appeal_id,
        denial_id=request.denial_id,
        claim_id=request.claim_id,
        payer_id=request.payer_id,
        kind=appeal.kind,
        level=request.level,
        cents=request.cents,
        filed_on=today,
        decision_expected_by=expected,
    )
    return state.with_appeal(appeal), [(packet(appeal, found.addressee), people), (told, None)]


def _refused(state: Appeals, appeal: Appeal, reason: str) -> Step:
    request = appeal.request
    told = AppealRefused(
        denial_id=request.denial_id,
        claim_id=request.claim_id,
        payer_id=request.payer_id,
        kind=appeal.kind,
        level=request.level,
        reason=reason,
    )
    return state.with_appeal(appeal.model_copy(update={"status": "refused", "reason": reason})), [(told, None)]


def _given_up(state: Appeals, appeal: Appeal, directory: PayerDirectory, today: date) -> Step:
    told = _closed(appeal, "no_decision", "no_answer_in_time", today, directory)
    return state.with_appeal(appeal.model_copy(update={"status": "closed"})), [(told, None)]


def _closed(appeal: Appeal, decision: str, reason: str, decided_on: date, directory: PayerDirectory) -> AppealClosed:
    request, profile = appeal.request, directory.get(appeal.request.payer_id)
    further = published_level(profile, request.level + 1) if profile and appeal.kind != "documents" else None
    open_to_us = further is not None and decision in ("upheld", "overturned_in_part", "no_decision")
    until = decided_on + timedelta(days=further.days_to_file) if further and open_to_us else None
    return AppealClosed(
        appeal_id=appeal.appeal_id,
        denial_id=request.denial_id,
        claim_id=request.claim_id,
        payer_id=request.payer_id,
        kind=appeal.kind,
        level=request.level,
        decision=decision,
        reason=reason,
        decided_on=decided_on,
        next_level_until=until,
    )
