"""Sending a claim again, or for the first time after a correction."""

from datetime import date, timedelta

from schemas.directory import PayerDirectory
from schemas.events.claims import ClaimRebilled
from services.claim_submission.domain.account import Account, Revision
from services.claim_submission.domain.bills import LANE_DAYS, Sending, claim_lines, order_of, sent
from services.claim_submission.domain.change import Message
from services.claim_submission.domain.choices import Form, NoForm, form_for, void_form
from services.claim_submission.domain.claim import Claim, Scrubbed, Version
from services.claim_submission.domain.edits import filing_deadline
from services.claim_submission.domain.needs import Need
from services.claim_submission.domain.scrubbing import FILING, edits_of, held
from services.claim_submission.domain.splitting import Part, parts
from services.claim_submission.domain.ways import failed_way, open_ways

Done = tuple[Claim, tuple[Message, ...]]
LOST_SENDS = 2
"""How often a payer may lose one claim before a person must call."""


def corrected(
    account: Account, claim: Claim, need: Need, revision: Revision, directory: PayerDirectory, today: date
) -> Done:
    """Scrub a newer revision; clean: send it in the form that the need asks for."""
    edits = edits_of(account, revision, directory, today)
    if need.way is not None:
        edits = tuple(edit for edit in edits if edit != FILING)
    claim = claim.model_copy(update={"scrubbed": Scrubbed(revision=revision.number, scrubbed_on=today, edits=edits)})
    if edits:
        return claim, () if claim.known_sent(today) else (held(claim),)
    form = _form(claim, need, account, revision, directory, today)
    if isinstance(form, NoForm):
        assert need.way is not None
        claim, failed = failed_way(claim, need.way, form.reason)
        return claim, (failed,)
    return _send(account, claim, revision, form, directory, today)


def _form(
    claim: Claim, need: Need, account: Account, revision: Revision, directory: PayerDirectory, today: date
) -> Form | NoForm:
    last = claim.last_version
    place = order_of(account, revision)[0]
    payer_id = revision.encounter.coverages[place].payer_id
    if need.way is None:
        return _again(claim, last, payer_id, today)
    payer = directory.get(payer_id)
    return form_for(claim, need.way, revision, payer, today) if payer else NoForm("unknown_payer")


def _again(claim: Claim, last: Version | None, payer_id: str, today: date) -> Form:
    """The form of the version that did not get through; to another payer always a new claim: F8 is the first's number."""
    if last is None or not claim.known_sent(today):
        return Form("1", "original")
    if last.payer_id != payer_id:
        return Form("1", "resubmission")
    return Form(last.frequency, "resubmission", last.replaces)


def _send(
    account: Account, claim: Claim, revision: Revision, form: Form, directory: PayerDirectory, today: date
) -> Done:
    part = _part(claim, revision)
    order = order_of(account, revision) or tuple(range(len(revision.encounter.coverages)))
    if part is None:
        return claim, ()
    sending = Sending(revision, part, order, form.frequency, form.cause, form.replaces)
    before = claim
    claim, messages = sent(account, claim, sending, directory, today)
    messages = (*messages, *_rebilled(before, claim))
    waiting = set(open_ways(claim, today))
    number = len(claim.versions)
    ways = tuple(
        way.model_copy(update={"sent_version": number}) if way in waiting and way.sent_version is None else way
        for way in claim.ways
    )
    return claim.model_copy(update={"ways": ways}), messages


def _rebilled(before: Claim, after: Claim) -> tuple[Message, ...]:
    """Word of the money, where the new version charges an answered claim otherwise than the payer answered it."""
    if not after.postings or after.ledger() == before.ledger():
        return ()
    told = ClaimRebilled(
        claim_id=after.claim_id,
        payer_id=after.payer_id,
        ledger=after.ledger(),
        ledger_version=after.changes,
        denied=after.denied(),
    )
    return (Message(told),)


def _part(claim: Claim, revision: Revision) -> Part | None:
    """The part of the revision that is this claim, by the claim's number."""
    place = int(claim.claim_id[-2:]) - 1
    found = parts(revision.encounter)
    return found[place] if place < len(found) else None


def released(account: Account, claim: Claim, directory: PayerDirectory, today: date) -> Done:
    """A person said to send the held claim as it is; without a payer that we know there is nowhere to send it."""
    revision = account.ready(today)
    if revision is None or not all(directory.get(entry.payer_id) for entry in revision.encounter.coverages):
        return claim, ()
    claim = claim.model_copy(update={"release_on": None})
    return _send(account, claim, revision, Form("1", "original"), directory, today)


def insured_again(account: Account, claim: Claim, directory: PayerDirectory, today: date) -> Done:
    """A claim dropped because its encounter was self-pay stands again once a newer revision names coverage."""
    revision, newest = account.ready(today), account.newest(today)
    part = _part(claim, revision) if revision else None
    withdrawn = account.withdrawn_on is not None and account.withdrawn_on < today
    if revision is None or part is None or newest is None or newest.number != revision.number or withdrawn:
        return claim, ()
    if revision.encounter.no_claim is not None or not revision.encounter.coverages:
        return claim, ()
    edits = edits_of(account, revision, directory, today)
    order = order_of(account, revision) or tuple(range(len(revision.encounter.coverages)))
    payers = tuple(dict.fromkeys(revision.encounter.coverages[place].payer_id for place in order))
    scrubbed = Scrubbed(revision=revision.number, scrubbed_on=today, edits=edits)
    changes = {"dropped": False, "payer_id": payers[0], "payers": payers, "lines": claim_lines(part), "asked": None}
    claim = claim.model_copy(update={**changes, "scrubbed": scrubbed, "changes": claim.changes + 1})
    if edits:
        return claim, (held(claim),)
    return _send(account, claim, revision, Form("1", "original"), directory, today)


def sent_again(account: Account, claim: Claim, directory: PayerDirectory, today: date) -> Done:
    """A person said to send again, as it is, what waits for them."""
    asked = [day for day in claim.resends if day < today]
    claim = claim.model_copy(update={"resends": tuple(day for day in claim.resends if day >= today)})
    last = claim.last_version
    revision = account.revision(last.revision) if last else None
    waits = claim.follow_up is not None and last is not None and not claim.answered(last.number, today)
    if not asked or not waits or last is None or revision is None:
        return claim, ()
    form = Form(last.frequency, last.cause if last.refused_on else "resubmission", last.replaces)
    return _send(account, claim, revision, form, directory, today)


def lost(account: Account, claim: Claim, version: Version, directory: PayerDirectory, today: date) -> Done:
    """The payer cannot find it (277 or 277CA A4): send the same again, while it is in time and not for ever."""
    revision = account.revision(version.revision)
    payer = directory.get(version.payer_id)
    times = sum(entry.verdict(today) == "not_found" for entry in claim.versions)
    if revision is None or payer is None or times >= LOST_SENDS:
        return claim, ()
    if version.frequency == "1" and today + timedelta(days=LANE_DAYS) > filing_deadline(revision.encounter, payer):
        return claim, ()
    return _send(account, claim, revision, Form(version.frequency, "resubmission", version.replaces), directory, today)


def voided(account: Account, claim: Claim, directory: PayerDirectory, today: date) -> Done:
    """The encounter was withdrawn after the claim went out."""
    last = claim.last_version
    payer = directory.get(last.payer_id) if last else None
    revision = account.revision(last.revision) if last else None
    form = void_form(claim, payer, today) if payer else None
    if form is None or revision is None:
        return claim, ()
    return _send(account, claim, revision, form, directory, today)
