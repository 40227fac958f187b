"""Answers that are due: 271, 999, 277CA, 277."""

from typing import Any

from deploy.local.payers.answers import eligibility
from deploy.local.payers.answers.acknowledgements import (
    ACCEPTED,
    Acknowledged,
    claim_ack,
    claim_status,
    status_response,
)
from deploy.local.payers.desk.desk import Desk
from deploy.local.payers.desk.store import ANSWERED, LOST, REJECTED, TAKEN_BACK, WAITING, Row
from schemas.x12 import (
    Ack999,
    ClaimInquiry,
    Inquiry270,
    Response271,
    SegmentError,
    SetAck,
    StatusRequest276,
    read,
)

NOT_FOUND, PAID, DENIED = "A4:35", "F1:65", "F2:585"


def answer_all(desk: Desk) -> None:
    """All answers of the day that carry no money."""
    answer_eligibility(desk)
    answer_groups(desk)
    answer_claims(desk)
    answer_statuses(desk)


def answer_eligibility(desk: Desk) -> None:
    """One 271 a 270."""
    for body in desk.store.due(desk.id, "270", desk.day):
        sets = []
        for transaction in read(body["content"].encode("latin-1")).transactions():
            if isinstance(transaction, Inquiry270):
                subjects = [
                    eligibility.answer(desk.payer, desk.members, question, desk.day, desk.seed)
                    for question in transaction.subjects
                ]
                reference = transaction.reference_id
                sets.append(Response271(reference_id=reference, date=desk.day, time="0600", subjects=subjects))
        if sets:
            desk.out.add("271", sets)


def answer_groups(desk: Desk) -> None:
    """One 999 a functional group."""
    for body in desk.store.due(desk.id, "999", desk.day):
        desk.out.add("999", [ack_of(body)])


def ack_of(body: dict[str, Any]) -> Ack999:
    """The 999 that was noted when the file came."""
    sets = [
        SetAck(
            entry["id"],
            entry["number"],
            entry["version"],
            [SegmentError(name, place, code=code) for name, place, code in entry["segments"]],
            entry["code"],
            tuple(entry["reasons"]),
        )
        for entry in body["sets"]
    ]
    return Ack999(
        functional_id=body["functional_id"],
        group_control_number=body["group"],
        group_version=body["version"],
        sets=sets,
        code=body["code"],
        included=len(sets),
        received=len(sets),
        accepted=body["accepted"],
    )


def answer_claims(desk: Desk) -> None:
    """One 277CA for all claims that are due for it."""
    rows = [desk.store.row(number) for number in desk.store.due(desk.id, "277CA", desk.day)]
    if rows:
        noted = sorted((acknowledged(row) for row in rows), key=lambda one: (one.billing_npi, one.claim_id))
        batch = f"{desk.day:%Y%m%d}{len(desk.out.files) + 1:03d}"
        desk.out.add("277ca", [claim_ack(desk.payer, desk.out.submitter, noted, desk.day, batch)])


def acknowledged(row: Row) -> Acknowledged:
    """What the 277CA says about a reception."""
    facts = row.facts
    return Acknowledged(
        claim_id=row.claim_id,
        status=row.status if row.state == REJECTED else ACCEPTED,
        billing_npi=facts.billing_npi,
        billing_name=facts.billing_name or "PROVIDER",
        last=facts.patient.last,
        first=facts.patient.first,
        member_id=facts.member_id,
        charge=facts.charge,
        service_date=facts.service_date,
        received_on=row.received_on,
        control=row.control,
    )


def answer_statuses(desk: Desk) -> None:
    """One 277 a 276."""
    for body in desk.store.due(desk.id, "276", desk.day):
        sets = []
        for transaction in read(body["content"].encode("latin-1")).transactions():
            if isinstance(transaction, StatusRequest276):
                subjects = [
                    claim_status(desk.payer, subject, [standing(desk, claim) for claim in subject.claims], desk.day)
                    for subject in transaction.subjects
                ]
                sets.append(status_response(subjects, desk.day, transaction.reference_id))
        if sets:
            desk.out.add("277", sets)


def standing(desk: Desk, claim: ClaimInquiry) -> tuple[str, int, str]:
    """Composite, charge and control number of the claim that a 276 asks about."""
    numbers = {ref.qualifier: ref.value for ref in claim.references}
    charge = next((amount.cents for amount in claim.amounts if amount.qualifier == "T3"), 0)
    rows = desk.store.claims(desk.id, "control = ?", numbers["1K"]) if numbers.get("1K") else []
    if not rows and numbers.get("EJ"):
        rows = desk.store.claims(desk.id, "claim_id = ?", numbers["EJ"])
    rows = [row for row in rows if row.state in (WAITING, ANSWERED, TAKEN_BACK, REJECTED, LOST)]
    if not rows or rows[-1].state == LOST:
        return NOT_FOUND, charge, ""
    last = rows[-1]
    if last.state == WAITING or last.state == REJECTED:
        return last.status, last.facts.charge, last.control
    paid = last.decision is not None and last.decision.paid > 0
    return PAID if paid else DENIED, last.facts.charge, last.control
