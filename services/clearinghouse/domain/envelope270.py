"""EligibilityInquiry → 270 subject (005010X279A1)."""

from schemas.events.payer_outbound import EligibilityInquiry as Inquiry
from schemas.events.payer_outbound import InquiryPhi
from schemas.x12 import Dated, EligibilityInquiry, EligibilityQuery, Relation, Trace
from services.clearinghouse.domain.lane import Sender
from services.clearinghouse.domain.parties import SELF, inquirer_person, payer, provider, relationship_code


def originator(sender: Sender) -> str:
    """TRN03 of our traces: 9 and nine characters of our own id."""
    return ("9" + sender.submitter_id).ljust(10, "0")[:10]


def subject(inquiry: Inquiry, people: InquiryPhi, sender: Sender) -> EligibilityInquiry:
    """One question: is this member covered on the date of service? The patient's level carries trace and query."""
    code = relationship_code(inquiry.relationship)
    traces = [Trace("1", inquiry.trace, originator(sender))]
    dependent = inquirer_person("03", people.patient) if code != SELF else None
    return EligibilityInquiry(
        source=payer("PR", sender.payer_name, inquiry.payer_id),
        receiver=provider("1P", inquiry.provider),
        subscriber=inquirer_person("IL", people.member.subscriber, people.member.member_id),
        dependent=dependent,
        subscriber_traces=[] if dependent else traces,
        dependent_traces=traces if dependent else [],
        relation=Relation("N", "34" if code == "G8" else code) if dependent else None,
        dates=[Dated("291", inquiry.service_date)],
        queries=[EligibilityQuery(service_types=inquiry.service_types)],
    )
