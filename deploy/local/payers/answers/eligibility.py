"""270 to 271: what a payer says about a member when asked, as far as it knows on that day."""

import re
from datetime import date
from decimal import Decimal

from deploy.local.payers.answers.files import payer_party
from deploy.local.payers.deciding.claim import PersonFacts
from deploy.local.payers.deciding.members import Member, Members
from deploy.local.payers.draws import happens
from deploy.local.payers.model.money import Plan
from deploy.local.payers.model.payer import PayerModel
from schemas.x12 import (
    Benefit,
    Dated,
    EligibilityAnswer,
    EligibilityInquiry,
    Party,
    RequestRejection,
    Trace,
)

PLAN = ("30",)


def answer(
    payer: PayerModel, members: Members, question: EligibilityInquiry, asked_on: date, seed: int
) -> EligibilityAnswer:
    """One subject of the 271, shaped as the question was."""
    found = EligibilityAnswer(
        source=payer_party(payer),
        receiver=question.receiver,
        subscriber=question.subscriber,
        dependent=question.dependent,
        subscriber_traces=_back(question.subscriber_traces),
        dependent_traces=_back(question.dependent_traces),
        subscriber_relation=None if question.dependent else question.relation,
        dependent_relation=question.relation if question.dependent else None,
    )
    refusal = refused(payer, members, question, asked_on, seed)
    if refusal:
        found.rejections = [refusal]
        return found
    subscriber = question.subscriber
    member = members.find(payer.payer_id, subscriber.id if subscriber else "", patient_of(question))
    assert member is not None
    found.benefits = benefits(payer, member, service_date(question, asked_on), asked_on)
    return found


def refused(
    payer: PayerModel, members: Members, question: EligibilityInquiry, asked_on: date, seed: int
) -> RequestRejection | None:
    """AAA: the payer is down, the id is malformed or unknown, or the name is not the member's."""
    rules, subscriber = payer.members.inquiry, question.subscriber
    number = subscriber.id if subscriber else ""
    where = "2100D" if question.dependent else "2100C"
    if happens(rules.down_share, seed, payer.payer_id, number, asked_on, "down"):
        return RequestRejection("2100A", "Y", "42", "R")
    if not fits(payer.members.id_pattern, number):
        return RequestRejection("2100C", "N", rules.malformed_id, "C")
    patient = patient_of(question)
    member = members.find(payer.payer_id, number, patient)
    if member is None:
        return RequestRejection("2100C", "N", rules.unknown_id, "C")
    person = member.person(patient)
    if person is None:
        return RequestRejection(where, "N", "71", "C")
    if rules.wrong_name and person.last.upper() != patient.last.upper():
        return RequestRejection(where, "N", rules.wrong_name, "C")
    return None


def benefits(payer: PayerModel, member: Member, day: date, asked_on: date) -> list[Benefit]:
    """Active or inactive on the date of service, the plan's cost sharing, another payer if it is told."""
    span = next((one for one in member.spans if one.covers(day, asked_on)), None)
    if span is None:
        last = max(member.spans, key=lambda one: one.begins)
        dates = [Dated("346", last.begins), *([Dated("347", last.ends)] if last.ends else [])]
        return [Benefit("6", service_types=PLAN, dates=dates)]
    plan = payer.benefits.plan(member.plan)
    active = Benefit("1", "IND", PLAN, plan=plan.name, dates=[Dated("346", span.begins)])
    found = [active, *_sharing(plan, day.year)]
    if member.other_payer and payer.members.inquiry.tells_other_payer:
        other = member.other_payer
        party = Party("PRP", "2", last=other.name, id_qualifier="PI", id=other.payer_id)
        found.append(Benefit("R", "IND", PLAN, entities=[party]))
    return found


def _sharing(plan: Plan, year: int) -> list[Benefit]:
    found = []
    if deductible := plan.deductible(year):
        found.append(Benefit("C", "IND", PLAN, period="23", cents=deductible))
    if plan.coinsurance:
        found.append(Benefit("A", "IND", PLAN, percent=Decimal(str(plan.coinsurance))))
    found += [Benefit("B", "IND", ("98",), cents=copay.cents) for copay in plan.copays[:1]]
    if plan.out_of_pocket_cents is not None:
        found.append(Benefit("G", "IND", PLAN, period="23", cents=plan.out_of_pocket_cents))
    return found


def patient_of(question: EligibilityInquiry) -> PersonFacts:
    """Whom the question is about."""
    who = question.dependent or question.subscriber
    if who is None:
        return PersonFacts(last="", first="")
    return PersonFacts(last=who.last, first=who.first, birth_date=who.birth_date, sex=who.sex or "U")


def service_date(question: EligibilityInquiry, asked_on: date) -> date:
    """DTP*291, else the day of the question."""
    return next((entry.date for entry in question.dates if entry.date), asked_on)


def fits(pattern: str, text: str) -> bool:
    """Whether an id has the payer's form."""
    return re.fullmatch(pattern, text) is not None


def _back(traces: list[Trace]) -> list[Trace]:
    return [Trace("2", trace.number, trace.originator) for trace in traces]
