"""From a verified encounter to claims: held with reasons, or sent."""

from datetime import date

from schemas.directory import PayerDirectory
from schemas.events.claims import ClaimHeld
from services.claim_submission.domain.account import Account, Revision
from services.claim_submission.domain.bills import Sending, claim_lines, order_of, sent
from services.claim_submission.domain.change import Change, Message
from services.claim_submission.domain.claim import Claim, Scrubbed
from services.claim_submission.domain.coverage import refusal
from services.claim_submission.domain.edits import Bill, first_service, scrub
from services.claim_submission.domain.splitting import parts

FILING = "filing_limit_passed"


def edits_of(account: Account, revision: Revision, directory: PayerDirectory, today: date) -> tuple[str, ...]:
    """Everything that speaks against sending a verified revision; empty: clean."""
    order = order_of(account, revision)
    checked = account.verification(revision.number)
    refused = () if order or checked is None else (refusal(checked.coverages),)
    place = order[0] if order else 0
    bill = Bill(
        encounter=revision.encounter,
        phi=account.phi.revisions[revision.number],
        coverage=place,
        first_day=first_service(revision.encounter),
        payer=directory.get(revision.encounter.coverages[place].payer_id),
        today=today,
    )
    return (*refused, *scrub(bill))


def first_scrub(account: Account, directory: PayerDirectory, today: date) -> Change:
    """Make the encounter's claims once a revision and its coverage are both known.

    News of today never stands in the way of it: a newer revision or a withdrawal counts from tomorrow on, whether it
    came before or after.
    """
    revision = _to_bill(account, today)
    if account.claims or revision is None or (account.withdrawn_on and account.withdrawn_on < today):
        return Change(account)
    edits = edits_of(account, revision, directory, today)
    return made_claims(account, revision, edits, directory, today)


def _to_bill(account: Account, today: date) -> Revision | None:
    newest = account.newest(today)
    floor = newest.number if newest else 0
    ready = [
        entry
        for entry in account.revisions
        if entry.number >= floor
        and account.verification(entry.number)
        and entry.encounter.coverages
        and entry.encounter.no_claim is None
    ]
    return min(ready, key=lambda entry: entry.number, default=None)


def made_claims(
    account: Account, revision: Revision, edits: tuple[str, ...], directory: PayerDirectory, today: date
) -> Change:
    """One claim a part of the revision, for the parts that have none yet: held with the edits, else sent."""
    messages: list[Message] = []
    order = order_of(account, revision) or tuple(range(len(revision.encounter.coverages)))
    payers = tuple(dict.fromkeys([revision.encounter.coverages[place].payer_id for place in order]))
    for number, part in enumerate(parts(revision.encounter), 1):
        claim_id = f"{account.account}{number:02d}"
        if account.claim(claim_id) is not None:
            continue
        claim = Claim(
            claim_id=claim_id,
            payer_id=payers[0],
            payers=payers,
            lines=claim_lines(part) if edits else (),
            scrubbed=Scrubbed(revision=revision.number, scrubbed_on=today, edits=edits),
        )
        if edits:
            messages.append(held(claim))
            account = account.waking(today)
        else:
            sending = Sending(revision, part, order, "1", "original")
            claim, caused = sent(account, claim, sending, directory, today)
            messages.extend(caused)
        account = account.with_claim(claim)
    return Change(account, tuple(messages))


def held(claim: Claim) -> Message:
    """That the claim is held, and by which edits."""
    edits = claim.scrubbed.edits if claim.scrubbed else ()
    return Message(ClaimHeld(claim_id=claim.claim_id, payer_id=claim.payer_id, charge=claim.charge, edits=edits))
