"""PLB pairs that name a claim, and what remittance and triage are told of them."""

from datetime import date

from schemas.events.claims import ClaimLedgerChanged
from schemas.events.payer_inbound import ClaimRecouped
from schemas.events.remittance import ClaimCentsRecouped
from services.claim_submission.domain.account import Account
from services.claim_submission.domain.change import Change, Message
from services.claim_submission.domain.claim import Claim
from services.claim_submission.domain.recoupment import Recoupment


def recouped(account: Account, data: ClaimRecouped, today: date) -> Change:
    """Keep the pair with the claim. A claim that is not known, or a pair that is, changes nothing."""
    before = account.claim(data.claim_id)
    if before is None or any(entry.pair == (data.check_id, data.position) for entry in before.recoupments):
        return Change(account)
    entry = Recoupment.model_validate({**data.model_dump(include=set(Recoupment.model_fields)), "received_on": today})
    recoupments = (*before.recoupments, entry)
    claim = before.model_copy(update={"recoupments": recoupments, "changes": before.changes + 1})
    told = standing_told(account.account, before, claim)
    ledger = claim.ledger()
    if ledger == before.ledger():
        return Change(account.with_claim(claim), told)
    change = ClaimLedgerChanged(
        claim_id=claim.claim_id,
        payer_id=data.payer_id,
        cause="recouped",
        ledger=ledger,
        ledger_version=claim.changes,
    )
    return Change(account.with_claim(claim), (*told, Message(change)))


def standing_told(account: str, before: Claim, after: Claim) -> tuple[Message, ...]:
    """Word to remittance of every pair of which other cents stand than before."""
    if not after.recoupments:
        return ()
    known = before.recouped()
    return tuple(
        Message(
            ClaimCentsRecouped(
                position=position,
                account=account,
                claim_id=after.claim_id,
                cents=cents,
                ledger_version=after.changes,
            ),
            key=check_id,
        )
        for (check_id, position), cents in after.recouped().items()
        if cents != known.get((check_id, position), 0)
    )
