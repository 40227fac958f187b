"""999, TA1, 277CA, 277, 271 and letters: each answer finds the claim, inquiry or lane it is about."""

from collections.abc import Callable
from datetime import date

import pytest

from schemas.codes.claim_status import category_verdict
from schemas.events.lanes import GroupAcknowledged
from schemas.events.payer_inbound import AppealDecided, ClaimAcknowledged, ClaimStatusAnswered, EligibilityAnswered
from schemas.x12 import (
    Ack999,
    Benefit,
    ClaimAck277CA,
    ClaimStatus,
    ClaimStatusCA,
    Dated,
    ElementError,
    EligibilityAnswer,
    InformationRequest,
    InformationRequest277,
    InterchangeAck,
    Party,
    ProviderAck,
    ReceiverAck,
    Reference,
    RequestRejection,
    Response271,
    SegmentError,
    SetAck,
    SourceAck,
    Status,
    StatusAnswer,
    StatusResponse277,
    Trace,
)
from services.clearinghouse.domain import answers271, answers277, answers277ca, answers999
from services.clearinghouse.domain.answers import answers
from services.clearinghouse.domain.decisions import UnreadableDecision, draft
from services.clearinghouse.domain.drafts import Origin

OURS = "ABCDEFGHIJKLMNOP01"
MakeOrigin = Callable[..., Origin]


def test_a_999_goes_to_the_lane_that_its_group_names(origin: MakeOrigin) -> None:
    refused = SegmentError("NM1", 8, code="8", elements=[ElementError(9, code="7", value="SECRET")])
    answer = Ack999(
        group_control_number="20462002",
        code="P",
        sets=[SetAck(set_control_number="0001", code="R", reasons=("5",), segments=[refused])],
    )
    (found,) = answers999.drafts(answer, 1, origin())
    assert (found.key, found.partition) == ("NORTHSTAR|2|20260109", 2)
    told = found.data
    assert isinstance(told, GroupAcknowledged)
    assert told.sets[0].verdict == "R"
    assert told.sets[0].codes == ("IK5:5", "IK3:NM1:8", "IK4:NM1:9:7")
    assert "SECRET" not in told.model_dump_json()


def test_a_999_about_a_foreign_group_says_nothing(origin: MakeOrigin) -> None:
    assert not list(answers999.drafts(Ack999(group_control_number="X77"), 1, origin()))


def test_only_a_refusing_ta1_is_told(origin: MakeOrigin) -> None:
    accepted = InterchangeAck("020462002", code="A")
    refused = InterchangeAck("020462002", code="R", note="024")
    assert not list(answers999.interchange_drafts(accepted, 1, origin()))
    (found,) = answers999.interchange_drafts(refused, 1, origin())
    assert isinstance(found.data, GroupAcknowledged)
    assert found.data.sets[0].codes == ("TA1:024",)


@pytest.mark.parametrize(
    ("category", "word"),
    [
        ("A1", "received"),
        ("A2", "accepted"),
        ("A3", "rejected"),
        ("A6", "rejected"),
        ("A7", "rejected"),
        ("A8", "rejected"),
    ]
    + [("A4", "not_found"), ("A5", "split")],
)
def test_a_claims_category_is_its_verdict(origin: MakeOrigin, category: str, word: str) -> None:
    told = acknowledged(origin(), [Status(category, "20", "PR", date=date(2026, 1, 12))])
    assert (told.verdict, told.statuses, told.answered_on) == (word, (f"{category}:20:PR",), date(2026, 1, 12))


def test_the_weightiest_status_counts(origin: MakeOrigin) -> None:
    told = acknowledged(origin(), [Status("A2", "20", more=(("A7", "562", "85"),))])
    assert told.verdict == "rejected"
    assert told.statuses == ("A2:20", "A7:562:85")


def test_an_acceptance_brings_the_payers_number(origin: MakeOrigin) -> None:
    told = acknowledged(origin(), [Status("A2", "20")], references=[Reference("1K", "PCN1")])
    assert told.payer_control_number == "PCN1"


def test_a_refused_provider_refuses_its_claims(origin: MakeOrigin) -> None:
    told = acknowledged(origin(), [Status("A1", "19")], above=[Status("A3", "24", "85")])
    assert told.verdict == "rejected"


def test_a_refused_batch_without_claims_goes_to_its_lane(origin: MakeOrigin) -> None:
    receiver = ReceiverAck(traces=[Trace("2", "0204620020001")], statuses=[Status("A3", "21", "41")])
    (found,) = answers277ca.drafts(ClaimAck277CA(sources=[SourceAck(receivers=[receiver])]), 1, origin())
    told = found.data
    assert isinstance(told, GroupAcknowledged)
    assert (found.key, told.sets[0].set_control, told.sets[0].codes) == ("NORTHSTAR|2|20260109", "0001", ("A3:21:41",))


def test_a_claim_of_others_is_counted(origin: MakeOrigin) -> None:
    answer = ack([ClaimStatusCA(traces=[Trace("2", "SOMEBODY-1")], statuses=[Status("A2", "20")])])
    assert not list(answers277ca.drafts(answer, 1, origin()))
    assert answers277ca.unmatched(answer) == 1


def test_a_status_answer_is_found_by_trace_or_number(origin: MakeOrigin) -> None:
    by_trace = ClaimStatus(trace=Trace("2", OURS), statuses=[Status("P1", "20")])
    by_number = ClaimStatus(references=[Reference("EJ", OURS.lower())], statuses=[Status("A4", "35")])
    answer = StatusResponse277(subjects=[StatusAnswer(claims=[by_trace, by_number])])
    told = [found.data for found in answers277.drafts(answer, 1, origin())]
    assert all(isinstance(data, ClaimStatusAnswered) and data.claim_id == OURS for data in told)
    assert [data.statuses for data in told if isinstance(data, ClaimStatusAnswered)] == [("P1:20",), ("A4:35",)]


def test_active_coverage_with_its_span(origin: MakeOrigin) -> None:
    subject = EligibilityAnswer(
        subscriber=Party("IL", "1"),
        subscriber_traces=[Trace("1", "X"), Trace("2", "ABCDEFGHIJKLMNOP07")],
        dates=[Dated("346", date(2026, 1, 1))],
        benefits=[Benefit("1", service_types=("30",)), Benefit("C", service_types=("98",))],
    )
    told = eligibility(subject, origin())
    assert (told.trace, told.active, told.benefit_codes) == ("ABCDEFGHIJKLMNOP07", True, ("1",))
    assert told.plan_begins == date(2026, 1, 1)


def test_inactive_and_other_payer(origin: MakeOrigin) -> None:
    other = Benefit(
        "R", service_types=("30",), entities=[Party("PRP", "2", last="OTHER", id_qualifier="PI", id="STATEAID")]
    )
    subject = EligibilityAnswer(
        subscriber=Party("IL", "1"),
        subscriber_traces=[Trace("2", "ABCDEFGHIJKLMNOP07")],
        benefits=[Benefit("6", service_types=("30",)), other],
    )
    told = eligibility(subject, origin())
    assert (told.active, told.other_payer_id) == (False, "STATEAID")


@pytest.mark.parametrize(("entity", "first"), [("PRP", "STATEAID"), ("PR", "STATEAID"), ("SEP", None), ("TTP", None)])
def test_a_supplement_is_told_by_a_271_and_is_not_billed_first(
    origin: MakeOrigin, entity: str, first: str | None
) -> None:
    """EB*R names any other payer; a secondary one (NM1*SEP) must not hold the claim of the first."""
    other = Benefit("R", service_types=("30",), entities=[Party(entity, "2", id_qualifier="PI", id="STATEAID")])
    subject = EligibilityAnswer(
        subscriber=Party("IL", "1"),
        subscriber_traces=[Trace("2", "ABCDEFGHIJKLMNOP07")],
        benefits=[Benefit("1", service_types=("30",)), other],
    )
    told = eligibility(subject, origin())
    assert (told.active, told.other_payer_id) == (True, first)


def test_a_rejected_request_names_why(origin: MakeOrigin) -> None:
    subject = EligibilityAnswer(
        subscriber=Party("IL", "1"),
        subscriber_traces=[Trace("2", "ABCDEFGHIJKLMNOP07")],
        rejections=[RequestRejection("2100C", reason="75", follow_up="C")],
    )
    told = eligibility(subject, origin())
    assert (told.active, told.reject_codes) == (False, ("75",))


def test_a_letter_decides_an_appeal(origin: MakeOrigin) -> None:
    letter = (
        b'{"appeal_id": "A1", "claim_id": "%s", "decision": "upheld", "reason": "late", "decided_on": "2026-02-01"}'
    )
    found = draft(letter % OURS.encode(), origin())
    assert isinstance(found.data, AppealDecided)
    assert (found.key, found.data.decision, found.data.decided_on) == (OURS[:16], "upheld", date(2026, 2, 1))


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"{", "file"),
        (b'{"appeal_id": "A1", "claim_id": "TOM BRIN", "decision": "upheld", "decided_on": "2026-02-01"}', "claim_id"),
        (b'{"appeal_id": "A1", "claim_id": "X", "decision": "won", "decided_on": "2026-02-01"}', "decision"),
    ],
)
def test_an_unreadable_letter_names_the_field_and_no_value(content: bytes, where: str, origin: MakeOrigin) -> None:
    with pytest.raises(UnreadableDecision) as caught:
        draft(content, origin())
    assert str(caught.value).startswith(where)
    assert "BRIN" not in str(caught.value)


def test_a_request_for_documents_is_told_of_the_claim_it_names(origin: MakeOrigin) -> None:
    asked = Status("R4", "18842-5", code_list="LOI", date=date(2026, 1, 9), more=(("R4", "18805-2", "", "LOI"),))
    ours = InformationRequest(trace=Trace("1", "P1"), statuses=[asked], references=[Reference("EJ", OURS)])
    theirs = InformationRequest(trace=Trace("1", "P2"), statuses=[asked], references=[Reference("EJ", "ELSEWHERE")])
    told = answers(InformationRequest277(date=date(2026, 1, 9), requests=[ours, theirs]), 1, origin())
    assert told is not None
    [draft] = told.drafts
    assert isinstance(draft.data, ClaimStatusAnswered)
    assert (draft.data.claim_id, draft.data.statuses) == (OURS, ("R4:18842-5::LOI", "R4:18805-2::LOI"))
    assert (draft.data.answered_on, told.unmatched) == (date(2026, 1, 9), 1)
    assert category_verdict("R4", date(2026, 1, 9)) == "documents"


def ack(claims: list[ClaimStatusCA], above: list[Status] | None = None) -> ClaimAck277CA:
    provider = ProviderAck(claims=claims, statuses=above or [])
    return ClaimAck277CA(sources=[SourceAck(receivers=[ReceiverAck(providers=[provider])])])


def acknowledged(
    whence: Origin,
    statuses: list[Status],
    *,
    above: list[Status] | None = None,
    references: list[Reference] | None = None,
) -> ClaimAcknowledged:
    claim = ClaimStatusCA(traces=[Trace("2", OURS)], statuses=statuses, references=references or [])
    (found,) = answers277ca.drafts(ack([claim], above), 1, whence)
    assert isinstance(found.data, ClaimAcknowledged) and found.key == OURS[:16]
    return found.data


def eligibility(subject: EligibilityAnswer, whence: Origin) -> EligibilityAnswered:
    (found,) = answers271.drafts(Response271(subjects=[subject]), 1, whence)
    assert isinstance(found.data, EligibilityAnswered) and found.key == "ABCDEFGHIJKLMNOP"
    return found.data
