"""Events of one claim for the tests of triage, and what came of them; cents and days are the test's own."""

from datetime import date, timedelta

from schemas.directory import AppealLevel, PayerDirectory, PayerProfile
from schemas.events.appeals import AppealClosed, AppealRefused
from schemas.events.claims import ClaimAdjudicated, ClaimLedgerChanged, ClaimSubmitted, DeniedAmount, WayFailed
from schemas.events.denials import WayChosen
from schemas.events.encounters import BilledLine, EncounterAccepted, PayerCoverage
from schemas.events.values import Document, Ledger, Provider
from services.denial_triage.domain.figures import figures
from tests.unit.denial_triage.runner import DAY0, Runner

ACCOUNT = "ABCDEFGHIJKLMNOP"
CLAIM = ACCOUNT + "01"
SERVED = DAY0 - timedelta(days=3)
PROVIDER = Provider(npi="1234567893", name="Riverside Clinic", tax_id="123456789")


def day(number: int) -> date:
    """A day of the test, from its day 0."""
    return DAY0 + timedelta(days=number)


def profile(payer_id: str, kind: str, **changes: object) -> PayerProfile:
    levels = (
        AppealLevel(level=1, name="first", addressee=f"{payer_id} ONE", days_to_file=60, decision_days=30),
        AppealLevel(level=2, name="second", addressee=f"{payer_id} TWO", days_to_file=45, decision_days=30),
    )
    facts: dict[str, object] = {
        "payer_id": payer_id,
        "name": payer_id,
        "kind": kind,
        "filing_indicator": "CI",
        "interchange_id": payer_id,
        "filing_days": 180,
        "corrected_claim_days": 90,
        "appeal_levels": levels,
    }
    return PayerProfile.model_validate({**facts, **changes})


DIRECTORY = PayerDirectory(
    payers=(
        profile("ACME", "commercial"),
        profile("STATE", "medicaid"),
        profile("MCARE", "medicare", accepts_frequencies=("1",), corrected_claim_days=0, reopening_days=365),
    )
)


def encounter(revision: int = 1, *documents: Document, payer: str = "ACME", **changes: object) -> EncounterAccepted:
    line = BilledLine(control="L001", procedure="99213", charge=20000, service_date=SERVED, place_of_service="11")
    facts: dict[str, object] = {
        "partner": "riverside",
        "partner_event_id": f"p{revision}",
        "revision": revision,
        "patient_key": "PATIENTKEY",
        "guarantor_key": "GUARANTORKEY2345",
        "coverages": (PayerCoverage(payer_id=payer, relationship="self", priority=1),),
        "billing_provider": PROVIDER,
        "rendering_provider": PROVIDER,
        "place_of_service": "11",
        "diagnoses": ("M5450",),
        "lines": (line,),
        "documents": documents,
    }
    return EncounterAccepted.model_validate({**facts, **changes})


def paper(kind: str, *supports: str) -> Document:
    return Document(kind=kind, reference=f"ARC-{kind}", supports=supports)


def denied(cents: int, carc: str, *rarcs: str, group: str = "CO", line: str = "L001") -> DeniedAmount:
    return DeniedAmount(line=line, group=group, carc=carc, rarcs=rarcs, cents=cents)


def answer(nth: int, *amounts: DeniedAmount, paid: int = 0, on: int = 0, **changes: object) -> ClaimAdjudicated:
    """The `nth` state of the ledger; `paid` is what the payer paid in all by then. After a reversal nothing is answered."""
    cents = sum(amount.cents for amount in amounts)
    charge = 20000
    rest = "unanswered" if changes.get("reversal") else "contractual"
    facts: dict[str, object] = {
        "claim_id": CLAIM,
        "version": 1,
        "payer_id": "ACME",
        "first_answer": nth == 1,
        "result": ("denied_in_part" if paid else "denied") if cents else "paid",
        "denied": amounts,
        "paid_change": paid,
        "payer_control_number": "ICN1",
        "check_id": f"C{nth}",
        "adjudicated_on": day(on),
        "service_date": SERVED,
        "charge": charge,
        "ledger": Ledger.model_validate(
            {"charge": charge, "denied": cents, "payer_paid": paid, rest: charge - cents - paid}
        ),
        "ledger_version": nth,
    }
    return ClaimAdjudicated.model_validate({**facts, **changes})


def moved(version: int, cause: str, denied_left: int = 0, paid: int = 0) -> ClaimLedgerChanged:
    ledger = Ledger(charge=20000, denied=denied_left, payer_paid=paid, written_off=20000 - denied_left - paid)
    return ClaimLedgerChanged(claim_id=CLAIM, payer_id="ACME", cause=cause, ledger=ledger, ledger_version=version)


def sent(version: int, cause: str = "replacement") -> ClaimSubmitted:
    return ClaimSubmitted(
        claim_id=CLAIM,
        version=version,
        frequency="7",
        cause=cause,
        payer_id="ACME",
        charge=20000,
        service_date=SERVED,
    )


def failed(way: str, denial: int = 1) -> WayFailed:
    return WayFailed(claim_id=CLAIM, denial_id=f"{CLAIM}-D{denial}", way=way, reason="no_correction")


def refused(kind: str = "appeal", level: int = 1, reason: str = "late") -> AppealRefused:
    return AppealRefused(
        denial_id=f"{CLAIM}-D1", claim_id=CLAIM, payer_id="ACME", kind=kind, level=level, reason=reason
    )


def letter(decision: str, on: int, kind: str = "appeal", level: int = 1, until: int | None = None) -> AppealClosed:
    return AppealClosed(
        appeal_id=f"{CLAIM}-D1-A{level}",
        denial_id=f"{CLAIM}-D1",
        claim_id=CLAIM,
        payer_id="ACME",
        kind=kind,
        level=level,
        decision=decision,
        reason="because",
        decided_on=day(on),
        next_level_until=None if until is None else day(until),
    )


def ways(desk: Runner) -> list[str]:
    """The ways that were chosen, in order."""
    return [chosen.way for chosen in desk.all(WayChosen)]


def told(desk: Runner) -> dict[str, object]:
    """The figures of all documents."""
    return figures((key, state) for (_, key), state in desk.states.items())
