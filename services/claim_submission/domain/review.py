"""The day's review of an account: what yesterday's news and today's limits make of each claim."""

from dataclasses import replace
from datetime import date, timedelta

from schemas.directory import PayerDirectory
from schemas.events.claims import ClaimLedgerChanged
from schemas.events.partner import CorrectionRequested
from services.claim_submission.domain.account import Account
from services.claim_submission.domain.change import Change, Message
from services.claim_submission.domain.claim import Asked, Claim
from services.claim_submission.domain.follow_up import LIMIT, followed_up, next_payer_since, reason_of
from services.claim_submission.domain.inquiries import INQUIRY_DAYS, clocked, exhausted, inquired, unheard
from services.claim_submission.domain.needs import Need, basis_of, need_of
from services.claim_submission.domain.resending import (
    Done,
    corrected,
    insured_again,
    lost,
    released,
    sent_again,
    voided,
)
from services.claim_submission.domain.scrubbing import FILING, made_claims
from services.claim_submission.domain.uncorrected import corrected_by
from services.claim_submission.domain.unfinished import finished_by
from services.claim_submission.domain.ways import failed_way, open_ways, still_denied

CORRECTION_DAYS = 21
"""How long a partner has for a correction, if the way's own deadline leaves that long."""

LEFT_TO_PAYERS = (("next_payer", next_payer_since), ("corrected_answer", corrected_by), ("rest", finished_by))
"""Limit → from which day staff own what a payer still owes an answered claim."""


def reviewed(account: Account, directory: PayerDirectory, today: date) -> Change:
    """Do what is due. It looks only at what was known before today, so that news of today may come before or after."""
    account = account.model_copy(update={"wakes": tuple(day for day in account.wakes if day > today)})
    messages: list[Message] = []
    for claim in account.claims:
        claim, caused = _claim_reviewed(account, claim, directory, today)
        account = account.with_claim(claim)
        messages.extend(message for message in caused if message not in messages)
        if claim.follow_up is not None and claim.follow_up.opened_on == today:
            account = account.waking(today)  # news of today may have come before this look, or may still come
    change = _further_parts(account, directory, today)
    return Change(change.account, (*messages, *change.messages))


def _claim_reviewed(account: Account, claim: Claim, directory: PayerDirectory, today: date) -> Done:
    due = frozenset(limit.name for limit in claim.limits if limit.on <= today)
    claim = claim.model_copy(
        update={
            "limits": tuple(limit for limit in claim.limits if limit.on > today),
            "ways": tuple(way for way in claim.ways if _matters(claim, way.ended_on, today)),
        }
    )
    if claim.dropped:
        return insured_again(account, claim, directory, today)
    claim, due = clocked(claim, due, directory, today)
    silent = unheard(claim, due, today) and exhausted(claim)
    claim, caused = _moved(account, claim, due, directory, today)
    for name, owned_from in LEFT_TO_PAYERS:
        if (since := owned_from(claim, directory, today)) is not None and since > today:
            claim = claim.with_limit(name, since, today)
    reason = reason_of(account, claim, directory, today, silent)
    claim, told = followed_up(account, claim, reason, LIMIT in due, directory, today)
    return claim, (*caused, *told)


def _moved(account: Account, claim: Claim, due: frozenset[str], directory: PayerDirectory, today: date) -> Done:
    """What the claim does by itself, or because a person said so."""
    if claim.takeover:
        return _takeover(claim, today)
    if account.withdrawn_on is not None and account.withdrawn_on < today:
        return _withdrawn(account, claim, due, directory, today)
    if not claim.known_sent(today) and _makes_no_claim(account, today):
        return _dropped(claim, "self_pay")
    claim, again = sent_again(account, claim, directory, today)
    if again:
        return claim, again
    claim, asked = inquired(account, claim, due, today)
    claim, caused = _gone_on(account, claim, directory, today)
    claim, failed = _expired(account, claim, due, today)
    return claim, (*asked, *caused, *failed)


def _matters(claim: Claim, ended_on: date | None, today: date) -> bool:
    return ended_on is None or ended_on >= today


def _takeover(claim: Claim, today: date) -> Done:
    """Of a claim that others submitted there is no encounter to correct."""
    messages = []
    for way in open_ways(claim, today):
        claim, failed = failed_way(claim, way, "no_encounter")
        messages.append(failed)
    return claim, tuple(messages)


def _withdrawn(account: Account, claim: Claim, due: frozenset[str], directory: PayerDirectory, today: date) -> Done:
    if not claim.known_sent(today):
        return _dropped(claim, "withdrawn")
    claim, caused = voided(account, claim, directory, today)
    return (claim, caused) if caused else inquired(account, claim, due, today)


def _dropped(claim: Claim, cause: str) -> Done:
    lines = tuple(line.model_copy(update={"cents": 0}) for line in claim.lines)
    changes = {"dropped": True, "lines": lines, "limits": (), "changes": claim.changes + 1}
    claim = claim.model_copy(update=changes)
    told = ClaimLedgerChanged(
        claim_id=claim.claim_id,
        payer_id=claim.payer_id,
        cause=cause,
        ledger=claim.ledger(),
        ledger_version=claim.changes,
    )
    return claim, (Message(told),)


def _makes_no_claim(account: Account, today: date) -> bool:
    newest = account.newest(today)
    return newest is not None and (newest.encounter.no_claim is not None or not newest.encounter.coverages)


def _gone_on(account: Account, claim: Claim, directory: PayerDirectory, today: date) -> Done:
    if not claim.known_sent(today) and claim.release_on is not None and claim.release_on < today:
        return released(account, claim, directory, today)
    version = claim.last_version
    if version is not None and version.verdict(today) == "not_found":
        return (claim, ()) if claim.answered(version.number, today) else lost(account, claim, version, directory, today)
    need = need_of(claim, today)
    if need is None:
        return claim, ()
    need = replace(need, basis=basis_of(claim, need))
    ready = account.ready(today)
    if ready is None or ready.number <= need.basis or not ready.encounter.coverages:
        return _asked(account, claim, need, today)
    claim, caused = corrected(account, claim, need, ready, directory, today)
    edits = claim.scrubbed.edits if claim.scrubbed else ()
    if not edits:
        return claim, caused
    claim, asked = _asked(account, claim, replace(need, basis=ready.number, codes=edits), today)
    return claim, (*caused, *asked)


def _asked(account: Account, claim: Claim, need: Need, today: date) -> Done:
    """Ask the partner once a basis; not while a newer revision waits for eligibility."""
    newest = account.newest(today)
    already = claim.asked is not None and (claim.asked.cause, claim.asked.basis) == (need.cause, need.basis)
    if newest is None or newest.number > need.basis or already or FILING in need.codes:
        return claim, ()
    answer_by = today + timedelta(days=CORRECTION_DAYS)
    if need.way is not None:
        answer_by = min(answer_by, need.way.deadline - timedelta(days=2))
        if answer_by <= today:
            claim, failed = failed_way(claim, need.way, "no_time_left")
            return claim, (failed,)
    asked = Asked(cause=need.cause, basis=need.basis, asked_on=today, answer_by=answer_by)
    claim = claim.model_copy(update={"asked": asked}).with_limit("correction", answer_by, today)
    request = CorrectionRequested(
        event_id=newest.encounter.partner_event_id,
        account=account.account,
        cause=need.cause,
        codes=need.codes,
        answer_by=answer_by,
    )
    return claim, (Message(request, partner=newest.encounter.partner),)


def _expired(account: Account, claim: Claim, due: frozenset[str], today: date) -> Done:
    """No correction in time ends a way; so does a corrected claim that was rejected and not mended."""
    if "correction" not in due or claim.asked is None:
        return claim, ()
    newest = account.newest(today)
    if newest is not None and newest.number > claim.asked.basis and need_of(claim, today) is not None:
        return claim.with_limit("correction", today + timedelta(days=INQUIRY_DAYS), today), ()
    rejected = claim.asked.cause == "rejected" and need_of(claim, today) is not None
    messages = []
    for way in open_ways(claim, today):
        waiting = way.sent_version is None or (rejected and way.sent_version == len(claim.versions))
        if waiting and still_denied(claim, way, today):
            claim, failed = failed_way(claim, way, "rejected" if rejected else "no_correction")
            messages.append(failed)
    return claim, tuple(messages)


def _further_parts(account: Account, directory: PayerDirectory, today: date) -> Change:
    """A correction may need more claims than the encounter had (over 50 lines or 12 diagnoses)."""
    sent = {version.revision for claim in account.claims for version in claim.versions if version.sent_on == today}
    revision = account.revision(max(sent)) if sent else None
    if revision is None or any(claim.dropped or claim.takeover for claim in account.claims):
        return Change(account)
    return made_claims(account, revision, (), directory, today)
