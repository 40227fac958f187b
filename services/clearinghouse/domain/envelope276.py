"""StatusInquiry → 276 subject (005010X212)."""

from schemas.events.payer_outbound import InquiryPhi
from schemas.events.payer_outbound import StatusInquiry as Inquiry
from schemas.x12 import Amount, ClaimInquiry, Dated, Party, Reference, StatusInquiry, Trace
from services.clearinghouse.domain.lane import Sender
from services.clearinghouse.domain.parties import inquirer_person, payer, provider
from services.clearinghouse.domain.text import clean


def subject(inquiry: Inquiry, people: InquiryPhi, sender: Sender) -> StatusInquiry:
    """What became of this claim? Its CLM01 goes as patient control number (REF*EJ), so that the 277 names it."""
    wanted = (("1K", inquiry.payer_control_number), ("EJ", inquiry.claim_id))
    member, patient = people.member, people.patient
    return StatusInquiry(
        source=payer("PR", sender.payer_name, inquiry.payer_id),
        receiver=Party("41", "2", last=clean(sender.submitter_name, 60), id_qualifier="46", id=sender.submitter_id),
        provider=provider("1P", inquiry.provider),
        subscriber=inquirer_person("IL", member.subscriber, member.member_id),
        dependent=None if patient == member.subscriber else inquirer_person("QC", patient),
        claims=[
            ClaimInquiry(
                trace=Trace("1", inquiry.trace),
                references=[Reference(qualifier, clean(value, 50)) for qualifier, value in wanted if value],
                amounts=[Amount("T3", inquiry.charge)],
                dates=[Dated("472", inquiry.service_date)],
            )
        ],
    )
