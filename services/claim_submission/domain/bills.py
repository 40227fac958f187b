"""Sending: a version of a claim as the event that the clearinghouse turns into an 837P."""

from datetime import date, timedelta
from typing import NamedTuple

from schemas.directory import PayerDirectory, PayerProfile
from schemas.events.claims import ClaimSubmitted
from schemas.events.encounters import EncounterAccepted
from schemas.events.payer_outbound import BillPhi, ClaimBill, InquiryPhi, StatusInquiry
from services.claim_submission.domain.account import Account, Revision
from services.claim_submission.domain.change import Message
from services.claim_submission.domain.claim import Claim, Version
from services.claim_submission.domain.coverage import billing_order
from services.claim_submission.domain.edits import filing_deadline
from services.claim_submission.domain.lines import ClaimLine
from services.claim_submission.domain.splitting import Part

ACKNOWLEDGEMENT_DAYS = 5
"""Where the payer is not in the directory."""
LANE_DAYS = 1
"""A claim's lane closes at the midnight after it is sent."""


class Sending(NamedTuple):
    """What to send: a part of a revision, to a payer, as what."""

    revision: Revision
    part: Part
    order: tuple[int, ...]
    """Positions of the coverages, destination first."""
    frequency: str
    cause: str
    replaces: str | None = None

    @property
    def payer_id(self) -> str:
        """The destination."""
        return self.revision.encounter.coverages[self.order[0]].payer_id


def claim_lines(part: Part) -> tuple[ClaimLine, ...]:
    """The lines of a claim as the ledger knows them."""
    return tuple(
        [
            ClaimLine(
                control=line.control,
                procedure=line.procedure,
                modifiers=line.modifiers,
                service_date=line.service_date,
                cents=line.charge,
            )
            for line in part.lines
        ]
    )


def sent(
    account: Account, claim: Claim, sending: Sending, directory: PayerDirectory, today: date
) -> tuple[Claim, tuple[Message, ...]]:
    """The claim with one version more, and its messages. Lines that the new version drops stay, without a charge."""
    number = len(claim.versions) + 1
    version = Version(
        number=number,
        frequency=sending.frequency,
        cause=sending.cause,
        payer_id=sending.payer_id,
        revision=sending.revision.number,
        charge=sending.part.charge,
        sent_on=today,
        replaces=sending.replaces,
    )
    payers = _payers(claim, sending)
    first = payers[0] if not claim.postings else claim.payer_id
    profile = directory.get(sending.payer_id)
    on = today + timedelta(days=LANE_DAYS + (profile.acknowledgement_days if profile else ACKNOWLEDGEMENT_DAYS))
    over = ("correction", "adjudication", "status")
    claim = claim.model_copy(
        update={
            "lines": claim.lines if sending.frequency == "8" else _lines(claim, claim_lines(sending.part)),
            "versions": (*claim.versions, version),
            "payers": payers,
            "payer_id": first,
            "changes": claim.changes + 1,
            "limits": claim.limits_with("acknowledgement", on, today, without=over),
        }
    )
    return claim, _messages(account, claim, version, sending, profile)


def _lines(claim: Claim, lines: tuple[ClaimLine, ...]) -> tuple[ClaimLine, ...]:
    if not claim.lines:
        return lines
    controls = {line.control for line in lines}
    dropped = [line.model_copy(update={"cents": 0}) for line in claim.lines if line.control not in controls]
    return (*lines, *dropped)


def _payers(claim: Claim, sending: Sending) -> tuple[str, ...]:
    """The billing order; once a payer answered, payers keep their turn and new ones follow."""
    planned = tuple(sending.revision.encounter.coverages[position].payer_id for position in sending.order)
    if not claim.postings:
        return tuple(dict.fromkeys(planned))
    return tuple(dict.fromkeys((*claim.payers, *planned)))


def _messages(
    account: Account, claim: Claim, version: Version, sending: Sending, profile: PayerProfile | None
) -> tuple[Message, ...]:
    encounter = sending.revision.encounter
    bill = ClaimBill(
        claim_id=claim.claim_id,
        version=version.number,
        frequency=version.frequency,
        payer_id=version.payer_id,
        payer_control_number=version.replaces,
        charge=version.charge,
        coverages=tuple(encounter.coverages[position] for position in sending.order),
        billing_provider=encounter.billing_provider,
        rendering_provider=encounter.rendering_provider,
        referring_provider=encounter.referring_provider,
        place_of_service=encounter.place_of_service,
        diagnoses=sending.part.diagnoses,
        lines=sending.part.lines,
        emergency=encounter.emergency,
    )
    submitted = ClaimSubmitted(
        claim_id=claim.claim_id,
        version=version.number,
        frequency=version.frequency,
        cause=version.cause,
        payer_id=version.payer_id,
        charge=version.charge,
        service_date=min([line.service_date for line in sending.part.lines]),
        filing_deadline=filing_deadline(encounter, profile) if profile else None,
    )
    people = account.phi.revisions[sending.revision.number]
    phi = BillPhi(
        patient_number=people.patient_number,
        patient=people.patient,
        members=tuple(people.members[position] for position in sending.order),
    )
    return Message(bill, phi=phi), Message(submitted)


def inquiry(account: Account, claim: Claim, version: Version) -> Message | None:
    """A 276 about a version that stays unanswered; its trace is CLM01."""
    revision = account.revision(version.revision)
    if revision is None:
        return None
    encounter = revision.encounter
    people = account.phi.revisions[revision.number]
    position = _position(encounter, version.payer_id)
    data = StatusInquiry(
        claim_id=claim.claim_id,
        trace=claim.claim_id,
        payer_id=version.payer_id,
        payer_control_number=version.payer_control_number,
        charge=version.charge,
        service_date=min(line.service_date for line in encounter.lines),
        provider=encounter.billing_provider,
    )
    return Message(data, phi=InquiryPhi(patient=people.patient, member=people.members[position]))


def _position(encounter: EncounterAccepted, payer_id: str) -> int:
    return next((place for place, entry in enumerate(encounter.coverages) if entry.payer_id == payer_id), 0)


def order_of(account: Account, revision: Revision) -> tuple[int, ...]:
    """The billing order of a verified revision; empty where nobody can be billed."""
    checked = account.verification(revision.number)
    return billing_order(revision.encounter, checked.coverages) if checked else ()
