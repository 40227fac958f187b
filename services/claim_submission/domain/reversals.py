"""CLP02 22: which posting a payer takes back (DOMAIN §5)."""

from schemas.events.payer_inbound import ClaimAnswered
from services.claim_submission.domain.claim import Claim
from services.claim_submission.domain.lines import LineAmounts, Posting
from services.claim_submission.domain.merging import merged


def reversed_posting(claim: Claim, answer: ClaimAnswered) -> Posting | None:
    """The posting of that payer and CLP07 which still stands: its exact mirror first, else the latest; None: unmatched."""
    standing = [
        posting
        for posting in sorted(claim.postings, key=lambda entry: entry.order, reverse=True)
        if posting.payer_id == answer.payer_id
        and posting.payer_control_number == answer.payer_control_number
        and not posting.reversal
        and not posting.reversed
    ]
    mirrors = [entry for entry in standing if (entry.charge, entry.paid) == (-answer.charge, -answer.paid)]
    return next(iter(mirrors or standing), None)


def mirrored(reversal: Posting, original: Posting) -> Posting:
    """The reversal on the very lines and cents of the posting that it takes back.

    Where the payer took back another amount than it had paid, the difference stays where the reversal's own lines put
    it: cash is cash.
    """
    lines = tuple(_negated(line) for line in original.lines)
    if reversal.paid != -original.paid:
        lines = reversal.lines
    return reversal.model_copy(update={"rank": original.rank, "version": original.version, "lines": merged(lines)})


def _negated(line: LineAmounts) -> LineAmounts:
    return LineAmounts(
        control=line.control,
        charge=-line.charge,
        paid=-line.paid,
        patient=-line.patient,
        pending=-line.pending,
        prior_payer=-line.prior_payer,
        contractual={kind: -cents for kind, cents in line.contractual.items()},
        denied=tuple(entry.model_copy(update={"cents": -entry.cents}) for entry in line.denied),
    )
