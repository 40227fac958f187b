"""A denial finds its category, its first way and its deadline; what fails leads to the next; what wins is credited."""

from datetime import timedelta

import pytest

from schemas.directory import PayerProfile
from schemas.events.commands import ChooseWay
from schemas.events.denials import DenialClosed, DenialOpened, WayChosen
from services.chassis.verdicts import Reject
from services.denial_triage.domain.model import Denials
from services.denial_triage.handlers import routes
from tests.unit.denial_triage.makers import (
    ACCOUNT,
    CLAIM,
    DIRECTORY,
    SERVED,
    answer,
    day,
    denied,
    encounter,
    failed,
    letter,
    moved,
    paper,
    profile,
    refused,
    sent,
    told,
    ways,
)
from tests.unit.denial_triage.runner import Runner


def test_missing_data_is_corrected_by_replacement_inside_the_payers_limit(desk: Runner) -> None:
    desk.feed(day(-3), ACCOUNT, encounter())
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "16", "M51")))
    (opened,), (chosen,) = desk.all(DenialOpened), desk.all(WayChosen)
    assert (opened.category, opened.preventable, opened.cents) == ("claim_data", True, 20000)
    assert opened.first_answer and opened.priority > 0
    assert opened.ways == ("replacement", "write_off")
    assert (chosen.way, chosen.deadline, chosen.payer_control_number) == ("replacement", day(90), "ICN1")


def test_ma130_means_a_new_claim_and_never_an_appeal(desk: Runner) -> None:
    desk.feed(day(-3), ACCOUNT, encounter(payer="MCARE"))
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "16", "M51", "MA130"), payer_id="MCARE"))
    (chosen,) = desk.all(WayChosen)
    assert (chosen.way, chosen.deadline) == ("new_claim", SERVED + timedelta(days=180))


@pytest.mark.parametrize(
    ("others", "way"), [((), "write_off"), ((profile("LONG", "commercial", filing_days=365),), "new_claim")]
)
def test_a_claim_of_another_payer_is_in_time_while_any_payer_takes_it(
    others: tuple[PayerProfile, ...], way: str
) -> None:
    """The limit of the payer that says "not mine" is not that of the right one."""
    desk = Runner(routes(DIRECTORY.model_copy(update={"payers": (*DIRECTORY.payers, *others)})))
    desk.feed(day(200), ACCOUNT, answer(1, denied(20000, "109", "N418"), on=200))
    assert ways(desk) == [way]
    if others:
        assert desk.all(WayChosen)[0].deadline == SERVED + timedelta(days=365)


def test_medicare_takes_a_reopening_where_others_take_a_replacement(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "4", "N822"), payer_id="MCARE"))
    assert ways(desk) == ["reopening"]


def test_necessity_with_a_record_that_shows_it_is_appealed_at_once(desk: Runner) -> None:
    desk.feed(day(-3), ACCOUNT, encounter(1, paper("medical_record", "necessity"), paper("invoice")))
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "50", "N115")))
    (chosen,) = desk.all(WayChosen)
    assert (chosen.way, chosen.level, chosen.deadline) == ("appeal", 1, day(60))
    assert [document.kind for document in chosen.evidence] == ["medical_record"]


def test_documents_that_come_on_the_day_of_the_denial_count_from_the_next_morning(desk: Runner) -> None:
    desk.feed(day(-3), ACCOUNT, encounter(payer="ACME"))
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "252", "M127")))
    assert ways(desk) == ["write_off"]
    desk = Runner(routes(DIRECTORY))
    desk.feed(day(-3), ACCOUNT, encounter(1, paper("medical_record")))
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "252", "M127")))
    assert ways(desk) == ["documents"]


def test_late_filing_is_appealed_with_the_payers_own_acceptance(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "29"), accepted_on=day(-1)))
    (chosen,) = desk.all(WayChosen)
    assert chosen.way == "appeal"
    assert [document.kind for document in chosen.evidence] == ["payer_acceptance"]


@pytest.mark.parametrize(
    ("payer", "accepted"), [("ACME", None), ("MCARE", None), ("ACME", SERVED + timedelta(days=181))]
)
def test_late_filing_without_proof_is_written_off(desk: Runner, payer: str, accepted: object) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "29"), accepted_on=accepted, payer_id=payer))
    assert ways(desk) == ["write_off"]


def test_medicare_hears_no_appeal_of_lateness_so_its_own_error_is_left_to_a_person(desk: Runner) -> None:
    """42 CFR 424.44(b): the contractor may extend the time for its own error; asking for that is no appeal."""
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "29"), accepted_on=day(-1), payer_id="MCARE"))
    assert ways(desk) == [] and told(desk)["denials_for_person"] == 1
    desk.feed(day(1), ACCOUNT, ChooseWay(denial_id=f"{CLAIM}-D1", way="write_off"))
    desk.tick(day(2))
    assert ways(desk) == ["write_off"] and told(desk)["denials_for_person"] == 0


def test_what_a_payer_prices_onto_the_patient_is_neither_written_off_nor_billed_unseen(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "45", group="PR")))
    assert ways(desk) == [] and told(desk)["denials_for_person"] == 1


@pytest.mark.parametrize(("carc", "rarc"), [("27", ""), ("31", ""), ("96", "N130"), ("119", ""), ("204", "N130")])
def test_what_the_payer_puts_on_the_patient_is_released_in_the_end_and_co_never(carc: str, rarc: str) -> None:
    for group, end in (("PR", "bill_patient"), ("CO", "write_off"), ("OA", "write_off")):
        desk = Runner(routes(DIRECTORY))
        desk.feed(day(0), ACCOUNT, answer(1, denied(20000, carc, rarc, group=group)))
        desk.feed(day(1), ACCOUNT, failed("replacement"))
        desk.feed(day(1), ACCOUNT, failed("new_claim"))
        desk.tick(day(2))
        assert ways(desk)[-1] == end
        assert group == "PR" or "bill_patient" not in ways(desk)


def test_an_unnecessary_service_reaches_the_patient_only_with_a_signed_notice(desk: Runner) -> None:
    for signed, end in ((True, "bill_patient"), (False, "write_off")):
        desk = Runner(routes(DIRECTORY))
        desk.feed(day(-3), ACCOUNT, encounter(advance_notice_signed=signed))
        desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "50", group="PR")))
        desk.feed(day(1), ACCOUNT, failed("replacement"))
        desk.tick(day(2))
        assert ways(desk) == ["replacement", end]


def test_a_failed_correction_gives_way_to_the_appeal_whose_clock_went_on(desk: Runner) -> None:
    desk.feed(day(-3), ACCOUNT, encounter(1, paper("authorization_letter", "authorization")))
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "197")))
    assert ways(desk) == ["replacement"]
    desk.feed(day(20), ACCOUNT, failed("replacement"))
    desk.tick(day(21))
    assert ways(desk) == ["replacement", "appeal"]
    assert desk.all(WayChosen)[-1].deadline == day(60)


def test_an_unsent_correction_gives_way_before_the_appeal_is_late(desk: Runner) -> None:
    desk.feed(day(-3), ACCOUNT, encounter(1, paper("authorization_letter", "authorization")))
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "197")))
    desk.until(day(1), day(60))
    appeal = desk.all(WayChosen)[-1]
    filed_on = next(when for when, _, event in desk.told if event is appeal)
    assert appeal.way == "appeal" and filed_on < day(58)


def test_a_sent_correction_is_waited_for_and_its_payment_credited(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "16", "M51")))
    desk.feed(day(10), ACCOUNT, sent(2))
    desk.feed(day(30), ACCOUNT, answer(2, reversal=True, result="reversed", on=30))
    desk.feed(day(30), ACCOUNT, answer(3, paid=15000, on=30, version=2))
    desk.until(day(11), day(31))
    (closed,) = desk.all(DenialClosed)
    assert (closed.how, closed.way, closed.recovered) == ("recovered", "replacement", 15000)
    assert told(desk)["cents"]["recovered_by_correction"] == 15000
    assert ways(desk) == ["replacement"]


def test_a_correction_denied_for_another_reason_goes_on_under_that_reason(desk: Runner) -> None:
    desk.feed(day(-3), ACCOUNT, encounter(1, paper("medical_record", "necessity")))
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "16", "M51")))
    desk.feed(day(5), ACCOUNT, sent(2))
    desk.feed(day(25), ACCOUNT, answer(2, denied(20000, "50", "N115"), on=25, version=2))
    desk.until(day(6), day(26))
    chosen = desk.all(WayChosen)[-1]
    assert (chosen.way, chosen.category, chosen.denied_on, chosen.deadline) == ("appeal", "necessity", day(25), day(85))
    assert len(desk.all(DenialOpened)) == 1


def test_upheld_goes_to_the_next_level_until_its_last_day_and_dismissed_does_not(desk: Runner) -> None:
    for decision, last in (("upheld", ("appeal", 2)), ("dismissed", ("replacement", 1))):
        desk = Runner(routes(DIRECTORY))
        desk.feed(day(-3), ACCOUNT, encounter(1, paper("medical_record", "necessity")))
        desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "50")))
        desk.feed(day(30), ACCOUNT, letter(decision, 30, until=75 if decision == "upheld" else None))
        desk.tick(day(31))
        chosen = desk.all(WayChosen)[-1]
        assert (chosen.way, chosen.level) == last
        assert decision == "dismissed" or chosen.deadline == day(75)


def test_a_won_appeal_waits_for_its_money_and_is_credited_with_it(desk: Runner) -> None:
    desk.feed(day(-3), ACCOUNT, encounter(1, paper("medical_record", "necessity")))
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "50")))
    desk.feed(day(30), ACCOUNT, letter("overturned", 30))
    desk.until(day(31), day(36))
    assert ways(desk) == ["appeal"] and not desk.all(DenialClosed)
    desk.feed(day(37), ACCOUNT, answer(2, paid=12000, on=37))
    desk.tick(day(38))
    assert desk.all(DenialClosed)[0].recovered == 12000
    assert told(desk)["cents"]["recovered_by_appeal"] == 12000


def test_a_denial_whose_cents_became_the_patients_share_ends_with_nothing_recovered(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "16", "M51")))
    desk.feed(day(10), ACCOUNT, sent(2))
    desk.feed(day(30), ACCOUNT, answer(2, paid=0, on=30, version=2))
    desk.until(day(11), day(31))
    (closed,) = desk.all(DenialClosed)
    assert (closed.how, closed.recovered) == ("adjusted", 0)


def test_a_refused_packet_leads_on(desk: Runner) -> None:
    desk.feed(day(-3), ACCOUNT, encounter(1, paper("medical_record")))
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "226", "N706")))
    desk.feed(day(1), ACCOUNT, refused("documents", reason="late"))
    desk.tick(day(2))
    assert ways(desk) == ["documents", "appeal"]


def test_a_write_off_ends_with_the_ledger_and_counts_nothing_recovered(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "96", "N425")))
    desk.feed(day(0), ACCOUNT, moved(2, "written_off"))
    desk.tick(day(1))
    assert desk.all(DenialClosed)[0].how == "written_off"
    assert told(desk) == {
        "triaged": 1,
        "denied_later": 0,
        "denials_for_person": 0,
        "cents": dict.fromkeys(
            ("recovered_by_correction", "recovered_by_appeal", "recovered_by_documents", "recovered_otherwise"), 0
        ),
    }


def test_an_answer_and_a_write_off_of_one_day_count_the_same_in_either_order() -> None:
    before = answer(2, paid=15000, on=5)
    after = answer(3, paid=15000, on=5)
    found = []
    for notes in ((before, moved(3, "written_off", paid=15000)), (moved(2, "written_off"), after)):
        desk = Runner(routes(DIRECTORY))
        desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "96", "N425")))
        for note in notes:
            desk.feed(day(5), ACCOUNT, note)
        desk.tick(day(6))
        found.append((told(desk), desk.all(DenialClosed)))
    assert found[0] == found[1]
    assert found[0][0]["cents"]["recovered_otherwise"] == 15000


@pytest.mark.parametrize("answer_first", [True, False])
def test_what_an_answer_denies_beyond_a_write_off_of_its_day_is_a_denial_of_its_own(answer_first: bool) -> None:
    """The ledger takes what was decided out of the answer when the decision comes later, and leaves it out before."""
    desk = Runner(routes(DIRECTORY))
    desk.feed(day(0), ACCOUNT, answer(1, denied(8000, "96", "N425"), paid=5000))
    beyond = 4000 if not answer_first else 12000
    told_first = answer(2 if answer_first else 3, denied(beyond, "96", "N425"), paid=5000, on=5)
    over = moved(3 if answer_first else 2, "written_off", paid=5000)
    for note in (told_first, over) if answer_first else (over, told_first):
        desk.feed(day(5), ACCOUNT, note.model_copy(update={"denial_id": f"{CLAIM}-D1"}) if note is over else note)
    desk.tick(day(6))
    given_up, again = desk.state(Denials, ACCOUNT).claims[CLAIM].denials
    assert (given_up.closed, given_up.cents, again.open, again.cents) == ("written_off", 8000, True, 4000)


def test_what_stays_denied_beyond_a_write_off_keeps_the_payers_clock(desk: Runner) -> None:
    named = denied(8000, "96", "N425")
    desk.feed(day(0), ACCOUNT, answer(1, named, denied(2000, "197")))
    desk.feed(day(5), ACCOUNT, answer(2, named, denied(6000, "197"), on=3))
    desk.feed(day(5), ACCOUNT, moved(3, "written_off", denied_left=4000))
    desk.tick(day(6))
    given_up, left = desk.state(Denials, ACCOUNT).claims[CLAIM].denials
    assert (given_up.closed, left.cents, left.category) == ("written_off", 4000, "authorization")
    assert left.denied_on == given_up.denied_on == day(0)


def test_a_write_off_that_met_other_codes_leaves_the_denial_with_somebody(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "96", "N425")))
    desk.feed(day(5), ACCOUNT, answer(2, denied(20000, "16", "M51"), on=5))
    desk.feed(day(5), ACCOUNT, moved(3, "written_off", denied_left=20000))
    desk.tick(day(6))
    assert not desk.all(DenialClosed)
    assert ways(desk) == ["write_off", "replacement"]


def test_a_second_payers_denial_read_before_the_first_payers_counts_once(desk: Runner) -> None:
    later = denied(8000, "16", "M51", line="L002")
    desk.feed(day(0), ACCOUNT, answer(1, later, first_answer=False, first_denied=0, payer_rank=2))
    assert told(desk)["denied_later"] == 1
    both = (denied(8000, "96", "N425"), later)
    desk.feed(day(2), ACCOUNT, answer(2, *both, first_answer=True, first_denied=8000, on=2))
    desk.tick(day(3))
    assert (told(desk)["triaged"], told(desk)["denied_later"]) == (1, 0)


def test_lines_of_different_kinds_are_denials_of_their_own_and_a_resend_goes_first(desk: Runner) -> None:
    both = (denied(8000, "16", "M51"), denied(12000, "96", "N425", group="PR", line="L002"))
    desk.feed(day(0), ACCOUNT, answer(1, *both))
    assert [opened.category for opened in desk.all(DenialOpened)] == ["claim_data", "not_covered"]
    assert ways(desk) == ["replacement"]
    desk.feed(day(3), ACCOUNT, sent(2))
    desk.feed(day(20), ACCOUNT, answer(2, both[1], paid=6000, on=20, version=2))
    desk.until(day(4), day(21))
    assert ways(desk) == ["replacement", "bill_patient"]


def test_small_denials_are_not_worth_an_appeal(desk: Runner) -> None:
    desk.feed(day(-3), ACCOUNT, encounter(1, paper("medical_record")))
    desk.feed(day(0), ACCOUNT, answer(1, denied(900, "50")))
    assert ways(desk) == ["write_off"]


def test_a_payer_without_rules_waits_for_a_person_who_may_decide(desk: Runner) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "50"), payer_id="ELSEWHERE"))
    assert not ways(desk) and desk.all(DenialOpened)[0].ways == ()
    assert desk.state(Denials, ACCOUNT).claims[CLAIM].denials[0].for_person
    desk.feed(day(1), ACCOUNT, ChooseWay(denial_id=f"{CLAIM}-D1", way="write_off"))
    desk.tick(day(2))
    assert desk.all(WayChosen)[0].chosen_by == "person"


@pytest.mark.parametrize(
    ("denial", "way", "code"),
    [
        (f"{CLAIM}-D9", "appeal", "unknown_denial"),
        (f"{CLAIM}-D1", "pray", "unknown_way"),
        (f"{CLAIM}-D1", "bill_patient", "not_patient_liability"),
    ],
)
def test_a_wish_that_cannot_be_is_rejected(desk: Runner, denial: str, way: str, code: str) -> None:
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "50")))
    with pytest.raises(Reject) as rejected:
        desk.feed(day(1), ACCOUNT, ChooseWay(denial_id=denial, way=way))
    assert rejected.value.code == code


def test_new_documents_help_a_denial_that_waits_for_a_person(desk: Runner) -> None:
    desk.feed(day(-3), ACCOUNT, encounter())
    desk.feed(day(0), ACCOUNT, answer(1, denied(20000, "A1", group="PR")))
    assert not ways(desk)
    desk.feed(day(5), ACCOUNT, encounter(2, paper("medical_record")))
    desk.tick(day(6))
    assert ways(desk) == ["appeal"]
