"""A claim's life outside the money: held, sent, acknowledged, rejected, corrected, withdrawn, silent."""

from datetime import date, timedelta
from typing import TypeVar

import pytest
from claim_builders import (
    CLAIM,
    DAY,
    DIRECTORY,
    PROVIDER,
    Desk,
    acknowledged,
    answer,
    encounter,
    line,
    people,
    submitted,
    svc,
    verified,
)

from schemas.codes.npi import valid_npi
from schemas.events.claims import (
    ClaimAccepted,
    ClaimHeld,
    ClaimLedgerChanged,
    ClaimRebilled,
    ClaimRejected,
    ClaimSubmitted,
    DeniedAmount,
    WayFailed,
)
from schemas.events.commands import ReleaseHold
from schemas.events.denials import WayChosen
from schemas.events.encounters import EncounterWithdrawn
from schemas.events.envelope import EventData
from schemas.events.partner import CorrectionRequested
from schemas.events.payer_inbound import ClaimStatusAnswered
from schemas.events.payer_outbound import BillPhi, ClaimBill, StatusInquiry
from schemas.events.values import Ledger
from services.claim_submission.domain.edits import EDITS
from services.claim_submission.domain.figures import figures
from services.claim_submission.domain.status import status_of

E = TypeVar("E", bound=EventData)


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def one(caused: list[EventData], kind: type[E]) -> E:
    found = [data for data in caused if isinstance(data, kind)]
    assert len(found) == 1, caused
    return found[0]


def way(name: str, on: date, codes: str = "CO-197", **other: object) -> WayChosen:
    group, carc = codes.split("-")
    denied = (DeniedAmount(line="L001", group=group, carc=carc, cents=10000),)
    known = {"denial_id": f"{CLAIM}-D1", "claim_id": CLAIM, "payer_id": "ALPHA", "cents": 10000, "category": "x",
             "deadline": on + timedelta(days=60), "denied_on": on, "payer_control_number": "ICN1"}  # fmt: skip
    return WayChosen.model_validate({**known, "way": name, "denied": denied, **other})


def denied_desk(**other: object) -> Desk:
    desk = submitted(**other)  # type: ignore[arg-type]
    desk.give(answer(svc(1, 10000, 0, "CO-197:10000"), svc(2, 25000, 20000, "CO-45:5000")), later(20))
    return desk


def test_a_clean_encounter_goes_out_whichever_of_its_two_facts_comes_first() -> None:
    for order in ((encounter(), verified()), (verified(), encounter())):
        desk = Desk()
        assert desk.give(order[0]) == []
        caused = desk.give(order[1])
        bill = one(caused, ClaimBill)
        assert (bill.claim_id, bill.version, bill.frequency, bill.charge) == (CLAIM, 1, "1", 35000)
        assert [entry.control for entry in bill.lines] == ["L001", "L002"]
        assert one(caused, ClaimSubmitted).filing_deadline == date(2026, 5, 5)
        phi = desk.emits[0].phi
        assert isinstance(phi, BillPhi) and phi.members[0].member_id == "M1"
        assert desk.claim.ledger().unanswered == 35000


def test_payers_are_billed_in_the_order_that_eligibility_found() -> None:
    desk = Desk()
    desk.give(encounter(payers=("ALPHA", "BETA")))
    check = verified(payers=("ALPHA", "BETA"))
    swapped = check.model_copy(
        update={"coverages": (check.coverages[1], check.coverages[0].model_copy(update={"status": "inactive"}))}
    )
    bill = one(desk.give(swapped), ClaimBill)
    assert bill.payer_id == "BETA" and [entry.payer_id for entry in bill.coverages] == ["BETA"]


BAD = PROVIDER.model_copy(update={"npi": "1234567890"})


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"rendering_provider": BAD}, "npi_check_digit"),
        ({"billing_provider": PROVIDER.model_copy(update={"tax_id": None})}, "billing_tax_id_missing"),
        ({"billing_provider": PROVIDER.model_copy(update={"city": None})}, "billing_address_missing"),
        ({"payers": ("NOBODY",)}, "unknown_payer"),
        ({"lines": (line(1, 0),)}, "no_charge"),
        ({"lines": (line(1, service_date=later(1)),)}, "service_date_future"),
        ({"lines": (line(1, service_date=date(1969, 1, 1)),)}, "service_before_birth"),
        ({"lines": (line(1, service_date=date(2025, 9, 1)),)}, "filing_limit_passed"),
        ({"lines": (line(1), line(1, control="L002"))}, "duplicate_line"),
        ({"lines": (line(1, procedure="9921"),)}, "procedure_invalid"),
        ({"lines": (line(1, diagnosis_pointers=(3,)),)}, "diagnosis_pointer"),
        ({"diagnoses": ("99999",)}, "diagnosis_invalid"),
        ({"lines": (line(1, place_of_service="98"),)}, "place_of_service_invalid"),
        ({"lines": (line(1, modifiers=("25", "25")),)}, "modifier_repeated"),
    ],
)
def test_what_a_payer_would_refuse_is_held(other: dict[str, object], code: str) -> None:
    desk = Desk()
    found = encounter(**other)  # type: ignore[arg-type]
    desk.give(found)
    caused = desk.give(verified(payers=[entry.payer_id for entry in found.coverages]))
    assert code in one(caused, ClaimHeld).edits and not any(isinstance(data, ClaimBill) for data in caused)
    assert {edit.code for edit in EDITS if not edit.remedy or not edit.prevents} == set()


def test_distinct_modifiers_make_lines_distinct() -> None:
    desk = submitted(lines=(line(1), line(1, control="L002", modifiers=("76",))))
    assert desk.claim.versions


@pytest.mark.parametrize(("status", "code"), [("inactive", "coverage_inactive"), ("not_found", "coverage_not_found")])
def test_without_coverage_the_claim_is_held_and_a_blank_member_id_too(status: str, code: str) -> None:
    desk = Desk()
    desk.give(encounter(), phi=people(encounter(), " "))
    assert one(desk.give(verified(status=status)), ClaimHeld).edits == (code, "member_id_blank")


def test_a_payer_that_does_not_answer_a_270_is_billed_all_the_same() -> None:
    desk = Desk()
    desk.give(encounter())
    assert one(desk.give(verified(status="payer_unavailable")), ClaimBill)


def test_a_held_claim_asks_next_day_and_goes_out_with_the_corrected_revision() -> None:
    desk = Desk()
    desk.give(encounter(rendering_provider=BAD))
    desk.give(verified())
    request = one(desk.tick(later(1)), CorrectionRequested)
    assert (request.cause, request.codes, request.event_id) == ("held", ("npi_check_digit",), "e1")
    assert desk.emits[-1].partner == "riverside"
    desk.give(encounter(2), later(3))
    desk.give(verified(2), later(5))
    caused = desk.tick(later(6))
    assert one(caused, ClaimSubmitted).cause == "original" and one(caused, ClaimBill).version == 1
    assert figures([("", desk.state)])["held"] == 0  # type: ignore[list-item]


def test_a_person_may_release_a_hold() -> None:
    desk = Desk()
    desk.give(encounter(rendering_provider=BAD))
    desk.give(verified())
    desk.give(ReleaseHold(claim_id=CLAIM))
    assert one(desk.tick(later(1)), ClaimBill)


def test_acceptance_is_the_proof_of_filing_and_receipt_is_nothing() -> None:
    desk = submitted()
    assert desk.give(acknowledged("received"), later(2)) == []
    assert one(desk.give(acknowledged(on=later(2)), later(2)), ClaimAccepted).accepted_on == later(2)
    assert desk.give(acknowledged(on=later(2)), later(2)) == []
    _, told = desk.give(answer(svc(1, 10000, 0, "CO-29:10000"), svc(2, 25000, 0, "CO-29:25000")), later(9))
    assert told.accepted_on == later(2)  # type: ignore[attr-defined]


def test_a_rejected_claim_is_corrected_and_sent_again_and_an_835_wins_over_a_rejection() -> None:
    desk = submitted()
    assert one(desk.give(acknowledged("rejected", later(2)), later(2)), ClaimRejected)
    assert one(desk.tick(later(3)), CorrectionRequested).cause == "rejected"
    found = figures([("", desk.state)])  # type: ignore[list-item]
    assert (found["rejected_open"], found["unanswered"], found["rejected"]) == (1, 1, 1)
    desk.give(encounter(2, lines=(line(1), line(2, 25000, modifiers=("25",)))), later(5))
    desk.give(verified(2), later(6))
    sent = one(desk.tick(later(7)), ClaimSubmitted)
    assert (sent.cause, sent.frequency, sent.version) == ("resubmission", "1", 2)
    desk.give(answer(svc(1, 10000, 10000), svc(2, 25000, 25000)), later(20))
    found = figures([("", desk.state)])  # type: ignore[list-item]
    assert (found["resubmitted"], found["rejected_open"], found["paid"], found["transmissions"]) == (1, 0, 1, 2)

    other = submitted()
    other.give(acknowledged("rejected", later(2)), later(2))
    other.give(answer(svc(1, 10000, 10000), svc(2, 25000, 25000)), later(2))
    assert other.tick(later(3)) == [] and status_of(other.claim) == "answered"


def test_a_replacement_names_the_payers_latest_number() -> None:
    desk = denied_desk()
    desk.give(way("replacement", later(20)), later(20))
    assert one(desk.tick(later(21)), CorrectionRequested).codes == ("CO-197",)
    desk.give(encounter(2), later(24))
    desk.give(verified(2), later(26))
    bill = one(desk.tick(later(27)), ClaimBill)
    assert (bill.frequency, bill.payer_control_number, bill.version) == ("7", "ICN1", 2)
    assert figures([("", desk.state)])["corrected"] == 1  # type: ignore[list-item]
    assert desk.claim.ledger().denied == 10000


def test_a_rejected_correction_of_an_answered_claim_is_no_open_rejection() -> None:
    """rejected_open is a part of unanswered (DOMAIN §7); what was answered is triage's."""
    desk = denied_desk()
    desk.give(encounter(2), later(15))
    desk.give(verified(2), later(16))
    desk.give(way("replacement", later(20)), later(20))
    one(desk.tick(later(21)), ClaimBill)
    desk.give(acknowledged("rejected", later(24)), later(24))
    assert status_of(desk.claim) == "rejected"
    told = figures([("", desk.state)])  # type: ignore[list-item]
    assert [told[name] for name in ("rejected", "rejected_open", "unanswered", "denied_in_part")] == [1, 0, 0, 1]


def test_a_replacement_that_charges_an_answered_line_otherwise_tells_the_new_money() -> None:
    desk = denied_desk()
    desk.give(way("replacement", later(20)), later(20))
    desk.give(encounter(2, lines=(line(1, 4000), line(2, 25000))), later(21))
    desk.give(verified(2), later(22))
    told = one(desk.days(later(21), later(24)), ClaimRebilled)
    assert told.ledger == desk.claim.ledger()
    assert told.ledger.denied == sum(amount.cents for amount in told.denied) == 4000


def test_a_newer_revision_at_hand_is_used_without_asking() -> None:
    desk = denied_desk()
    desk.give(encounter(2), later(15))
    desk.give(verified(2), later(16))
    desk.give(way("new_claim", later(20)), later(20))
    caused = desk.tick(later(21))
    assert one(caused, ClaimSubmitted).cause == "new_claim"
    assert not [data for data in caused if isinstance(data, CorrectionRequested)]


def test_a_correction_that_does_not_come_fails_the_way() -> None:
    desk = denied_desk()
    desk.give(way("replacement", later(20)), later(20))
    desk.tick(later(21))
    assert one(desk.days(later(22), later(60)), WayFailed).reason == "no_correction"


def test_a_way_past_its_time_fails_at_once() -> None:
    desk = denied_desk()
    desk.give(way("replacement", later(20), deadline=later(22)), later(20))
    assert one(desk.tick(later(21)), WayFailed).reason == "no_time_left"


@pytest.mark.parametrize(
    ("name", "payer", "form"), [("reopening", "CARE", ("1", "reopening")), ("replacement", "CARE", ("1", "new_claim"))]
)
def test_the_payers_directory_decides_the_form(name: str, payer: str, form: tuple[str, str]) -> None:
    desk = submitted(payers=(payer,))
    desk.give(answer(svc(1, 10000, 0, "CO-197:10000"), payer_id=payer), later(20))
    desk.give(encounter(2, payers=(payer,)), later(15))
    desk.give(verified(2, payers=(payer,)), later(16))
    desk.give(way(name, later(20), payer_id=payer), later(20))
    sent = one(desk.tick(later(21)), ClaimSubmitted)
    assert (sent.frequency, sent.cause) == form


def test_after_the_filing_limit_no_new_claim_goes_out() -> None:
    desk = submitted(payers=("CARE",))
    desk.give(encounter(2, payers=("CARE",)), later(100))
    desk.give(verified(2, payers=("CARE",)), later(100))
    desk.give(answer(svc(1, 10000, 0, "CO-197:10000"), payer_id="CARE"), later(130))
    desk.give(way("new_claim", later(130), payer_id="CARE"), later(130))
    assert one(desk.days(later(101), later(131)), WayFailed).reason == "past_limit"


@pytest.mark.parametrize(("name", "field"), [("bill_patient", "patient"), ("write_off", "written_off")])
def test_a_decision_moves_what_stands_denied_and_no_more(name: str, field: str) -> None:
    desk = denied_desk()
    told = one(desk.give(way(name, later(20)), later(20)), ClaimLedgerChanged)
    assert getattr(told.ledger, field) == 10000 and told.ledger.denied == 0 and told.ledger.balanced()
    desk.give(answer(svc(1, 10000, 9000, "CO-45:1000"), check="C2", paid_on=later(30)), later(40))
    assert getattr(desk.claim.ledger(), field) == 0 and desk.claim.ledger().payer_paid == 29000


def test_silence_is_asked_about_and_a_lost_claim_goes_out_again() -> None:
    desk = submitted()
    caused = desk.days(later(1), later(6))
    assert one(caused, StatusInquiry).trace == CLAIM
    lost = ClaimStatusAnswered(claim_id=CLAIM, payer_id="ALPHA", statuses=("A4:35",), answered_on=later(8))
    desk.give(lost, later(8))
    assert one(desk.tick(later(9)), ClaimSubmitted).version == 2
    assert figures([("", desk.state)])["resubmitted"] == 0  # type: ignore[list-item]


def test_an_accepted_claim_is_asked_about_when_its_time_is_over_and_not_for_ever() -> None:
    desk = submitted()
    desk.give(acknowledged(on=later(2)), later(2))
    assert desk.days(later(3), later(31)) == []
    assert one(desk.tick(later(32)), StatusInquiry)
    asked = [data for data in desk.days(later(33), later(110)) if isinstance(data, StatusInquiry)]
    assert len(asked) == 1


def test_a_withdrawn_encounter_is_dropped_or_voided() -> None:
    held = Desk()
    held.give(encounter(rendering_provider=BAD))
    held.give(verified())
    held.give(EncounterWithdrawn(partner="riverside", reason="cancelled"), later(1))
    told = one(held.days(later(1), later(2)), ClaimLedgerChanged)
    assert told.cause == "withdrawn" and told.ledger == Ledger() == held.claim.balance
    assert figures([("", held.state)])["claims"] == 0  # type: ignore[list-item]

    early = Desk()
    early.give(encounter())
    early.give(EncounterWithdrawn(partner="riverside", reason="cancelled"))
    early.days(DAY, later(1))
    assert early.give(verified(), later(2)) == []

    sent = submitted()
    sent.give(EncounterWithdrawn(partner="riverside", reason="cancelled"), later(1))
    assert sent.tick(later(2)) == []
    sent.give(acknowledged(on=later(3), payer_control_number="P9"), later(3))
    bill = one(sent.tick(later(4)), ClaimBill)
    assert (bill.frequency, bill.payer_control_number) == ("8", "P9")
    assert sent.days(later(5), later(6)) == []


def test_an_encounter_of_many_lines_becomes_several_claims_without_losing_a_cent() -> None:
    many = tuple(line(n, 100 + n, control=f"L{n:03d}", procedure=f"{10000 + n}") for n in range(1, 121))
    desk = submitted(lines=many)
    assert desk.state is not None
    assert [len(claim.lines) for claim in desk.state.claims] == [50, 50, 20]
    assert [claim.claim_id[-2:] for claim in desk.state.claims] == ["01", "02", "03"]
    assert sum(claim.charge for claim in desk.state.claims) == sum(entry.charge for entry in many)


def test_many_diagnoses_are_split_and_pointers_follow() -> None:
    codes = tuple(f"J{n:02d}" for n in range(20))
    desk = submitted(
        diagnoses=codes,
        lines=tuple(line(n, procedure=f"9920{n}", diagnosis_pointers=(n, n + 10)) for n in range(1, 10)),
    )
    bills = [emit.data for emit in desk.emits if isinstance(emit.data, ClaimBill)]
    pointed = {
        (entry.control, tuple(bill.diagnoses[p - 1] for p in entry.diagnosis_pointers))
        for bill in bills
        for entry in bill.lines
    }
    assert pointed == {(f"L{n:03d}", (codes[n - 1], codes[n + 9])) for n in range(1, 10)}
    assert all(len(bill.diagnoses) <= 12 for bill in bills)


def test_the_denial_rate_in_cents_keeps_the_charge_that_was_denied() -> None:
    desk = submitted(lines=(line(1, 40000),))
    desk.give(answer(svc(1, 40000, 0, "CO-222:40000")), later(20))
    desk.give(way("replacement", later(20), "CO-222"), later(20))
    desk.give(encounter(2, lines=(line(1, 10000),)), later(21))
    desk.give(verified(2), later(22))
    one(desk.days(later(21), later(23)), ClaimBill)
    assert desk.claim.charge == 10000
    assert figures([("", desk.state)])["initial_denial_rate_cents"] == 1.0  # type: ignore[list-item]


def test_a_claim_that_an_835_leaves_under_review_is_asked_after() -> None:
    desk = submitted()
    desk.give(acknowledged(on=later(2)), later(2))
    desk.give(answer(svc(1, 10000, 0, "CO-133:10000"), svc(2, 25000, 0, "CO-133:25000")), later(20))
    assert desk.claim.first is None and status_of(desk.claim) == "accepted"
    assert one(desk.days(later(3), later(40)), StatusInquiry).claim_id == desk.claim.claim_id


def test_the_last_date_there_is_holds_the_claim_and_breaks_nothing() -> None:
    desk = Desk()
    desk.give(encounter(lines=(line(1, service_date=date.max),)))
    assert "service_date_future" in one(desk.give(verified()), ClaimHeld).edits


def test_figures_add_up() -> None:
    desk = denied_desk()
    found = figures([("", desk.state)])  # type: ignore[list-item]
    assert found["claims"] == found["held"] + found["submitted"] == 1
    assert found["submitted"] == found["paid"] + found["denied_in_part"] + found["denied"] + found["unanswered"]
    assert (found["initial_denial_rate"], found["cents"]["denied_first"]) == (1.0, 10000)
    assert found["by_payer"]["ALPHA"]["cents"] == found["cents"] and found["encounters_billed"] == 1
    assert DIRECTORY.get("ALPHA")


@pytest.mark.parametrize(
    ("npi", "valid"), [("1234567893", True), ("1234567890", False), ("12345", False), ("123456789X", False)]
)
def test_npi_check_digit(npi: str, valid: bool) -> None:
    assert valid_npi(npi) is valid
